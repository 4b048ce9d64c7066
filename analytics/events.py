"""A contact, in a closed vocabulary: nothing that could name a person has a field here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHANNELS = ("webchat", "telegram", "visit", "phone", "email", "callback", "appointment", "outreach", "other")
CLIENT_TYPES = ("client", "family", "professional", "employer", "volunteer", "unknown")
FIRST_CONTACTS = ("first", "repeat", "unknown")
OUTCOMES = ("answered", "guided", "appointment", "handed_over", "unresolved")
DURATIONS = ("", "<5", "5-15", "15-30", "30-60", ">60")  # minutes
MUNICIPALITIES = (
    "kajaani", "hyrynsalmi", "kuhmo", "paltamo", "puolanka", "ristijarvi", "sotkamo", "suomussalmi",
    "elsewhere", "abroad", "unknown",
)  # fmt: skip
MOST_TOPICS = 3


@dataclass(frozen=True)
class Vocabulary:
    """The words a ledger row may hold; topics, languages and referral organisations come from outside."""

    topics: frozenset[str]
    languages: frozenset[str]
    organisations: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contact:
    """One contact: a conversation, a logged visit, call or e-mail. `day` is the day in Europe/Helsinki."""

    day: date
    channel: str
    language: str
    topics: tuple[str, ...] = ()
    client_type: str = "unknown"
    first_contact: str = "unknown"
    municipality: str = "unknown"
    outcome: str = "answered"
    acute: bool = False
    duration: str = ""
    referral: str = ""
    source: str = ""


class UnknownWords(ValueError):
    """The contact holds words outside the vocabulary; the message names every one and what is accepted."""


def check(contact: Contact, vocabulary: Vocabulary) -> Contact:
    """Return the contact, or raise UnknownWords naming every fault at once."""
    closed: list[tuple[str, str, tuple[str, ...] | frozenset[str]]] = [
        ("channel", contact.channel, CHANNELS),
        ("language", contact.language, vocabulary.languages),
        ("client type", contact.client_type, CLIENT_TYPES),
        ("first contact", contact.first_contact, FIRST_CONTACTS),
        ("municipality", contact.municipality, MUNICIPALITIES),
        ("outcome", contact.outcome, OUTCOMES),
        ("duration", contact.duration, DURATIONS),
        ("referral", contact.referral, vocabulary.organisations | {""}),
        ("source", contact.source, vocabulary.sources | {""}),
        *(("topic", topic, vocabulary.topics) for topic in contact.topics),
    ]
    faults = [
        f"{what} {word!r}: use one of {', '.join(sorted(filter(None, accepted)))}"
        for what, word, accepted in closed
        if word not in accepted
    ]
    if len(contact.topics) > MOST_TOPICS:
        faults.append(f"{len(contact.topics)} topics: at most {MOST_TOPICS}")
    if faults:
        raise UnknownWords("; ".join(faults))
    return contact
