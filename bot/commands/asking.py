"""`kaspa ask` and `kaspa understand`: try the understanding from a terminal, or over a file of texts."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.app import CONTENT, build, opened, understanding_of
from bot.commands.faults import Stop
from bot.commands.opening import keys_of, open_settings, understanding_server
from bot.decide import (
    ASKS_FOR_A_PERSON,
    Act,
    Clarify,
    Converse,
    GiveAnswer,
    HandOver,
    ShowCrisis,
    Step,
    StillWaiting,
    Understood,
    decide,
)
from bot.keys import new_id
from bot.messages import Address, Incoming, Outgoing
from bot.migrations import upgrade
from bot.replies import FALLBACK
from bot.settings import Settings
from bot.understanding import Understanding
from content.load import load as load_content
from nlu.redact import redact

MANY = 200  # texts from which a second Rasa server pays for its start
AT_ONCE = 8  # texts on their way to the Rasa server at the same time


def ask(
    text: str,
    language: Annotated[str | None, typer.Option(help="The conversation's language, such as fi.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The messages as JSON.")] = False,
) -> None:
    """One turn from the terminal, through the same path as a message from the web; nothing is kept or counted."""
    settings = open_settings()
    for message in asyncio.run(_ask(settings, text, language)):
        print(json.dumps(asdict(message), ensure_ascii=False) if as_json else _as_text(message))


def understand(
    file: Annotated[Path, typer.Argument(help="JSON lines with text and, if known, language; - for standard input.")],
    output: Annotated[Path | None, typer.Option(help="Where to write; standard output by default.")] = None,
) -> None:
    """What Kaspa understands of each text, as JSON lines in the same order."""
    settings = open_settings()
    requests = list(_requests(file))
    lines = asyncio.run(_understand(settings, requests))
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    if output:
        output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


def described(found: Understood, text: str, removed: str) -> dict[str, Any]:
    """One line of `kaspa understand`: what the policy would do with this text as the first of a conversation.

    Without a language it is asked for first; the decision is then what follows.
    """
    act = act_on(found)
    ranking = [{"intent": name, "confidence": round(chance, 4)} for name, chance in (found.ranking or ())]
    return {
        "text": text,
        "language": found.language,
        "intent": ranking[0]["intent"] if ranking else None,
        "confidence": ranking[0]["confidence"] if ranking else 0.0,
        "ranking": ranking[:3],
        "decision": _word(act),
        "crisis": found.crisis,
        "crisis_offered": found.crisis_offered,
        "redacted": removed,
    }


def act_on(found: Understood) -> Act:
    """What the policy does about the meaning of a first message, its language known or not."""
    return decide(replace(found, language=found.language or FALLBACK), Step()).act


def answered(act: Act) -> tuple[str, ...]:
    """The intents that an act answers, under a crisis card too."""
    match act:
        case GiveAnswer(intent, also):
            return (intent, also) if also else (intent,)
        case Converse(intent):
            return (intent,)
        case HandOver():
            return (ASKS_FOR_A_PERSON,)
        case ShowCrisis(then=then) if then:
            return answered(then)
        case _:
            return ()


async def _ask(settings: Settings, text: str, language: str | None) -> list[Outgoing]:
    with tempfile.TemporaryDirectory(prefix="kaspa-ask-") as folder:
        passing = settings.model_copy(update={"data": Path(folder), "database_url": "", "telegram_token": None})
        async with understanding_server(settings) as reader:
            house = build(passing, keys_of(passing), reader)
            await upgrade(house.database)
            async with opened(house):
                address = Address("webchat", new_id())
                conversation = await house.reception.open(address, language)
                seq = await house.reception.receive(address, Incoming(new_id(), text))
                await house.turns.settle()
                async with house.database.reading() as conn:
                    kept = await house.conversations.messages(conn, conversation.id, seq)
    return [one.message for one in kept]


async def _understand(settings: Settings, requests: list[tuple[str, str | None]]) -> list[dict[str, Any]]:
    content = load_content(CONTENT)
    keep = content.public_contacts()
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("understanding", total=len(requests))
        own = 2 if len(requests) > MANY else 1
        async with understanding_server(settings, own) as reader:
            understanding = understanding_of(content, reader)
            places = asyncio.Semaphore(AT_ONCE)

            async def one(text: str, language: str | None) -> dict[str, Any]:
                async with places:
                    line = await _line(understanding, keep, text, language)
                progress.advance(task)
                return line

            return list(await asyncio.gather(*(one(*request) for request in requests)))


async def _line(understanding: Understanding, keep: Collection[str], text: str, language: str | None) -> dict[str, Any]:
    clean = redact(text, keep=keep).text
    return described(await understanding.understand(clean, language), text, clean)


def _requests(file: Path) -> Iterator[tuple[str, str | None]]:
    name = "standard input" if str(file) == "-" else str(file)
    try:
        lines = sys.stdin.readlines() if str(file) == "-" else file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Stop(f"{name}: cannot be read ({error.strerror})") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                request = json.loads(line)
                yield str(request["text"]), request.get("language")
            except (ValueError, KeyError, TypeError, AttributeError):
                raise Stop(
                    f'{name}, line {number}: give {{"text": "…"}} or {{"text": "…", "language": "fi"}}'
                ) from None


def _word(act: object) -> str:
    match act:
        case ShowCrisis():
            return "crisis"
        case GiveAnswer() | Converse():
            return "answer"
        case Clarify():
            return "clarify"
        case HandOver() | StillWaiting():
            return "hand_over"
        case _:
            return "unknown"


def _as_text(message: Outgoing) -> str:
    lines = [message.text, *(f"  {source.title}: {source.url}" for source in message.sources)]
    return "\n".join([*lines, *(f"  [{choice.label}]" for choice in message.choices)]) + "\n"
