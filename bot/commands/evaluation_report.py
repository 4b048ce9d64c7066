"""What an evaluation found, as tables, which Markdown and HTML then show. Pure."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.evaluation import scores
from nlu.evaluation.scores import Judged, share
from nlu.evaluation.sets import Alarm

LENGTHS = (1, 2, 3, 6)  # words at which language identification is measured
OUT_OF_SCOPE = "out_of_scope"
Cell = str | int | float


@dataclass(frozen=True)
class Raised:
    """Whether an alarm was noticed by the lexicon alone, by lexicon or model, or got at least the offer of a card.

    `answered`: an answer stood under the card.
    """

    alarm: Alarm
    lexicon: bool
    shown: bool
    answered: bool
    offered: bool


@dataclass(frozen=True)
class Redacted:
    """`pieces` of personal data in a text, how many of them are `left`, whether it changed at all."""

    language: str
    pieces: int
    left: int
    changed: bool


@dataclass(frozen=True)
class Rival:
    """Another judge's share of right intents by language."""

    name: str
    right: Mapping[str, float]


@dataclass(frozen=True)
class Evaluation:
    """`left_out`: texts that were trained on too. `identify` names a text's language.

    `followed`: (language, noticed) of each follow-up.
    """

    judged: Sequence[Judged]
    raised: Sequence[Raised]
    followed: Sequence[tuple[str, bool]]
    redacted: Sequence[Redacted]
    left_out: int
    identify: Callable[[str], str | None]
    rivals: Sequence[Rival] = ()


@dataclass(frozen=True)
class Table:
    """Cells that are floats are shares, 0 to 1."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A share, 0 to 1, and of how many texts."""

    share: float
    texts: int


def figures(evaluation: Evaluation) -> dict[str, Figure]:
    """What the gate holds: first-ranked intents and crises noticed, by language, and the rest in one figure each."""
    found = {
        f"intent {language}": Figure(scores.accuracy(group), len(group))
        for language, group in scores.by_language(evaluation.judged).items()
    }
    crises = [one for one in evaluation.raised if one.alarm.kind]
    look_alikes = [one for one in evaluation.raised if not one.alarm.kind]
    for language in sorted({one.alarm.language for one in crises}):
        shown = [one.shown for one in crises if one.alarm.language == language]
        found[f"crisis {language}"] = Figure(share(shown), len(shown))
    found["no false alarm"] = Figure(1 - share(one.shown for one in look_alikes), len(look_alikes))
    found["out of scope"] = Figure(_auroc(evaluation.judged), len(evaluation.judged))
    found["redaction"] = Figure(_recall(evaluation.redacted), sum(one.pieces for one in evaluation.redacted))
    return {name: Figure(round(one.share, 4), one.texts) for name, one in found.items()}


def tables(evaluation: Evaluation) -> list[Table]:
    return [
        _intents(evaluation),
        _confusions(evaluation.judged),
        _doubt(evaluation.judged),
        _calibration(evaluation.judged),
        _crises(evaluation.raised),
        _follow_ups(evaluation),
        _languages(evaluation),
        _redaction(evaluation.redacted),
        *([_rivals(evaluation)] if evaluation.rivals else []),
    ]


def reliability(evaluation: Evaluation) -> list[tuple[float, float, int]]:
    """For a chart: mean confidence, share that is right, number of texts, of each tenth of confidence."""
    return [(float(sure), float(right), int(count)) for _, count, sure, right in _calibration(evaluation.judged).rows]


def markdown(title: str, found: Sequence[Table]) -> str:
    return f"# {title}\n" + "".join(f"\n{line}" for table in found for line in _section(table)) + "\n"


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.title}\n"
    if table.note:
        yield f"{table.note}\n"
    yield _row(table.head)
    yield "|---" * len(table.head) + "|"
    yield from map(_row, table.rows)
    yield ""


def _row(cells: Sequence[Cell]) -> str:
    return f"| {' | '.join(f'{cell:.3f}' if isinstance(cell, float) else str(cell) for cell in cells)} |"


def _intents(evaluation: Evaluation) -> Table:
    judged = evaluation.judged
    groups = {**dict(sorted(scores.by_language(judged).items())), "all": list(judged)}
    return Table(
        "Intents",
        ("language", "texts", "first rank", "among three", "macro F1", "calibration error"),
        [
            (
                language,
                len(group),
                scores.accuracy(group),
                scores.among_three(group),
                scores.macro_f1(group),
                scores.calibration_error(group),
            )
            for language, group in groups.items()
        ],
        f"{len(judged)} questions and {len(evaluation.raised)} crises and look-alikes; {evaluation.left_out} others, "
        "which stand word for word in the training data too, are left out. "
        f"{platform.machine()}, Python {platform.python_version()}.",
    )


def _confusions(judged: Sequence[Judged]) -> Table:
    return Table("Often taken for another", ("expected", "found", "times"), scores.confusions(judged))


