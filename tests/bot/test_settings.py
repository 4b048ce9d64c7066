"""Settings: read once, every fault at once, each with what to do; and each one documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import BadSettings, Settings, load

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as caught:
        load(environ)
    return caught.value.faults


def test_nothing_set_is_enough() -> None:
    assert load({}).port == 8000


def test_every_fault_is_listed_at_once_with_what_to_give() -> None:
    found = faults({"KASPA_PORT": "high", "KASPA_ENV": "test", "DATABASE_URL": "mysql://x"})
    assert sorted(fault.split("=")[0] for fault in found) == ["DATABASE_URL", "KASPA_ENV", "KASPA_PORT"]
    assert any("development or production" in fault for fault in found)


def test_a_misspelt_setting_is_a_fault_with_the_likely_name() -> None:
    (fault,) = faults({"KASPA_PROT": "8001"})
    assert "KASPA_PORT" in fault


def test_drafts_are_served_unless_it_is_production_where_they_may_not_be_asked_for() -> None:
    assert load({}).drafts
    assert not load({"KASPA_SERVE_DRAFTS": "false"}).drafts
    assert not load({"KASPA_ENV": "production"}).drafts
    (fault,) = faults({"KASPA_ENV": "production", "KASPA_SERVE_DRAFTS": "true"})
    assert "KASPA_SERVE_DRAFTS" in fault


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("123:ABC\n")
    settings = load({"TELEGRAM_BOT_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == "123:ABC"


def test_a_secret_is_not_repeated_in_its_fault() -> None:
    (fault,) = faults({"KASPA_SECRET": "too short"})
    assert "too short" not in fault


def test_a_webhook_without_an_https_address_is_a_fault() -> None:
    (fault,) = faults({"TELEGRAM_WEBHOOK_SECRET": "a" * 32})
    assert "KASPA_BASE_URL" in fault


def test_every_setting_is_documented_and_nothing_else() -> None:
    documented = {line.split("`")[1] for line in DOCUMENT.read_text().splitlines() if line.startswith("| `")}
    assert documented == {field.alias for field in Settings.model_fields.values()}
