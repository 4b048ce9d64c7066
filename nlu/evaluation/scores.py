"""The figures of an evaluation, from what was expected and what was found. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Judged:
    """One held-out text: its language and intent, and what was found. `ranking` is best first."""

    language: str
    intent: str
    text: str
    found_language: str | None
    ranking: tuple[tuple[str, float], ...]
    decision: str  # as in `kaspa understand`
    answered: tuple[str, ...] = ()  # the intents that are answered
    follow_up: bool = False  # taken for one

    @property
    def first(self) -> str | None:
        return self.ranking[0][0] if self.ranking else None

    @property
    def is_in_its_language(self) -> bool:
        return self.found_language == self.language

    @property
    def is_right(self) -> bool:
        return self.first == self.intent


def share(flags: Iterable[bool]) -> float:
    """The share of True, 0 to 1; of nothing it is not a number."""
    values = list(flags)
    return sum(values) / len(values) if values else float("nan")


def by_language(judged: Sequence[Judged]) -> Mapping[str, list[Judged]]:
    grouped: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        grouped[one.language].append(one)
    return grouped


def accuracy(judged: Iterable[Judged]) -> float:
    """The share whose first-ranked intent is right."""
    return share(one.is_right for one in judged)


def among_three(judged: Iterable[Judged]) -> float:
    """The share whose intent is among the three likeliest: what a clarifying question can still reach."""
    return share(one.intent in [name for name, _ in one.ranking[:3]] for one in judged)


def macro_f1(judged: Sequence[Judged]) -> float:
    """The mean over intents of the harmonic mean of precision and recall."""
    right = Counter(one.intent for one in judged if one.is_right)
    expected = Counter(one.intent for one in judged)
    found = Counter(one.first for one in judged)
    scores = [2 * right[intent] / (expected[intent] + found[intent]) for intent in expected]
    return sum(scores) / len(scores) if scores else float("nan")


def confusions(judged: Iterable[Judged], most: int = 15) -> list[tuple[str, str, int]]:
    """(expected, found, how often), the commonest first."""
    pairs = Counter((one.intent, one.first or "nothing") for one in judged if not one.is_right)
    return [(expected, found, count) for (expected, found), count in pairs.most_common(most)]


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The chance that a question of ours scores higher than one that is not ours (Mann-Whitney; ties count half)."""
    if not inside or not outside:
        return float("nan")
    ranked = sorted([(score, 1) for score in inside] + [(score, 0) for score in outside])
    ranks: list[float] = [0.0] * len(ranked)
    start = 0
    while start < len(ranked):
        end = start
        while end < len(ranked) and ranked[end][0] == ranked[start][0]:
            end += 1
        for place in range(start, end):
            ranks[place] = (start + end + 1) / 2
        start = end
    total = sum(rank for rank, (_, label) in zip(ranks, ranked, strict=True) if label)
    return (total - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside))


def calibration_error(judged: Sequence[Judged], bins: int = 10) -> float:
    """Expected calibration error: how far confidence and the share that is right lie apart, 0 to 1."""
    grouped: defaultdict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.ranking:
            grouped[min(int(one.ranking[0][1] * bins), bins - 1)].append(one)
    total = sum(map(len, grouped.values()))
    gaps = (
        len(group) * abs(share(one.is_right for one in group) - sum(one.ranking[0][1] for one in group) / len(group))
        for group in grouped.values()
    )
    return sum(gaps) / total if total else float("nan")
