"""The catalogue of what Kaspa can answer, and the questions the hall asks of the texts written for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from content.hours import Schedule, describe_week

Status = Literal["draft", "approved"]
Localised = Mapping[str, str]  # language code to text

REFERENCE = re.compile(r"\{([a-z0-9_]+)\.([a-z_]+)\}")
REFERABLE = ("name", "phone", "address", "url", "desk_hours", "phone_hours")


@dataclass(frozen=True)
class Language:
    """`name` is in its own script; `first` languages have every text.

    `texts_of` is the language whose texts this one reads: Dari is chosen by itself and written as Persian.
    """

    code: str
    name: str
    right_to_left: bool
    first: bool = True
    texts_of: str = ""


@dataclass(frozen=True)
class Intent:
    """A question that can be answered. `acute` tells the desk that it cannot wait.

    `local`: every municipality has its own people for it, so who lives elsewhere is shown the way there too.
    """

    id: str
    topic: str
    sources: tuple[str, ...]
    acute: bool = False
    local: bool = False


@dataclass(frozen=True)
class SourcePage:
    id: str
    organisation: str
    title: Localised
    url: Localised


@dataclass(frozen=True)
class Organisation:
    """`phone` and `url` are by the reader's language; `desk_hours` and `phone_hours` name schedules."""

    id: str
    name: Localised
    phone: Localised
    address: str | None
    url: Localised
    desk_hours: str | None = None
    phone_hours: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """`languages` stand in the picker's order, `intents` topic by topic.

    `understood` are languages that are recognised and understood; nothing is written in them but one sentence.
    """

    languages: tuple[Language, ...]
    topics: tuple[str, ...]
    intents: Mapping[str, Intent]
    conversation: tuple[str, ...]
    crises: tuple[str, ...]
    sources: Mapping[str, SourcePage]
    organisations: Mapping[str, Organisation]
    understood: tuple[str, ...] = ()

    def topic_of(self, intent: str) -> str | None:
        """The topic that is counted; None for what has none (conversation, crises, a name that is not ours)."""
        found = self.intents.get(intent)
        return found.topic if found else None

    def language(self, code: str) -> Language | None:
        return next((each for each in self.languages if each.code == code), None)


@dataclass(frozen=True)
class Approval:
    """`source_hash` is the fingerprint of the Finnish original that a translation was made from; empty: not known.

    `stale`: the original has changed since; `altered`: the text itself has. An approval holds for what was approved,
    not for what came after it.
    """

    status: Status
    checked_on: date | None
    review_by: date | None
    source_hash: str
    stale: bool = False
    altered: bool = False

    @property
    def holds(self) -> bool:
        return self.status == "approved" and not self.stale and not self.altered


@dataclass(frozen=True)
class Answer:
    """`body` is Markdown (paragraphs, lists, bold) with {references} to organisations."""

    intent: str
    language: str
    label: str
    body: str
    related: tuple[str, ...]
    approval: Approval


@dataclass(frozen=True)
class Card:
    kind: str
    language: str
    text: str
    approval: Approval


@dataclass(frozen=True)
class Text:
    """A text to show, references filled in. `language` is the one it is in, which may not be the one asked for.

    `sources` are (title, https address). `draft`: no person has approved this wording, or the original has changed.
    """

    text: str
    language: str
    label: str = ""
    sources: tuple[tuple[str, str], ...] = ()
    related: tuple[str, ...] = ()
    draft: bool = False
    checked_on: date | None = None


