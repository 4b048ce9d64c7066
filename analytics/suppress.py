"""Which counts may be shown: small numbers are withheld, and so is what they could be worked out from. Pure.

Two kinds of withholding (Hundepool et al. 2012, "Statistical Disclosure Control", chapter 4): primary, because the
count itself is small, and secondary, because the total minus the shown counts would give the small one away. The total
over everything is always taken to be known. None stands for a withheld count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from analytics.bounds import Figure, Slack, slack

SMALLEST = 5

Shown: TypeAlias = dict[str, int | None]
Cells: TypeAlias = Mapping[tuple[str, str], int]
Parts: TypeAlias = "Mapping[str, int] | tuple[Parts, ...]"  # the counts of one period, or the periods it consists of


@dataclass(frozen=True)
class Table:
    """Counts by two things at once, with their margins; `total` is always shown."""

    cells: Mapping[tuple[str, str], int | None]
    rows: Mapping[str, int | None]
    columns: Mapping[str, int | None]
    total: int


class TooSmallARule(ValueError):
    """The smallest number to show is below 3, and a dash could then be read as 1: give 3 or more."""


def withhold(counts: Mapping[str, int], smallest: int = SMALLEST, sensitive: bool = False) -> Shown:
    """Counts of one breakdown with a known total. Give the zeros too, or a missing row tells that it is one.

    Withheld are counts from 1 (when `sensitive`: from 0) up to `smallest` - 1. Where their sum narrows one of them
    down, the next smallest count is withheld as well, and all that equal it; where there is none, everything is.
    Nobody can then work a withheld count out, not even one who knows this rule. Raises TooSmallARule.
    """
    if smallest < 3:
        raise TooSmallARule(f"smallest is {smallest}: give 3 or more")
    least = 0 if sensitive else 1
    small = [count for count in counts.values() if least <= count < smallest]
    large = [count for count in counts.values() if count >= smallest]
    if not small or not any(counts.values()):
        return dict(counts)
    if not large:
        return dict.fromkeys(counts)
    # All of the next smallest: which of the equal ones is taken would tell something about the others.
    also = min(large) if _narrowed(small, least, smallest - 1) else None
    return {value: None if least <= count < smallest or count == also else count for value, count in counts.items()}


def withhold_table(
    cells: Cells, smallest: int = SMALLEST, sensitive_rows: bool = False, sensitive_columns: bool = False
) -> Table:
    """Counts by row and column; a missing cell is zero. The margins come out as `withhold` gives them on their own.

    Nobody can place a withheld count in a span narrower than `smallest`, or a withheld small one above zero, more
    closely than the margins do by themselves: those are published with or without the table. Raises TooSmallARule.
    """
    rows, columns = (dict.fromkeys(cell[side] for cell in cells) for side in (0, 1))
    full = {cell: cells.get(cell, 0) for cell in product(rows, columns)}
    across = {row: sum(full[row, column] for column in columns) for row in rows}
    down = {column: sum(full[row, column] for row in rows) for column in columns}
    shown_rows, shown_columns = withhold(across, smallest, sensitive_rows), withhold(down, smallest, sensitive_columns)
    figures = dict(_crossing(full, across, down))

    least = 0 if (sensitive_rows or sensitive_columns) and any(full.values()) else 1
    small = [cell for cell, count in full.items() if least <= count < smallest]
    large = [cell for cell in full if cell not in small]
    margin_rows = [("margin", "row", row) for row in _withheld(shown_rows)]
    margin_columns = [("margin", "column", column) for column in _withheld(shown_columns)]
    hidden = _hide(figures, [*small, *margin_rows, *margin_columns], large, smallest)
    return Table(
        {cell: None if cell in hidden else count for cell, count in full.items()},
        shown_rows,
        shown_columns,
        sum(full.values()),
    )


def withhold_sum(parts: Parts, smallest: int = SMALLEST, sensitive: bool = False) -> Shown:
    """The counts of a year or half-year whose quarters, and halves of quarters, are published too.

    A sum is shown only where it helps nobody to place a withheld count of a part more closely than `smallest` allows.
    Every part must list the same values. Raises TooSmallARule.
    """
    hidden = _hidden((), parts, smallest, sensitive)
    return {value: None if ((), value) in hidden else count for value, count in total_of(parts).items()}


def total_of(parts: Parts) -> Mapping[str, int]:
    """The exact counts of all parts together."""
    if isinstance(parts, Mapping):
        return parts
    sums = [total_of(part) for part in parts]
    return {value: sum(one[value] for one in sums) for value in sums[0]}


def _withheld(shown: Shown) -> list[str]:
    return [value for value, count in shown.items() if count is None]


def _narrowed(counts: list[int], least: int, most: int) -> bool:
    """Whether the sum of counts, each from `least` to `most`, rules any of that span out for one of them."""
    together, others = sum(counts), len(counts) - 1
    open_to_all = most + others * least <= together <= least + others * most
    return not open_to_all or together <= most


def _crossing(full: Cells, across: Mapping[str, int], down: Mapping[str, int]) -> Iterator[tuple[Hashable, Figure]]:
    """The total flows apart into rows, each row through its cells into the columns, and these together again."""
    for row, count in across.items():
        yield ("margin", "row", row), Figure("total", ("row of", row), count)
    for (row, column), count in full.items():
        yield (row, column), Figure(("row of", row), ("column of", column), count)
    for column, count in down.items():
        yield ("margin", "column", column), Figure(("column of", column), "total again", count)


def _hidden(path: tuple[int, ...], parts: Parts, smallest: int, sensitive: bool) -> Collection[Hashable]:
    """The names, (path, value), of all that is withheld in these parts and in their sum."""
    if isinstance(parts, Mapping):
        return [(path, value) for value in _withheld(withhold(parts, smallest, sensitive))]
    paths = [(*path, number) for number in range(len(parts))]
    hidden = [name for at, part in zip(paths, parts, strict=True) for name in _hidden(at, part, smallest, sensitive)]
    # A value that every part shows can be added up by anyone.
    open_sums = {value: count for value, count in total_of(parts).items() if any((at, value) in hidden for at in paths)}
    small = [(path, value) for value, count in open_sums.items() if count < smallest]
    large = [(path, value) for value, count in open_sums.items() if count >= smallest]
    return _hide(dict(_adding(path, parts)), [*hidden, *small], large, smallest)


def _adding(
    path: tuple[int, ...], parts: Parts, above: tuple[int, ...] | None = None
) -> Iterator[tuple[Hashable, Figure]]:
    """Each value's sum flows apart into its parts; in every last part the values flow together into its total."""
    last = isinstance(parts, Mapping)
    for value, count in total_of(parts).items():
        tail = "all" if above is None else (above, value)
        yield (path, value), Figure(tail, path if last else (path, value), count)
    if not isinstance(parts, Mapping):
        for number, part in enumerate(parts):
            yield from _adding((*path, number), part, path)


