"""`kaspa compare`: other pipelines trained and measured on the same texts, so that ours is chosen and not guessed."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot.commands.evaluation_report import Table, markdown
from bot.commands.faults import Stop
from bot.commands.opening import PatientReader, open_settings, say, serving
from bot.nlu_server import ROOT, Model, rasa
from bot.settings import Settings
from nlu.evaluation.scores import share
from nlu.evaluation.sets import TRAINING, Question, questions, thinned, trained_on, unseen

PIPELINES = ROOT / "nlu" / "evaluation" / "pipelines"
LOOKUPS = PIPELINES / "lookups"
OURS = ROOT / "config.yml"
REPORT = Path("build/comparison.md")
TIMED = 400  # texts, one after another


@dataclass(frozen=True)
class Measured:
    """`right` by language; times in seconds, of one parse each; memory of the server in MiB."""

    name: str
    about: str  # the first line of the pipeline's file
    right: dict[str, float]
    training: float
    parses: Sequence[float]
    memory: float


def compare(
    only: Annotated[list[str] | None, typer.Option(help="Names of pipelines; all and ours by default.")] = None,
    every: Annotated[int, typer.Option(help="Train on every so many texts; 1 for all, which takes hours.")] = 3,
    report: Annotated[Path, typer.Option(help="Where the table goes, Markdown.")] = REPORT,
) -> None:
    """Train all pipelines of nlu/evaluation/pipelines and ours, measure them on held-out questions: half an hour."""
    settings = open_settings()
    configs = {path.stem: path for path in sorted(PIPELINES.glob("*.yml"))} | {"ours": OURS}
    if unknown := set(only or ()) - configs.keys():
        raise Stop(f"no such pipeline: {', '.join(sorted(unknown))}; use {', '.join(configs)}")
    asked = unseen(questions(), trained_on())
    measured = []
    for name in only or configs:
        measured.append(asyncio.run(_measure(settings, name, configs[name], asked, every)))
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(markdown("Comparison", [_table(measured, every)]), encoding="utf-8")
    say(f"Written to {report}")


async def _measure(settings: Settings, name: str, config: Path, asked: Sequence[Question], every: int) -> Measured:
    with tempfile.TemporaryDirectory(prefix="kaspa-compare-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        for path in sorted(TRAINING.glob("*.yml")):  # without what is kept back: the others would learn from it
            thin = thinned(path.read_text(encoding="utf-8"), lambda place: place % every == 0)
            (data / path.name).write_text(thin, encoding="utf-8")
        if (lookups := LOOKUPS / f"{name}.yml").exists():
            shutil.copy(lookups, data)
        say(f"{name}: training…")
        began = time.monotonic()
        output = ("--out", folder, "--fixed-model-name", name)
        await rasa("train", "nlu", "--config", str(config), "--nlu", str(data), *output)
        training = time.monotonic() - began
        return await _serve(settings, name, Model(Path(folder) / f"{name}.tar.gz"), asked, training)


async def _serve(settings: Settings, name: str, model: Model, asked: Sequence[Question], training: float) -> Measured:
    found: dict[str, list[bool]] = {}
    parses = []
    async with serving(settings, model, 1) as ((server,), reader):
        patient = PatientReader(reader)
        for number, question in enumerate(track(asked, name, console=Console(stderr=True))):
            began = time.monotonic()
            reading = await patient.read(question.text)
            if number < TIMED:
                parses.append(time.monotonic() - began)
            first = reading.ranking[0][0] if reading.ranking else None
            found.setdefault(question.language, []).append(first == question.intent)
        right = {language: share(group) for language, group in sorted(found.items())}
        return Measured(name, _about(name), right, training, parses, _memory(server.pid))


def _table(measured: Sequence[Measured], every: int) -> Table:
    languages = sorted(measured[0].right)
    head = ("pipeline", *languages, "mean", "training s", "parse p50 ms", "p95 ms", "memory MiB")
    return Table(
        "Pipelines",
        head,
        [
            (
                one.name,
                *(one.right[language] for language in languages),
                sum(one.right.values()) / len(one.right),
                round(one.training),
                round(median(one.parses) * 1000),
                round(quantiles(one.parses, n=20)[-1] * 1000),
                round(one.memory),
            )
            for one in measured
        ],
        "First-ranked intent on the held-out questions, by language. All are trained on "
        f"{'all texts' if every == 1 else f'one text in {every}'}; vectors of training texts were cached.\n\n"
        + "\n".join(f"* {one.name}: {one.about}" for one in measured),
    )


def _about(name: str) -> str:
    path = PIPELINES / f"{name}.yml"
    return path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ") if path.exists() else "config.yml"


def _memory(pid: int | None) -> float:
    """Resident, MiB; not a number where there is no /proc."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