def fingerprint(body: str) -> str:
    """The first 12 hex digits of the SHA-256 of a text, blank space at its ends aside."""
    return sha256(body.strip().encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Content:
    """Everything we know. Answers are by (intent, language), cards by (kind, language), phrases by language and key.

    Without `serve_drafts` only approved answers and cards are given.
    """

    catalogue: Catalogue
    schedules: Mapping[str, Schedule]
    answers: Mapping[tuple[str, str], Answer]
    cards: Mapping[tuple[str, str], Card]
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    serve_drafts: bool = True

    def answer(self, intent: str, language: str) -> Text | None:
        """The answer in the language, else English, else Finnish; None when none of them may be given."""
        found = self._answer(intent, language, only_approved=not self.serve_drafts)
        if found is None:
            return None
        return Text(
            text=self._fill(found.body, language, found.language),
            language=found.language,
            label=found.label,
            sources=self.sources(intent, language),
            related=tuple(each for each in found.related if self._answer(each, language)),
            draft=not found.approval.holds,
            checked_on=found.approval.checked_on,
        )

    def sources(self, intent: str, language: str) -> tuple[tuple[str, str], ...]:
        """(title, https address) of the official pages on the question, in the reader's language where they have it."""
        pages = (self.catalogue.sources[each] for each in self.catalogue.intents[intent].sources)
        return tuple((_pick(each.title, language), _pick(each.url, language)) for each in pages)

    def label(self, intent: str, language: str) -> str:
        """The button's text; the topic's name when there is no answer yet. Raises KeyError for no intent of ours."""
        found = self._answer(intent, language)
        return found.label if found else self.phrase(f"topic_{self.catalogue.intents[intent].topic}", language)

    def topic_intents(self, topic: str) -> tuple[str, ...]:
        """The intents of a topic that somebody has answered, in the catalogue's order."""
        intents = self.catalogue.intents.values()
        return tuple(each.id for each in intents if each.topic == topic and self._answer(each.id, "en"))

    def crisis_card(self, kind: str, language: str) -> Text:
        """The card in the language, else the English and the Finnish one together. Never nothing."""
        own = self.cards.get((kind, language))
        if own and not self.serve_drafts and not own.approval.holds:
            own = None
        cards = [own] if own else [self.cards[kind, code] for code in ("en", "fi") if (kind, code) in self.cards]
        if not cards:
            return Text(text="**112**", language=language, draft=True)
        return Text(
            text="\n\n".join(self._fill(card.text, language, card.language) for card in cards),
            language=cards[0].language,
            draft=not all(card.approval.holds for card in cards),
        )

    def unapproved_cards(self) -> tuple[str, ...]:
        """The languages, of those every reader falls back on, whose crisis cards nobody has approved."""
        cards = {code: [self.cards.get((kind, code)) for kind in self.catalogue.crises] for code in ("fi", "en")}
        return tuple(code for code, each in cards.items() if not all(card and card.approval.holds for card in each))

    def phrase(self, key: str, language: str, **values: str | int) -> str:
        """A phrase of the interface, else in English. Raises KeyError for a key or a value that is missing."""
        own = self.phrases.get(language, {}).get(key)
        return (own if own is not None else self.phrases["en"][key]).format(**values)

    def organisation_name(self, organisation: str, language: str) -> str:
        """The name to fill into phrases such as {desk}. Raises KeyError for an organisation we do not have."""
        return _pick(self.catalogue.organisations[organisation].name, language)

    def organisation_page(self, organisation: str, language: str) -> tuple[str, str]:
        """(name, https address). Raises KeyError for an organisation we do not have."""
        found = self.catalogue.organisations[organisation]
        return _pick(found.name, language), _pick(found.url, language)

    def public_contacts(self) -> frozenset[str]:
        """Phone numbers and street addresses of organisations, as written: these stay readable in what people write."""
        organisations = self.catalogue.organisations.values()
        numbers = (number for each in organisations for number in each.phone.values())
        return frozenset((*numbers, *(each.address for each in organisations if each.address)))

    def _answer(self, intent: str, language: str, only_approved: bool = False) -> Answer | None:
        found = (self.answers.get((intent, code)) for code in (language, "en", "fi"))
        return next((each for each in found if each and (each.approval.holds or not only_approved)), None)

    def _fill(self, text: str, reader: str, written_in: str) -> str:
        """References filled in: numbers for the reader, who may not read the language of the text; words as written."""
        found = self.catalogue.language(written_in)
        right_to_left = found is not None and found.right_to_left

        def value(match: re.Match[str]) -> str:
            organisation = self.catalogue.organisations[match[1]]
            match match[2]:
                case "name":
                    return _pick(organisation.name, written_in)
                case "desk_hours":
                    return self._week(organisation.desk_hours, written_in)
                case "phone_hours":
                    return self._week(organisation.phone_hours, written_in)
                case "phone":
                    return _isolated(_pick(organisation.phone, reader, written_in), right_to_left)
                case "url":
                    return _isolated(_pick(organisation.url, reader, written_in), right_to_left)
                case "address":
                    return _isolated(organisation.address or "", right_to_left)
            raise KeyError(match[0])

        return REFERENCE.sub(value, text)

    def _week(self, schedule: str | None, language: str) -> str:
        return describe_week(self.schedules[schedule], language) if schedule else ""


def _pick(texts: Localised, *languages: str) -> str:
    """The text in the first of the languages that has one, else English, Finnish. Raises KeyError when none has."""
    return next((texts[code] for code in (*languages, "en") if code in texts), None) or texts["fi"]


def _isolated(text: str, right_to_left: bool) -> str:
    """Latin text inside Arabic, isolated: without it "09 2525 0113" is drawn as "0113 2525 09" (UAX #9)."""
    return f"\u2066{text}\u2069" if right_to_left else text
