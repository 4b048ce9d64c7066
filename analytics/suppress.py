"""Which counts may be shown: small numbers are withheld, and so is what they could be worked out from. Pure.

Two kinds of withholding (Hundepool et al. 2012, "Statistical Disclosure Control", chapter 4): primary, because the count
itself is small, and secondary, because the total minus the shown counts would give the small one away. Totals over
everything are always taken to be known. None stands for a withheld count.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from analytics.bounds import Figure, Slack, slack

SMALLEST = 5

Shown: TypeAlias = dict[str, int | None]
Parts: TypeAlias = "Mapping[str, int] | tuple[Parts, ...]"  # the counts of one period, or the periods it consists of
_Name: TypeAlias = tuple[tuple[int, ...], str]  # which part of which part, and the value counted there


@dataclass(frozen=True)
class Table:
    """Counts by two things at once, with their margins; `total` is always shown."""

    cells: Mapping[tuple[str, str], int | None]
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    total: int


def withhold(counts: Mapping[str, int], smallest: int = SMALLEST, sensitive: bool = False) -> Shown:
    """Counts of one breakdown whose total is known; give zeros too, or their absence tells them.

    Withheld are counts from 1 (`sensitive`: from 0) up to `smallest` - 1. When the total then says more about them than
    that they are small, the next smallest count is withheld as well, so that no dash is certain to be a small number.
    This holds against a reader who knows this rule and the total. Raises ValueError when `smallest` is below 2.
    """
    if smallest < 2:
        raise ValueError(f"the smallest number shown is {smallest}: give 2 or more, 1 would withhold nothing")
    least = 0 if sensitive else 1
    small = {value for value, count in counts.items() if least <= count < smallest}
    if not any(counts.values()) or not small:
        return dict(counts)
    if _tells_more(sum(counts[value] for value in small), len(small), least, smallest - 1):
        small |= _next_smallest(counts, smallest) or set(counts)
    return {value: None if value in small else count for value, count in counts.items()}


def withhold_table(
    cells: Mapping[tuple[str, str], int],
    smallest: int = SMALLEST,
    sensitive_rows: bool = False,
    sensitive_columns: bool = False,
) -> Table:
    """Counts by row and column; a missing cell is zero. The margins come out as `withhold` gives them on their own.

    A hidden count can be placed by nobody in a span narrower than `smallest`, and a small one never above zero, except
    as far as the margins alone place it: those are published with or without the table.
    """
    rows, columns = (list(dict.fromkeys(cell[side] for cell in cells)) for side in (0, 1))
    inner = {(row, column): cells.get((row, column), 0) for row in rows for column in columns}
    sums_of_rows = {row: sum(inner[row, column] for column in columns) for row in rows}
    sums_of_columns = {column: sum(inner[row, column] for row in rows) for column in columns}
    shown_rows = withhold(sums_of_rows, smallest, sensitive_rows)
    shown_columns = withhold(sums_of_columns, smallest, sensitive_columns)
    total = sum(inner.values())
    if not total:
        return Table(inner, shown_rows, shown_columns, total)

    figures: dict[Hashable, Figure] = {
        **{("cell", *cell): Figure(("row", cell[0]), ("column", cell[1]), count) for cell, count in inner.items()},
        **{("row", row): Figure("rows", ("row", row), count) for row, count in sums_of_rows.items()},
        **{("column", column): Figure(("column", column), "columns", n) for column, n in sums_of_columns.items()},
    }
    least = 0 if sensitive_rows or sensitive_columns else 1
    small = [("cell", *cell) for cell, count in inner.items() if least <= count < smallest]
    margins = [("row", row) for row, count in shown_rows.items() if count is None]
    margins += [("column", column) for column, count in shown_columns.items() if count is None]
    others = [("cell", *cell) for cell in inner if ("cell", *cell) not in small]
    hidden = _hide(figures, [*small, *margins], others, smallest)
    shown_cells = {cell: None if ("cell", *cell) in hidden else count for cell, count in inner.items()}
    return Table(shown_cells, shown_rows, shown_columns, total)


def withhold_sum(parts: Parts, smallest: int = SMALLEST, sensitive: bool = False) -> Shown:
    """The counts of a year or half-year, given those of the quarters (or halves of quarters) that are published too.

    A sum is shown only if it helps nobody to place a withheld count of any part. Every part must list the same values.
    """
    hidden = _hidden((), parts, smallest, sensitive)
    return {value: None if ((), value) in hidden else count for value, count in _sum(parts).items()}


def _tells_more(together: int, how_many: int, least: int, most: int) -> bool:
    """Whether the sum of so many numbers, each from `least` to `most`, rules any of that span out for one of them."""
    others = how_many - 1
    narrow = least >= most or not (most + others * least <= together <= least + others * most)
    return narrow or together <= most


def _next_smallest(counts: Mapping[str, int], smallest: int) -> set[str]:
    return set(sorted((v for v in counts if counts[v] >= smallest), key=lambda v: (counts[v], v))[:1])


def _sum(parts: Parts) -> Mapping[str, int]:
    if isinstance(parts, Mapping):
        return parts
    sums = [_sum(part) for part in parts]
    return {value: sum(one[value] for one in sums) for value in sums[0]}


def _hidden(path: tuple[int, ...], parts: Parts, smallest: int, sensitive: bool) -> Collection[Hashable]:
    """The names of all that is withheld in these parts and in their sum."""
    if isinstance(parts, Mapping):
        return [(path, value) for value, count in withhold(parts, smallest, sensitive).items() if count is None]
    paths = [(*path, number) for number in range(len(parts))]
    hidden = [name for at, part in zip(paths, parts, strict=True) for name in _hidden(at, part, smallest, sensitive)]
    # A value that every part shows can be added up by anyone.
    sums = {value: count for value, count in _sum(parts).items() if any((at, value) in hidden for at in paths)}
    small = [(path, value) for value, count in sums.items() if count < smallest]
    others = [(path, value) for value, count in sums.items() if count >= smallest]
    return _hide(dict(_figures(path, parts)), [*hidden, *small], others, smallest)


def _figures(path: tuple[int, ...], parts: Parts) -> Iterable[tuple[Hashable, Figure]]:
    """Each value's sum flows apart into its parts, and in every last part the values flow together into its total."""
    for value, count in _sum(parts).items():
        head = ("total", path) if isinstance(parts, Mapping) else (path, value)
        yield (path, value), Figure((path[:-1], value) if path else "all", head, count)
    if not isinstance(parts, Mapping):
        for number, part in enumerate(parts):
            yield from _figures((*path, number), part)


