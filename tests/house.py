"""The house without its doors: the real path from a message to its answer, on SQLite, with our own content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analytics.events import Vocabulary
from analytics.store import METADATA as LEDGER_TABLES
from analytics.store import Ledger
from bot.app import MUNICIPALITIES
from bot.conversations import METADATA as HALL_TABLES
from bot.conversations import Conversations
from bot.database import Database
from bot.endings import UNKNOWN_LANGUAGE, Endings
from bot.keys import Keys, new_id
from bot.mailboxes import Inbox, Outbox
from bot.reception import Reception
from bot.relay import Relay
from bot.replies import Replies
from bot.turn import Turns
from bot.understanding import Understanding
from bot.wakeups import Wakeups
from content.catalogue import Content
from content.load import load
from handoff.desk import Desk
from handoff.store import METADATA as CASE_TABLES
from handoff.store import Cases
from nlu.crisis import CrisisDetector
from nlu.language import LanguageIdentifier
from nlu.lexicons import load_lexicons, load_municipalities
from tests.fakes import Clock, FakeReader

ROOT = Path(__file__).parents[1]
PUSHED = frozenset({"telegram"})


@dataclass(frozen=True)
class House:
    """`clock` and `reader` are fakes; everything else is what runs in production."""

    content: Content
    clock: Clock
    reader: FakeReader
    database: Database
    conversations: Conversations
    inbox: Inbox
    outbox: Outbox
    cases: Cases
    desk: Desk
    ledger: Ledger
    wakeups: Wakeups
    replies: Replies
    turns: Turns
    reception: Reception
    relay: Relay

    async def close(self) -> None:
        await self.turns.settle()
        await self.database.close()


async def build_house(
    folder: Path, reader: FakeReader | None = None, open_database: Callable[[str], Database] = Database
) -> House:
    """The same folder again is the same house after a restart, with new parts over the old database."""
    content, clock, reader, wakeups = _content(), Clock(), reader or FakeReader(), Wakeups()
    database = open_database(f"sqlite+aiosqlite:///{folder / 'kaspa.db'}")
    conversations, inbox, outbox = Conversations(Keys(b"a secret of the tests, not of people")), Inbox(), Outbox()
    cases, ledger = Cases(), Ledger()
    desk, replies = Desk(cases), Replies(content, idle_minutes=30, case_days=30)
    endings = Endings(conversations, inbox, desk, ledger, _vocabulary(content), new_id)
    turns = Turns(
        database, conversations, inbox, outbox, _understanding(reader), replies, desk, wakeups, PUSHED, clock, new_id
    )
    reception = Reception(
        database,
        conversations,
        inbox,
        endings,
        replies,
        turns,
        wakeups,
        public_contacts=content.public_contacts(),
        message_characters=2000,
        clock=clock,
        new_id=new_id,
    )
    relay = Relay(database, conversations, outbox, endings, desk, replies, wakeups, PUSHED, clock)
    await _create_tables(database)
    return House(
        content,
        clock,
        reader,
        database,
        conversations,
        inbox,
        outbox,
        cases,
        desk,
        ledger,
        wakeups,
        replies,
        turns,
        reception,
        relay,
    )


@cache
def _content() -> Content:
    return load(ROOT / "content")


@cache
def _identifier(codes: tuple[str, ...]) -> LanguageIdentifier:
    return LanguageIdentifier(codes)  # takes seconds to load


@cache
def _detector() -> CrisisDetector:
    return CrisisDetector(load_lexicons(ROOT / "nlu" / "lexicon" / "crisis"))


def _understanding(reader: FakeReader) -> Understanding:
    catalogue = _content().catalogue
    codes = (*(language.code for language in catalogue.languages), *catalogue.understood)
    return Understanding(_detector(), _identifier(codes), load_municipalities(MUNICIPALITIES), reader)


def _vocabulary(content: Content) -> Vocabulary:
    codes = {language.code for language in content.catalogue.languages}
    return Vocabulary(frozenset(content.catalogue.topics), frozenset(codes | {UNKNOWN_LANGUAGE}))


async def _create_tables(database: Database) -> None:
    async with database.transaction() as conn:
        for tables in (HALL_TABLES, CASE_TABLES, LEDGER_TABLES):
            await conn.run_sync(tables.create_all)
