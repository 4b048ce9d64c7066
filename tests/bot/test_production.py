"""Production serves only what a person has approved."""

from __future__ import annotations

import pytest

from bot.app import NotForProduction, content_for
from bot.settings import Settings


def test_production_does_not_start_without_approved_finnish_and_english_crisis_cards() -> None:
    """The cards that Kaspa is shipped with are drafts."""
    with pytest.raises(NotForProduction) as refused:
        content_for(Settings(env="production"))
    assert "kaspa content approve crisis fi --by NAME" in str(refused.value)
    assert "kaspa content approve crisis en --by NAME" in str(refused.value)
    assert content_for(Settings()).serve_drafts