def _hide(
    figures: Mapping[Hashable, Figure], hidden: Iterable[Hashable], others: Iterable[Hashable], smallest: int
) -> Collection[Hashable]:
    """`hidden`, and as many of the `others` as it takes until the shown ones place no hidden one too narrowly.

    Hiding more never places anything more narrowly, so what was once found safe stays so.
    """
    taken, shown = dict.fromkeys(hidden), dict.fromkeys(others)
    most = [*taken, *shown]
    unsure = list(taken)
    while unsure:
        name = unsure[-1]
        now, best = slack(figures, taken, name, smallest), slack(figures, most, name, smallest)
        if _safe(figures[name], now, best, smallest):
            unsure.pop()
            continue
        other = min(shown, key=lambda other: _cost(figures, name, other))
        del shown[other]
        taken[other] = None
        unsure.append(other)
    return taken


def _safe(figure: Figure, now: Slack, best: Slack, smallest: int) -> bool:
    """`best` is the slack when all is hidden that may be: more cannot be asked for."""
    wide = now.down + now.up >= min(smallest, best.down + best.up)
    return wide and (figure.value >= smallest or now.down >= best.down)


def _cost(figures: Mapping[Hashable, Figure], name: Hashable, other: Hashable) -> tuple[bool, bool, int]:
    """What to hide first: a figure in the same sum, not a zero, the smallest; the first of equals."""
    figure, candidate = figures[name], figures[other]
    apart = {figure.tail, figure.head}.isdisjoint({candidate.tail, candidate.head})
    return apart, candidate.value == 0, candidate.value
