"""`kaspa train` and `kaspa evaluate`: the model, and how well it understands texts it was not trained on."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import Progress

from bot.app import CONTENT, understanding_of
from bot.commands.asking import AT_ONCE, described
from bot.commands.opening import open_settings, say, trained, understanding_server
from bot.nlu_server import model_for
from bot.settings import Settings
from bot.understanding import Understanding
from content.load import load as load_content
from nlu.evaluation import scores
from nlu.evaluation.scores import Judged, share
from nlu.evaluation.sets import Alarm, Question, alarms, questions, trained_on, unseen

REPORT = Path("build/evaluation.md")
LENGTHS = (1, 2, 3, 6)  # words at which language identification is measured
Given = TypeVar("Given")
Found = TypeVar("Found")


def train() -> None:
    """Train the model, if today's training data has no model yet."""
    settings = open_settings()
    model = model_for(settings.data)
    if model.exists:
        say(f"The model is up to date: {model.path.name}")
        return
    asyncio.run(trained(settings))


def evaluate(
    report: Annotated[Path, typer.Option(help="Where the report goes, Markdown.")] = REPORT,
) -> None:
    """Measure on held-out texts: intents, out of scope, crises, languages. Prints a report and writes it to a file."""
    settings = open_settings()
    text = "\n".join(asyncio.run(_evaluate(settings)))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(text + "\n", encoding="utf-8")
    Console().print(Markdown(text))
    say(f"Written to {report}")


async def _evaluate(settings: Settings) -> list[str]:
    trained, asked, cried = trained_on(), questions(), alarms()
    async with understanding_server(settings) as reader:
        understanding = understanding_of(load_content(CONTENT), reader)
        judged = await _each("questions", unseen(asked, trained), lambda one: _judge(understanding, one))
        raised = await _each("crises", unseen(cried, trained), lambda one: _raise(understanding, one))
    left_out = len(asked) + len(cried) - len(judged) - len(raised)
    return [
        "# Evaluation",
        f"{len(judged)} questions and {len(raised)} crises and look-alikes; {left_out} others, which stand word "
        f"for word in the training data too, are left out. {platform.machine()}, Python {platform.python_version()}.",
        *_intents(judged),
        *_doubt(judged),
        *_crises(raised),
        *_languages(understanding, judged),
    ]


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
        question.language, question.intent, question.text, found.language, found.ranking or (), line["decision"]
    )


async def _raise(understanding: Understanding, alarm: Alarm) -> tuple[Alarm, bool, bool, bool]:
    """The alarm; whether the lexicon, lexicon or model together, and either or at least the offer noticed it."""
    found = await understanding.understand(alarm.text)
    lexicon = understanding.detector.detect(alarm.text) is not None
    return alarm, lexicon, found.crisis is not None, found.crisis is not None or found.crisis_offered is not None


def _intents(judged: list[Judged]) -> Iterator[str]:
    yield "\n## Intents\n"
    yield "| language | texts | first rank | among three | macro F1 | calibration error |\n|---|---|---|---|---|---|"
    for language, group in scores.by_language(judged).items():
        yield _row(
            language,
            len(group),
            scores.accuracy(group),
            scores.among_three(group),
            scores.macro_f1(group),
            scores.calibration_error(group),
        )
    yield "\nOften taken for another:\n\n| expected | found | times |\n|---|---|---|"
    for expected, found, count in scores.confusions(judged):
        yield _row(expected, found, count)


def _doubt(judged: list[Judged]) -> Iterator[str]:
    inside = [one for one in judged if one.intent != "out_of_scope"]
    outside = [one for one in judged if one.intent == "out_of_scope"]
    known = [_ours(one) for one in inside]
    yield "\n## Doubt\n"
    yield f"Out-of-scope AUROC {scores.auroc(known, [_ours(one) for one in outside]):.3f}.\n"
    yield "| of the questions | answered right | answered wrong | clarified | not understood |\n|---|---|---|---|---|"
    for name, group in (("in scope", inside), ("out of scope", outside)):
        answered = [one for one in group if one.decision in ("answer", "hand_over")]
        yield _row(
            name,
            sum(one.is_right for one in answered) / max(len(group), 1),
            sum(not one.is_right for one in answered) / max(len(group), 1),
            share(one.decision == "clarify" for one in group),
            share(one.decision in ("unknown", "crisis") for one in group),
        )


def _crises(raised: list[tuple[Alarm, bool, bool, bool]]) -> Iterator[str]:
    yield "\n## Crises\n"
    yield "| language | | texts | lexicon alone | with the model | offered at least |\n|---|---|---|---|---|---|"
    for language in sorted({alarm.language for alarm, *_ in raised}):
        for name, wanted in (("recall", True), ("false alarms", False)):
            group = [
                noticed
                for alarm, *noticed in raised
                if alarm.language == language and (alarm.kind is not None) is wanted
            ]
            yield _row(language, name, len(group), *(share(column) for column in zip(*group, strict=True)))


def _languages(understanding: Understanding, judged: list[Judged]) -> Iterator[str]:
    """The first words of each text: identified right, asked instead, or wrong."""
    yield "\n## Language\n\n| words | texts | right | asked instead | wrong |\n|---|---|---|---|---|"
    for length in LENGTHS:
        texts = [(one.language, one.text.split()[:length]) for one in judged if len(one.text.split()) >= length]
        found = [(language, understanding.identifier.identify(" ".join(words)).language) for language, words in texts]
        right, asked = share(a == b for a, b in found), share(b is None for _, b in found)
        yield _row(length, len(found), right, asked, 1 - right - asked)


def _ours(one: Judged) -> float:
    return 1 - dict(one.ranking).get("out_of_scope", 0.0)


def _row(*cells: object) -> str:
    shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
    return f"| {' | '.join(shown)} |"
