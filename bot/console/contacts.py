"""The contact log: a visit or a call in ten seconds, nothing of who it was; and the way to take it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from fastapi import Response

from analytics.counter import record
from analytics.events import (
    CHANNELS,
    CLIENT_TYPES,
    DURATIONS,
    FIRST_CONTACTS,
    MOST_TOPICS,
    MUNICIPALITIES,
    OUTCOMES,
    Contact,
    UnknownWords,
    Vocabulary,
)
from analytics.store import Ledger
from bot.accounts import UNDO, Accounts
from bot.console.door import Door, Form, TurnedAway, Visit, see
from bot.console.once import Once
from bot.database import Database
from bot.endings import HELSINKI
from bot.keys import new_id
from content.catalogue import Content

COUNTED_BY_THEMSELVES = ("webchat", "telegram")
LOGGED = tuple(channel for channel in CHANNELS if channel not in COUNTED_BY_THEMSELVES)
OLDEST = timedelta(days=90)  # late is better than never, but not into quarters that were reported long ago
KEYS = "1234567890abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Option:
    """`key` is what chooses it on the keyboard, within its group."""

    value: str
    label: str
    key: str = ""


@dataclass(frozen=True)
class Saved:
    """A contact of one's own that can still be taken back."""

    id: str
    time: str


@dataclass(frozen=True)
class ContactPages:
    door: Door
    database: Database
    accounts: Accounts
    ledger: Ledger
    vocabulary: Vocabulary
    content: Content
    sent: Once = field(default_factory=Once)

    async def ask(self, visit: Visit) -> Response:
        return await self._page(visit, 200, _blank(visit), "")

    async def save(self, visit: Visit) -> Response:
        form, key = visit.form, visit.form.one("key")
        if fault := self._fault(visit):
            return await self._page(visit, 422, form, fault)
        if self.sent.first(key):
            try:
                await self._write(visit, _contact(form))
            except UnknownWords:
                self.sent.forget(key)
                return await self._page(visit, 422, form, "contact_words")
        what = f"{form.one('channel')} {form.one('language')}"
        return see(f"/staff/contacts/new?{urlencode({'done': 'saved', 'what': what})}")

    async def undo(self, visit: Visit) -> Response:
        """Only one's own, and only for a day; after that nobody knows who logged what."""
        id, me = visit.path("id"), visit.staff.id
        async with self.database.transaction() as conn:
            own = await self.accounts.receipts(conn, me, visit.now - UNDO)
            if id not in (each for each, _ in own):
                raise TurnedAway(409, "cannot_undo")
            if not await self.ledger.remove(conn, id):
                raise TurnedAway(409, "cannot_undo")
            await self.accounts.drop_receipt(conn, id)
            await self.accounts.note(conn, me, "undo", "contact", visit.now)
        return see("/staff/contacts/new?done=undone")

    async def _write(self, visit: Visit, contact: Contact) -> None:
        """Of who wrote which row only the receipt knows, for a day: the audit says that one was logged, not which."""
        id, me = new_id(), visit.staff.id
        async with self.database.transaction() as conn:
            await record(conn, self.ledger, self.vocabulary, id, contact)
            await self.accounts.keep_receipt(conn, id, me, visit.now)
            await self.accounts.note(conn, me, "log", "contact", visit.now)

    def _fault(self, visit: Visit) -> str:
        form = visit.form
        if form.one("channel") not in LOGGED:
            return "contact_channel"
        if not form.one("language"):
            return "contact_language"
        if len(form.all("topic")) > MOST_TOPICS:
            return "contact_topics"
        day, today = _day(form), _today(visit)
        return "" if day and today - OLDEST <= day <= today else "contact_day"

    async def _page(self, visit: Visit, status: int, form: Form, fault: str) -> Response:
        async with self.database.reading() as conn:
            receipts = await self.accounts.receipts(conn, visit.staff.id, visit.now - UNDO)
        done = visit.query("done") if status == 200 else ""
        words = visit.words
        return self.door.page(
            visit,
            "contact.html",
            status,
            form=form,
            fault=fault,
            done=done if done in ("saved", "undone") else "",
            what=self._said(visit) if done == "saved" else "",
            saved=[Saved(id, words.moment(at, visit.now)) for id, at in receipts],
            key=new_id(),
            most=MOST_TOPICS,
            today=_today(visit).isoformat(),
            oldest=(_today(visit) - OLDEST).isoformat(),
            channels=_options(LOGGED, lambda word: words(f"channel_{word}")),
            languages=_options(self._languages(), words.language_first),
            topics=_options(self._topics(), words.topic),
            client_types=_options(CLIENT_TYPES, lambda word: words(f"client_type_{word}")),
            outcomes=_options(OUTCOMES, lambda word: words(f"outcome_{word}")),
            first_contacts=_options(FIRST_CONTACTS, lambda word: words(f"first_contact_{word}")),
            municipalities=_options(MUNICIPALITIES, lambda word: words(f"municipality_{word}")),
            durations=_options(DURATIONS, lambda word: words(f"duration_{word or 'none'}")),
            referrals=sorted(_options(self.vocabulary.organisations, words.organisation), key=lambda one: one.label),
        )

    def _said(self, visit: Visit) -> str:
        """Channel and language of what was just saved, so that a slip of the finger shows."""
        channel, _, language = visit.query("what").partition(" ")
        known = channel in LOGGED and language in self.vocabulary.languages
        return f"{visit.words(f'channel_{channel}')}, {visit.words.language(language)}" if known else ""

    def _languages(self) -> list[str]:
        """Ours first, in the picker's order; then the others by their codes, and last those that are no language."""
        ours = [language.code for language in self.content.catalogue.languages]
        rest = sorted(self.vocabulary.languages - set(ours), key=lambda code: (code in ("other", "unknown"), code))
        return [*ours, *rest]

    def _topics(self) -> list[str]:
        return [topic for topic in self.content.catalogue.topics if topic in self.vocabulary.topics]


def _contact(form: Form) -> Contact:
    return Contact(
        day=date.fromisoformat(form.one("day")),
        channel=form.one("channel"),
        language=form.one("language"),
        topics=form.all("topic"),
        client_type=form.one("client_type") or "unknown",
        first_contact=form.one("first_contact") or "unknown",
        municipality=form.one("municipality") or "unknown",
        outcome=form.one("outcome") or "answered",
        acute=form.one("acute") == "yes",
        duration=form.one("duration"),
        referral=form.one("referral"),
    )


def _blank(visit: Visit) -> Form:
    """What is most often right stands there already."""
    usual = {"client_type": "client", "outcome": "answered", "first_contact": "unknown", "municipality": "unknown"}
    return Form({name: [value] for name, value in {**usual, "day": _today(visit).isoformat()}.items()})


def _options(words: Iterable[str], label: Callable[[str], str]) -> list[Option]:
    words = list(words)
    keys = KEYS if len(words) <= len(KEYS) else " " * len(words)
    return [Option(word, label(word), key.strip()) for word, key in zip(words, keys, strict=False)]


def _today(visit: Visit) -> date:
    return visit.now.astimezone(HELSINKI).date()


def _day(form: Form) -> date | None:
    try:
        return date.fromisoformat(form.one("day"))
    except ValueError:
        return None
