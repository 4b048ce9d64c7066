"""`kaspa evaluate`: how well Kaspa understands texts that it was not trained on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import asdict
from math import sqrt
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import Progress

from bot.app import CONTENT, understanding_of
from bot.commands.asking import AT_ONCE, act_on, answered, described
from bot.commands.evaluation_report import (
    Evaluation,
    Figure,
    Raised,
    Redacted,
    Rival,
    figures,
    markdown,
    reliability,
    tables,
)
from bot.commands.faults import Stop
from bot.commands.opening import open_settings, say, trained, understanding_server
from bot.commands.pages import page
from bot.commands.rasa_test import cross_validated, held_out
from bot.settings import Settings
from bot.understanding import Understanding
from content.load import load as load_content
from nlu.evaluation.scores import Judged
from nlu.evaluation.sets import Alarm, Private, Question, alarms, follow_ups, private, questions, trained_on, unseen
from nlu.redact import redact

REPORT = Path("build/evaluation.md")
RECORD = Path("docs/evaluation.json")
MAY_FALL = 0.02  # below the record, before the gate closes
SERVERS = 2
Given = TypeVar("Given")
Found = TypeVar("Found")


def evaluate(
    report: Annotated[Path, typer.Option(help="Where the report goes; beside it as HTML and JSON.")] = REPORT,
    rasa: Annotated[bool, typer.Option(help="Let `rasa test nlu` judge the same questions too.")] = False,
    folds: Annotated[int, typer.Option(help="Cross-validate in so many parts, minutes each.")] = 0,
    gate: Annotated[bool, typer.Option(help=f"Fail when a figure is lower than in {RECORD}.")] = False,
) -> None:
    """Measure on held-out texts: intents, doubt, crises, languages, redaction. Prints and writes a report."""
    settings = open_settings()
    evaluation = asyncio.run(_evaluate(settings, rasa, folds))
    found = tables(evaluation)
    text = markdown("Evaluation", found)
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(text, encoding="utf-8")
    report.with_suffix(".html").write_text(page("evaluation.html", tables=found, reliability=reliability(evaluation)))
    kept = {name: asdict(one) for name, one in figures(evaluation).items()}
    report.with_suffix(".json").write_text(json.dumps(kept, indent=1) + "\n")
    Console().print(Markdown(text))
    say(f"Written to {report}, and as .html and .json")
    if gate:
        held(figures(evaluation), _recorded())
        say(f"No figure is more than {MAY_FALL * 100:.0f} points (and chance) below {RECORD}.")


def held(found: Mapping[str, Figure], recorded: Mapping[str, Figure]) -> None:
    """Raises Stop naming every figure that has fallen further than training again explains."""
    fallen = [
        f"  {name}: {found[name].share if name in found else 0:.3f}, recorded {before.share:.3f}"
        for name, before in recorded.items()
        if name not in found or found[name].share < before.share - MAY_FALL - _chance(before)
    ]
    if fallen:
        raise Stop("understanding has become worse:\n" + "\n".join(fallen))


def _chance(figure: Figure) -> float:
    """Half a standard error: as much as a figure moves when the same data is trained on another machine."""
    return 0.5 * sqrt(figure.share * (1 - figure.share) / figure.texts)


def _recorded() -> dict[str, Figure]:
    return {name: Figure(**one) for name, one in json.loads(RECORD.read_text()).items()}


async def _evaluate(settings: Settings, rasa: bool, folds: int) -> Evaluation:
    known, asked, cried = trained_on(), questions(), alarms()
    kept = unseen(asked, known)
    content = load_content(CONTENT)
    async with understanding_server(settings, SERVERS) as reader:
        understanding = understanding_of(content, reader)
        judged = await _each("questions", kept, lambda one: _judge(understanding, one))
        raised = await _each("crises", unseen(cried, known), lambda one: _raise(understanding, one))
        followed = await _each("follow-ups", follow_ups(), lambda one: _follow(understanding, *one))
    rivals: list[Rival] = []
    if rasa:
        rivals.append(await held_out(await trained(settings), kept))
    if folds:
        rivals.append(await cross_validated(folds))
    return Evaluation(
        judged=judged,
        raised=raised,
        followed=followed,
        redacted=[_redact(one, content.public_contacts()) for one in private()],
        left_out=len(asked) + len(cried) - len(judged) - len(raised),
        identify=lambda text: understanding.identifier.identify(text).language,
        rivals=rivals,
    )


async def _each(name: str, given: list[Given], work: Callable[[Given], Awaitable[Found]]) -> list[Found]:
    places = asyncio.Semaphore(AT_ONCE)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task(name, total=len(given))

        async def one(item: Given) -> Found:
            async with places:
                found = await work(item)
            progress.advance(task)
            return found

        return list(await asyncio.gather(*map(one, given)))


async def _judge(understanding: Understanding, question: Question) -> Judged:
    found = await understanding.understand(question.text)
    line = described(found, question.text, question.text)
    return Judged(
        language=question.language,
        intent=question.intent,
        text=question.text,
        found_language=found.language,
        ranking=found.ranking or (),
        decision=line["decision"],
        answered=answered(act_on(found)),
        follow_up=found.is_follow_up,
    )


async def _raise(understanding: Understanding, alarm: Alarm) -> Raised:
    found = await understanding.understand(alarm.text)
    shown = found.crisis is not None
    return Raised(
        alarm,
        lexicon=understanding.detector.detect(alarm.text) is not None,
        shown=shown,
        answered=shown and bool(answered(act_on(found))),
        offered=shown or found.crisis_offered is not None,
    )


async def _follow(understanding: Understanding, language: str, text: str) -> tuple[str, bool]:
    reading = await understanding.reader.read(text)
    return language, reading is not None and reading.is_follow_up


def _redact(one: Private, keep: Collection[str]) -> Redacted:
    text = redact(one.text, keep=keep).text
    return Redacted(one.language, len(one.pieces), sum(piece in text for piece in one.pieces), text != one.text)