def _hide(
    figures: Mapping[Hashable, Figure], hidden: Iterable[Hashable], others: Iterable[Hashable], smallest: int
) -> Collection[Hashable]:
    """`hidden`, and as many of the `others` as it takes until the shown ones place no hidden one too closely."""
    must, shown = dict.fromkeys(hidden), dict.fromkeys(others)
    most = [*must, *shown]
    best = {name: slack(figures, most, name, smallest) for name in most}

    def safe(name: Hashable, taken: Collection[Hashable]) -> bool:
        return _safe(figures[name], slack(figures, taken, name, smallest), best[name], smallest)

    taken, unsure = dict(must), list(must)
    while unsure:  # hiding more never places anything more closely: what was once found safe stays so
        name = unsure[-1]
        if safe(name, taken):
            unsure.pop()
            continue
        hidden_at = Counter(node for one in taken for node in _ends(figures[one]))
        other = min(shown, key=lambda other: _cost(figures[name], figures[other], hidden_at))
        del shown[other]
        taken[other] = None
        unsure.append(other)
    for other in sorted(taken.keys() - must.keys(), key=lambda name: (-figures[name].value, str(name))):
        fewer = [name for name in taken if name != other]
        if all(safe(name, fewer) for name in fewer):
            del taken[other]
    return taken


def _safe(figure: Figure, now: Slack, best: Slack, smallest: int) -> bool:
    """`best` is the slack when all is hidden that may be: more cannot be asked for."""
    wide = now.down + now.up >= min(smallest, best.down + best.up)
    return wide and (figure.value >= smallest or now.down >= best.down)


def _cost(figure: Figure, other: Figure, hidden_at: Counter[Hashable]) -> tuple[bool, bool, int, int]:
    """What to hide first: where the figure stands alone, not a zero, closing a circle, small; of equals the first."""
    alone = {node for node in _ends(figure) if hidden_at[node] == 1} or _ends(figure)
    opens = sum(hidden_at[node] == 0 for node in _ends(other))
    return alone.isdisjoint(_ends(other)), other.value == 0, opens, other.value


def _ends(figure: Figure) -> set[Hashable]:
    return {figure.tail, figure.head}
