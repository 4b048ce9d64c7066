"""A reader with all published figures and much patience, who tries every possibility. Knows nothing of our network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

Known = Sequence[int | None]
Vector = tuple[int, ...]


@dataclass(frozen=True)
class Span:
    """What a count can be, as far as the attacker can tell."""

    low: int
    high: int

    @property
    def width(self) -> int:
        return self.high - self.low


def spans(possible: Iterable[Vector]) -> list[Span]:
    return [Span(min(values), max(values)) for values in zip(*possible, strict=True)]


def lists(shown: Known, total: int) -> Iterator[Vector]:
    """All lists of counts with the total that agree with what is shown."""
    if not shown:
        if not total:
            yield ()
        return
    first, rest = shown[0], shown[1:]
    for value in range(total + 1) if first is None else (first,):
        if value <= total:
            yield from ((value, *others) for others in lists(rest, total - value))


def tables(rows: Sequence[Known], row_sums: Known, column_sums: Known, total: int) -> Iterator[Vector]:
    """All tables, written row by row and followed by their row and column sums, that agree with what is shown."""
    for sums in lists(row_sums, total):
        choices = [list(lists(row, sum_)) for row, sum_ in zip(rows, sums, strict=True)]
        for table in product(*choices):
            columns = tuple(map(sum, zip(*table, strict=True)))
            if agrees(columns, column_sums):
                yield (*(count for row in table for count in row), *sums, *columns)


def years(quarters: Sequence[Known], totals: Sequence[int], halves: Sequence[Known], year: Known) -> list[Span]:
    """Spans of all figures of four quarters, two halves and the year, one after the other."""
    size = len(year)
    first, second = (_halves(quarters[at : at + 2], totals[at : at + 2], halves[at // 2]) for at in (0, 2))
    pairs = [(one, two) for one, two in product(first, second) if agrees(_add(one, two), year)]
    one = spans(vector for sums in {sums for sums, _ in pairs} for vector in first[sums])
    two = spans(vector for sums in {sums for _, sums in pairs} for vector in second[sums])
    both = spans(_add(*pair) for pair in pairs)
    return [*one[: 2 * size], *two[: 2 * size], *one[2 * size :], *two[2 * size :], *both]


def _halves(quarters: Sequence[Known], totals: Sequence[int], shown: Known) -> Mapping[Vector, list[Vector]]:
    """By the half-year's counts, all pairs of quarters that make them, each followed by those counts."""
    found: dict[Vector, list[Vector]] = {}
    for one, two in product(*(list(lists(*quarter)) for quarter in zip(quarters, totals, strict=True))):
        sums = _add(one, two)
        if agrees(sums, shown):
            found.setdefault(sums, []).append((*one, *two, *sums))
    return found


def agrees(vector: Vector, shown: Known) -> bool:
    return all(known is None or known == value for value, known in zip(vector, shown, strict=True))


def _add(one: Vector, two: Vector) -> Vector:
    return tuple(a + b for a, b in zip(one, two, strict=True))
