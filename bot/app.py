"""The composition root: builds every part once, opens, serves, and closes them in order."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import JSONResponse

from analytics.events import Vocabulary
from analytics.store import Ledger
from bot.accounts import Accounts
from bot.channels import telegram
from bot.channels.pages import Pages
from bot.channels.webchat import Problem, Webchat
from bot.console.pages import Console
from bot.conversations import Conversations
from bot.database import Database
from bot.endings import UNKNOWN_LANGUAGE, Endings
from bot.health import OFF, OK, STARTING, Examination
from bot.jobs import Housekeeping, Jobs
from bot.keys import Keys, new_id
from bot.limits import Allowance, Callers
from bot.mailboxes import Inbox, Outbox
from bot.reception import Reception
from bot.relay import Relay
from bot.replies import DESK, Replies
from bot.settings import Settings
from bot.turn import Turns
from bot.understanding import Understanding
from bot.wakeups import Wakeups
from content.catalogue import Content
from content.load import load as load_content
from handoff.desk import Desk
from handoff.store import Cases
from nlu.crisis import CrisisDetector
from nlu.language import LanguageIdentifier
from nlu.lexicons import CRISIS_LEXICONS, load_lexicons, load_municipalities
from nlu.reader import Reader

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
MUNICIPALITIES = ROOT / "nlu" / "lexicon" / "municipalities.yml"
PUSHED = frozenset({"telegram"})
Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """Every part of one running Kaspa."""

    settings: Settings
    content: Content
    database: Database
    conversations: Conversations
    inbox: Inbox
    outbox: Outbox
    accounts: Accounts
    cases: Cases
    desk: Desk
    ledger: Ledger
    vocabulary: Vocabulary
    understanding: Understanding
    endings: Endings
    turns: Turns
    reception: Reception
    relay: Relay
    housekeeping: Housekeeping
    jobs: Jobs
    webchat: Webchat
    pages: Pages
    telegram: telegram.Telegram | None
    console: Console
    examination: Examination


def understanding_of(content: Content, reader: Reader) -> Understanding:
    """The three ways of understanding a text, ready to be asked."""
    catalogue = content.catalogue
    codes = [language.code for language in catalogue.languages]
    return Understanding(
        detector=CrisisDetector(load_lexicons(CRISIS_LEXICONS)),
        identifier=LanguageIdentifier([*codes, *catalogue.understood]),
        municipalities=load_municipalities(MUNICIPALITIES),
        reader=reader,
    )


def vocabulary_of(content: Content) -> Vocabulary:
    """The words that a ledger row may hold, from the catalogue."""
    codes = {language.code for language in content.catalogue.languages}
    return Vocabulary(
        topics=frozenset(content.catalogue.topics),
        languages=frozenset(codes | set(content.catalogue.understood) | {UNKNOWN_LANGUAGE, "other"}),
        organisations=frozenset(content.catalogue.organisations),
    )


class NotForProduction(Exception):
    """The content may not be served in production; the message says what to approve."""


def content_for(settings: Settings) -> Content:
    """The content as these settings let it be served. Raises content.load.ContentError, NotForProduction."""
    content = replace(load_content(CONTENT), serve_drafts=settings.drafts)
    if settings.env == "production" and (languages := content.unapproved_cards()):
        how = "".join(f"\n  kaspa content approve crisis {language} --by NAME" for language in languages)
        raise NotForProduction(f"production needs crisis cards that a person has read and approved:{how}")
    return content


def build(settings: Settings, keys: Keys, reader: Reader, content: Content | None = None, clock: Clock = now) -> House:
    """Put the house together; nothing is opened and nothing runs yet. Raises ContentError, NotForProduction."""
    content = content or content_for(settings)
    database = Database(settings.database)
    conversations, inbox, outbox = Conversations(keys), Inbox(), Outbox()
    accounts, cases, ledger, wakeups = Accounts(), Cases(), Ledger(), Wakeups()
    desk = Desk(cases)
    vocabulary = vocabulary_of(content)
    understanding = understanding_of(content, reader)
    replies = Replies(content, settings.idle_minutes, settings.case_days)
    answer_stays = timedelta(days=settings.answer_days)
    endings = Endings(conversations, inbox, desk, ledger, vocabulary, new_id, answer_stays)
    turns = Turns(database, conversations, inbox, outbox, understanding, replies, desk, wakeups, PUSHED, clock, new_id)
    reception = Reception(
        database=database,
        conversations=conversations,
        inbox=inbox,
        endings=endings,
        replies=replies,
        turns=turns,
        wakeups=wakeups,
        public_contacts=content.public_contacts(),
        message_characters=settings.message_characters,
        clock=clock,
        new_id=new_id,
    )
    relay = Relay(database, conversations, outbox, endings, desk, replies, wakeups, PUSHED, clock)
    housekeeping = Housekeeping(
        settings, database, conversations, inbox, endings, cases, accounts, ledger, wakeups, clock
    )
    jobs = Jobs(housekeeping, turns)
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    callers = Callers(secrets.token_bytes(32), settings.trusted_proxies)
    webchat = Webchat(
        reception=reception,
        database=database,
        conversations=conversations,
        replies=replies,
        wakeups=wakeups,
        messages=Allowance(settings.messages_per_minute, minute),
        openings=Allowance(settings.conversations_per_hour, hour),
        caller=callers,
        clock=clock,
    )
    pages = Pages(content, DESK, settings.message_characters, settings.embed_origins)
    bot = telegram.build(settings, reception, database, conversations, outbox, replies, wakeups, clock)
    console = Console(
        settings=settings,
        database=database,
        accounts=accounts,
        relay=relay,
        desk=desk,
        ledger=ledger,
        vocabulary=vocabulary,
        content=content,
        wakeups=wakeups,
        attempts=Allowance(10, timedelta(minutes=15)),
        caller=callers,
        clock=clock,
    )

    async def nlu_health() -> str:
        return OK if await reader.answers() else STARTING

    async def telegram_health() -> str:
        return await bot.health() if bot else OFF

    examination = Examination(database.answers, nlu_health, telegram_health, lambda: jobs.healthy)
    return House(
        settings=settings,
        content=content,
        database=database,
        conversations=conversations,
        inbox=inbox,
        outbox=outbox,
        accounts=accounts,
        cases=cases,
        desk=desk,
        ledger=ledger,
        vocabulary=vocabulary,
        understanding=understanding,
        endings=endings,
        turns=turns,
        reception=reception,
        relay=relay,
        housekeeping=housekeeping,
        jobs=jobs,
        webchat=webchat,
        pages=pages,
        telegram=bot,
        console=console,
        examination=examination,
    )


def web(house: House, staff: bool = True, public: bool = True) -> FastAPI:
    """The routes: of the person who asks, of the staff, or (on one port) of both."""
    app = FastAPI(title="Kaspa", version="1", docs_url=None, redoc_url=None, openapi_url="/openapi.json")
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.middleware("http")(_guard)
    plain_errors(app)
    if public:
        app.include_router(house.webchat.routes())
        app.include_router(house.pages.routes())
        if house.telegram:
            app.include_router(house.telegram.routes())
    if staff:
        app.include_router(house.console.routes())

    @app.get("/health", tags=["operation"])
    async def health() -> JSONResponse:
        """What works; 503 only when nothing does."""
        found = await house.examination.health()
        return JSONResponse(found.as_json(), 200 if found.serves else 503)

    return app


def plain_errors(app: FastAPI) -> FastAPI:
    """Errors as application/problem+json."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


async def _guard(request: Request, call: Callable[[Request], AsyncIterator[Response]]) -> Response:
    """Headers that every answer has."""
    response: Response = await call(request)  # type: ignore[misc]
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if request.url.path.startswith(("/api/", "/staff", "/health")):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


async def _problem(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, Problem)
    body = {"type": "about:blank", "title": problem.title, "status": problem.status, "detail": problem.detail}
    return JSONResponse(body, problem.status, media_type="application/problem+json")


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    """What is wrong with the request, without repeating what was sent."""
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in error.errors()]
    return await _problem(request, Problem(422, "The request has another form", "; ".join(faults)))


@asynccontextmanager
async def opened(house: House) -> AsyncIterator[House]:
    """The house with its jobs running and its old debts taken up; closed in order at the end."""
    warming = asyncio.create_task(asyncio.to_thread(house.understanding.identifier.warm))
    await house.housekeeping.end_idle_conversations()
    await house.turns.recover()
    house.jobs.start()
    try:
        yield house
    finally:
        house.jobs.stop()
        await house.turns.settle()
        await warming
        await house.database.close()
