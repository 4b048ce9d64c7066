"""The words of the console in the language of the one who reads: phrases, names of languages, times and waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from babel import Locale, negotiate_locale
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

from bot.endings import HELSINKI
from content.catalogue import Content

PHRASES = Path(__file__).parent / "phrases"
DEFAULT = "en"
# English as it is written here: day before month, 24 hours.
LOCALES: Mapping[str, str] = {"en": "en_GB", "fi": "fi"}


@dataclass(frozen=True)
class Words:
    """Called with a key it gives the phrase. Topics and organisations are named by the content's own words."""

    code: str
    phrases: Mapping[str, str]
    content: Content

    def __call__(self, key: str, **values: str | int) -> str:
        """Raises KeyError for a key or a value that is missing."""
        return self.phrases[key].format(**values)

    def count(self, key: str, number: int) -> str:
        """The phrase `key`_one or `key`_many: English and Finnish need no third form."""
        return self(f"{key}_one" if number == 1 else f"{key}_many", n=number)

    def language(self, code: str) -> str:
        """The language's name; our own words for "other" and "unknown", the code where nobody knows a name."""
        return self.phrases.get(f"language_{code}") or Locale.parse(LOCALES[self.code]).languages.get(code) or code

    def language_first(self, code: str) -> str:
        """The same at the beginning of a line: Finnish writes languages small."""
        name = self.language(code)
        return name[:1].upper() + name[1:]

    def topic(self, topic: str) -> str:
        return self.content.phrase(f"topic_{topic}", self.code)

    def organisation(self, organisation: str) -> str:
        return self.content.organisation_name(organisation, self.code)

    def wait(self, span: timedelta) -> str:
        """How long somebody has waited, in the two largest units that matter."""
        minutes = max(0, int(span.total_seconds() // 60))
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            return self("span_days", days=days, hours=hours)
        if hours:
            return self("span_hours", hours=hours, minutes=rest)
        return self("span_minutes", minutes=rest) if minutes else self("span_now")

    def moment(self, at: datetime, now: datetime) -> str:
        """The time in Finland, with its date unless that is today."""
        local = at.astimezone(HELSINKI)
        time = format_time(local, "short", locale=LOCALES[self.code])
        return time if local.date() == now.astimezone(HELSINKI).date() else f"{self.day(local.date())} {time}"

    def day(self, day: date) -> str:
        return format_date(day, "medium", locale=LOCALES[self.code])


class Wording:
    """Every language of the console, read once."""

    def __init__(self, content: Content, folder: Path = PHRASES) -> None:
        self._words = {code: Words(code, _read(folder / f"{code}.po"), content) for code in LOCALES}

    def __getitem__(self, code: str) -> Words:
        return self._words.get(code, self._words[DEFAULT])

    def negotiate(self, chosen: str | None, accept_language: str) -> Words:
        """The language chosen before, else the first of the browser's that we have."""
        wanted = [part.split(";")[0].strip() for part in accept_language.split(",")]
        if chosen not in LOCALES:
            chosen = negotiate_locale(wanted, list(LOCALES), sep="-")
        return self[chosen or DEFAULT]


def _read(path: Path) -> Mapping[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}