def _doubt(judged: Sequence[Judged]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    inside = [one for one in judged if one.intent != OUT_OF_SCOPE]
    outside = [one for one in judged if one.intent == OUT_OF_SCOPE]
    for name, group in (("in scope", inside), ("out of scope", outside)):
        rows.append(
            (
                name,
                share(one.intent in one.answered and not _says_no(one) for one in group),
                share(bool(one.answered) and one.intent not in one.answered and not _says_no(one) for one in group),
                share(one.decision == "clarify" for one in group),
                share(one.decision == "unknown" or _says_no(one) for one in group),
                share(one.decision == "crisis" for one in group),
                share(one.decision == "crisis" and not one.answered for one in group),
            )
        )
    return Table(
        "Doubt",
        (
            "of the questions",
            "answered right",
            "answered wrong",
            "clarified",
            "refused",
            "crisis card",
            "crisis card alone",
        ),
        rows,
        f"Out-of-scope AUROC {_auroc(judged):.3f}. Refused: not understood, or said to be out of scope.",
    )


def _says_no(one: Judged) -> bool:
    return one.answered == (OUT_OF_SCOPE,)


def _calibration(judged: Sequence[Judged]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for tenth in range(10):
        group = [one for one in judged if one.ranking and min(int(one.ranking[0][1] * 10), 9) == tenth]
        if group:
            sure = sum(one.ranking[0][1] for one in group) / len(group)
            rows.append((f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}", len(group), sure, scores.accuracy(group)))
    return Table("How sure, how right", ("confidence", "texts", "mean confidence", "right"), rows)


def _crises(raised: Sequence[Raised]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for language in (*sorted({one.alarm.language for one in raised}), "all"):
        for name, wanted in (("recall", True), ("false alarms", False)):
            group = [
                one
                for one in raised
                if language in (one.alarm.language, "all") and (one.alarm.kind is not None) is wanted
            ]
            rows.append(
                (
                    language,
                    name,
                    len(group),
                    share(one.lexicon for one in group),
                    share(one.shown for one in group),
                    share(one.answered for one in group),
                    share(one.offered for one in group),
                )
            )
    return Table(
        "Crises",
        ("language", "", "texts", "lexicon alone", "with the model", "answered too", "offered at least"),
        rows,
    )


def _follow_ups(evaluation: Evaluation) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for language in dict.fromkeys(language for language, _ in evaluation.followed):
        group = [noticed for at, noticed in evaluation.followed if at == language]
        rows.append((language, len(group), share(group)))
    taken = share(one.follow_up for one in evaluation.judged)
    note = f"Of the questions above, which have a topic of their own, {taken:.3f} would be taken for follow-ups."
    return Table("Follow-ups", ("language", "texts", "noticed"), rows, note)


def _languages(evaluation: Evaluation) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for length in LENGTHS:
        texts = [
            (one.language, one.text.split()[:length]) for one in evaluation.judged if len(one.text.split()) >= length
        ]
        found = [(language, evaluation.identify(" ".join(words))) for language, words in texts]
        right, asked = share(a == b for a, b in found), share(b is None for _, b in found)
        rows.append((f"first {length}", len(found), right, asked, abs(1 - right - asked)))
    for language, group in sorted(scores.by_language(evaluation.judged).items()):
        right, asked = (
            share(one.is_in_its_language for one in group),
            share(one.found_language is None for one in group),
        )
        rows.append((language, len(group), right, asked, abs(1 - right - asked)))
    return Table(
        "Language",
        ("words", "texts", "right", "asked instead", "wrong"),
        rows,
        "By the first words alone; then whole texts, with what the model makes of Latin letters.",
    )


def _redaction(redacted: Sequence[Redacted]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for language in (*sorted({one.language for one in redacted}), "all"):
        group = [one for one in redacted if language in (one.language, "all")]
        public = [one for one in group if not one.pieces]
        pieces, changed = sum(one.pieces for one in group), share(one.changed for one in public)
        rows.append((language, pieces, _recall(group), len(public), changed))
    return Table("Redaction", ("language", "pieces", "taken out", "harmless texts", "changed without need"), rows)


def _rivals(evaluation: Evaluation) -> Table:
    ours = {language: scores.accuracy(group) for language, group in scores.by_language(evaluation.judged).items()}
    return Table(
        "Other judges",
        ("language", "ours", *(rival.name for rival in evaluation.rivals)),
        [
            (language, right, *(rival.right.get(language, "–") for rival in evaluation.rivals))
            for language, right in sorted(ours.items())
        ],
        "Rasa counts a question whose likeliest label is a crisis as wrong; we judge by the likeliest intent.",
    )


def _recall(redacted: Sequence[Redacted]) -> float:
    pieces = sum(one.pieces for one in redacted)
    return 1 - sum(one.left for one in redacted) / pieces if pieces else float("nan")


def _auroc(judged: Sequence[Judged]) -> float:
    ours = [(1 - dict(one.ranking).get(OUT_OF_SCOPE, 0.0), one.intent != OUT_OF_SCOPE) for one in judged]
    return scores.auroc([score for score, inside in ours if inside], [score for score, inside in ours if not inside])
