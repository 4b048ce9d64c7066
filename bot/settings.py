"""The environment, read once into frozen settings; every fault is listed at once, with what to set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)

Network = IPv4Network | IPv6Network


def _split(value: object) -> object:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _header_safe(secret: SecretStr | None) -> SecretStr | None:
    """What Telegram accepts as a secret token, and not too short to be guessed."""
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret.get_secret_value()):
        raise ValueError("cannot be used")
    return secret


Url = Annotated[str, BeforeValidator(lambda value: str(AnyHttpUrl(value)).rstrip("/") if value else value)]
Urls = Annotated[tuple[Url, ...], BeforeValidator(_split)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.*-]+(:(\d+|\*))?$")]
Origins = Annotated[tuple[Origin, ...], BeforeValidator(_split)]
Networks = Annotated[tuple[Network, ...], BeforeValidator(_split)]


class Settings(BaseModel):
    """One field a setting; `alias` is its environment variable, `description` the hint shown when it is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    env: Literal["development", "production"] = Field(
        "development", alias="KASPA_ENV", description="development or production"
    )
    serve_drafts: bool | None = Field(
        None,
        alias="KASPA_SERVE_DRAFTS",
        description="true or false; texts that nobody has approved are never served in production",
    )
    data: Path = Field(Path("data"), alias="KASPA_DATA", description="a folder for database, models and secret")
    database_url: str = Field(
        "",
        alias="DATABASE_URL",
        pattern=r"^$|^sqlite\+aiosqlite:///|^postgresql\+psycopg:",
        description="sqlite+aiosqlite:///file.db or postgresql+psycopg://user@host/name",
    )
    host: str = Field("127.0.0.1", alias="KASPA_HOST", description="the address to listen on")
    port: int = Field(8000, alias="KASPA_PORT", ge=1, le=65535, description="a port, 1 to 65535")
    staff_port: int | None = Field(
        None, alias="KASPA_STAFF_PORT", ge=1, le=65535, description="a port for the console alone, 1 to 65535"
    )
    base_url: Url = Field("", alias="KASPA_BASE_URL", description="the public address, https://kaspa.example")
    trusted_proxies: Networks = Field(
        (), alias="KASPA_TRUSTED_PROXIES", description="networks of your proxies, such as 10.0.0.0/8,127.0.0.1/32"
    )
    embed_origins: Origins = Field(
        (),
        alias="KASPA_EMBED_ORIGINS",
        description="sites that may embed the chat, https://a.example,https://b.example",
    )
    secret: SecretStr | None = Field(None, alias="KASPA_SECRET", min_length=32, description="at least 32 characters")

    nlu_url: Urls = Field((), alias="KASPA_NLU_URL", description="addresses of running Rasa servers, comma between")
    nlu_token: SecretStr | None = Field(None, alias="KASPA_NLU_TOKEN", description="the token of those servers")
    nlu_seconds: float = Field(3.0, alias="KASPA_NLU_SECONDS", gt=0, le=30, description="time limit of one parse, s")

    telegram_token: SecretStr | None = Field(
        None, alias="TELEGRAM_BOT_TOKEN", description="the token that BotFather gave, 123456:ABC…"
    )
    telegram_api_url: Url = Field(
        "https://api.telegram.org", alias="TELEGRAM_API_URL", description="a Bot API server, https://…"
    )
    telegram_webhook_secret: Annotated[SecretStr | None, AfterValidator(_header_safe)] = Field(
        None,
        alias="TELEGRAM_WEBHOOK_SECRET",
        description="16 to 256 letters, digits, _ or -; setting it turns the webhook on (KASPA_BASE_URL must be set)",
    )

    message_characters: int = Field(
        2000, alias="KASPA_MESSAGE_CHARACTERS", ge=100, le=10000, description="longest message, 100 to 10000"
    )
    messages_per_minute: int = Field(
        30, alias="KASPA_MESSAGES_PER_MINUTE", ge=1, description="messages a minute in one conversation"
    )
    conversations_per_hour: int = Field(
        300, alias="KASPA_CONVERSATIONS_PER_HOUR", ge=1, description="new web conversations an hour from one address"
    )
    idle_minutes: int = Field(
        30, alias="KASPA_IDLE_MINUTES", ge=1, le=1440, description="a conversation is erased after so many idle minutes"
    )
    case_days: int = Field(30, alias="KASPA_CASE_DAYS", ge=1, le=365, description="a closed case is erased after, days")
    answer_days: int = Field(
        7, alias="KASPA_ANSWER_DAYS", ge=1, le=30, description="an answered chat can be read after its close, days"
    )
    key_hours: int = Field(48, alias="KASPA_KEY_HOURS", ge=1, description="how long a message's key is known, hours")
    session_hours: int = Field(12, alias="KASPA_SESSION_HOURS", ge=1, le=24, description="a staff session, hours")
    audit_days: int = Field(365, alias="KASPA_AUDIT_DAYS", ge=1, description="audit lines are kept, days")
    ledger_months: int = Field(12, alias="KASPA_LEDGER_MONTHS", ge=1, description="ledger rows before totals, months")
    smallest_count: int = Field(
        5, alias="KASPA_SMALLEST_COUNT", ge=3, le=20, description="smaller counts are withheld, 3 to 20"
    )

    @property
    def drafts(self) -> bool:
        """Whether answers that nobody has approved are given."""
        return self.env != "production" if self.serve_drafts is None else self.serve_drafts

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{(self.data / 'kaspa.db').absolute()}"

    @property
    def address(self) -> str:
        """Where people find the service, without a slash at the end."""
        return self.base_url or f"http://localhost:{self.port}"


class BadSettings(Exception):
    """Settings that cannot be used; one line a fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings. `<NAME>_FILE` names a file that holds a secret. Raises BadSettings with every fault."""
    known = {field.alias: field for field in Settings.model_fields.values() if field.alias}
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in environ.items():
        plain = name.removesuffix("_FILE")
        if name in known:
            if value:
                values[name] = value
        elif plain in known and name != plain:
            try:
                values[plain] = Path(value).read_text().strip()
            except OSError as error:
                faults.append(f"{name}={value}: cannot be read ({error.strerror})")
        elif name.startswith("KASPA_"):
            near = get_close_matches(name, known, n=1)
            faults.append(f"{name}: no such setting" + (f"; did you mean {near[0]}?" if near else ""))
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        for fault in error.errors():
            name = str(fault["loc"][0])
            shown = "" if known[name].annotation in (SecretStr | None,) else f"={values.get(name)}"
            faults.append(f"{name}{shown}: {fault['msg'].lower()}; give {known[name].description}")
        raise BadSettings(faults) from None
    faults += _disagreements(settings)
    if faults:
        raise BadSettings(faults)
    return settings


def _disagreements(settings: Settings) -> list[str]:
    faults = []
    if settings.telegram_webhook_secret and not settings.base_url.startswith("https://"):
        faults.append("TELEGRAM_WEBHOOK_SECRET: a webhook needs KASPA_BASE_URL with an https address")
    if settings.serve_drafts and settings.env == "production":
        faults.append("KASPA_SERVE_DRAFTS=true: production gives approved answers only; leave it out")
    if settings.staff_port == settings.port:
        faults.append("KASPA_STAFF_PORT: give another port than KASPA_PORT")
    return faults
