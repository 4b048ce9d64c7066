"""Nobody can work out a withheld count, however patient."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from attacker import Known, Span, lists, spans, tables, years
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.suppress import Parts, Table, TooSmallARule, total_of, withhold, withhold_sum, withhold_table

RULE = 3  # small, so that every possibility can be tried
VALUES = ("a", "b", "c")
counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60), min_size=1)
quarter = st.tuples(*(st.integers(0, 4) for _ in VALUES)).map(lambda numbers: dict(zip(VALUES, numbers, strict=True)))
half = st.tuples(quarter, quarter)
cells = st.dictionaries(
    st.tuples(st.sampled_from("pqr"), st.sampled_from("xyz")), st.integers(0, 4), min_size=1, max_size=9
).filter(lambda table: sum(table.values()) <= 13)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"fi": 40, "ru": 12, "so": 3}, {"fi": 40, "ru": None, "so": None}),
        ({"fi": 40, "ru": 12, "so": 2, "fa": 3}, {"fi": 40, "ru": 12, "so": None, "fa": None}),
        ({"fi": 40, "ru": 12, "so": 1, "fa": 1}, {"fi": 40, "ru": None, "so": None, "fa": None}),
        ({"fi": 40, "ru": 12, "so": 4, "fa": 4}, {"fi": 40, "ru": None, "so": None, "fa": None}),
        ({"fi": 12, "ru": 12, "so": 3}, {"fi": None, "ru": None, "so": None}),
        ({"fi": 40, "ru": 12, "so": 0}, {"fi": 40, "ru": 12, "so": 0}),
        ({"fi": 40, "ru": 12, "so": 5}, {"fi": 40, "ru": 12, "so": 5}),
        ({"fi": 3, "ru": 1, "so": 0}, {"fi": None, "ru": None, "so": None}),
        ({"fi": 0, "ru": 0}, {"fi": 0, "ru": 0}),
        ({}, {}),
    ],
    ids=["one", "two", "two_ones", "two_at_their_most", "equals", "zero", "just_enough", "all_small", "empty", "none"],
)
def test_small_counts_go_and_what_would_give_them_away(before: dict[str, int], after: dict[str, int | None]) -> None:
    assert withhold(before) == after


def test_in_a_sensitive_breakdown_zero_is_a_small_count() -> None:
    shown = withhold({"kajaani": 40, "kuhmo": 12, "sotkamo": 4, "puolanka": 2, "paltamo": 0}, sensitive=True)
    assert shown == {"kajaani": 40, "kuhmo": 12, "sotkamo": None, "puolanka": None, "paltamo": None}


@pytest.mark.parametrize("smallest", [2, 1, 0, -1])
def test_a_rule_that_lets_a_one_be_read_is_refused(smallest: int) -> None:
    with pytest.raises(TooSmallARule, match="3 or more"):
        withhold({"fi": 1}, smallest)


@given(counts, st.integers(3, 10), st.booleans())
def test_no_small_count_is_shown(before: dict[str, int], smallest: int, sensitive: bool) -> None:
    least = 0 if sensitive and any(before.values()) else 1
    shown = withhold(before, smallest, sensitive)
    assert not [count for count in shown.values() if count is not None and least <= count < smallest]


@given(counts, st.integers(3, 10), st.booleans())
def test_what_is_shown_is_right(before: dict[str, int], smallest: int, sensitive: bool) -> None:
    shown = withhold(before, smallest, sensitive)
    assert list(shown) == list(before)
    assert all(shown[value] in (None, before[value]) for value in before)


@given(counts, st.integers(3, 10), st.booleans())
def test_the_withheld_are_several_and_together_not_small(
    before: dict[str, int], smallest: int, sensitive: bool
) -> None:
    shown = withhold(before, smallest, sensitive)
    withheld = [before[value] for value, count in shown.items() if count is None]
    enough = min(smallest, sum(before.values()))
    assert not withheld or len(before) == 1 or (len(withheld) > 1 and sum(withheld) >= enough)


@pytest.mark.parametrize("sensitive", [False, True])
@pytest.mark.parametrize(("smallest", "size", "most"), [(3, 2, 14), (3, 3, 12), (3, 4, 10), (4, 3, 14), (5, 3, 14)])
def test_one_who_knows_the_rule_itself_still_cannot_tell(smallest: int, size: int, most: int, sensitive: bool) -> None:
    """Of all lists that come out the same, every withheld count has at least two values."""
    same: defaultdict[tuple[int, Known], list[tuple[int, ...]]] = defaultdict(list)
    for total in range(1, most + 1):
        for numbers in lists([None] * size, total):
            shown = withhold(dict(enumerate_values(numbers)), smallest, sensitive)
            same[total, tuple(shown.values())].append(numbers)
    told = [
        (shown, total)
        for (total, shown), possible in same.items()
        for count, span in zip(shown, spans(possible), strict=True)
        if count is None and span.width == 0
    ]
    assert told == []


@settings(deadline=None)
@given(half, half, st.booleans())
def test_half_years_and_years_help_nobody_to_place_a_small_count_of_a_quarter(
    first: tuple[dict[str, int], ...], second: tuple[dict[str, int], ...], sensitive: bool
) -> None:
    numbers, alone, after, _ = read_a_year((first, second), sensitive)
    placed = [
        (number, before, now)
        for number, before, now in zip(numbers[:12], alone, after[:12], strict=True)
        if number < RULE and (now.low > before.low or now.width < min(RULE, before.width))
    ]
    assert placed == []


@settings(deadline=None)
@given(half, half, st.booleans())
def test_no_withheld_count_of_quarters_half_years_and_year_can_be_computed(
    first: tuple[dict[str, int], ...], second: tuple[dict[str, int], ...], sensitive: bool
) -> None:
    _, _, after, shown = read_a_year((first, second), sensitive)
    assert [span for span, count in zip(after, shown, strict=True) if count is None and span.width == 0] == []


def test_a_year_gives_away_no_quarter_by_difference() -> None:
    quarters = [{"fi": 40, "ru": 30, "so": 20}] * 3 + [{"fi": 40, "ru": 6, "so": 3}]
    year = withhold_sum(((quarters[0], quarters[1]), (quarters[2], quarters[3])))
    assert year == {"fi": 160, "ru": None, "so": None}


def test_a_year_shows_a_language_that_was_small_in_every_quarter() -> None:
    quarter_ = {"fi": 40, "en": 30, "so": 2, "fa": 3}
    assert withhold_sum(((quarter_,) * 2, (quarter_,) * 2)) == {"fi": 160, "en": 120, "so": 8, "fa": 12}


def test_the_sum_of_one_quarter_is_what_the_quarter_shows() -> None:
    assert withhold_sum({"fi": 40, "ru": 12, "so": 3}) == withhold({"fi": 40, "ru": 12, "so": 3})


@settings(deadline=None)
@given(cells, st.booleans(), st.booleans())
def test_a_table_places_no_withheld_count_more_closely_than_its_margins_do(
    before: dict[tuple[str, str], int], rows_sensitive: bool, columns_sensitive: bool
) -> None:
    table = withhold_table(before, RULE, rows_sensitive, columns_sensitive)
    bare = Table(dict.fromkeys(table.cells), table.rows, table.columns, table.total)
    shown = [*table.cells.values(), *table.rows.values(), *table.columns.values()]
    placed = [
        (number, best, now)
        for number, count, best, now in zip(true_figures(table, before), shown, read(bare), read(table), strict=True)
        if count is None and (now.width < min(RULE, best.width) or (number < RULE and now.low > best.low))
    ]
    assert placed == []


@given(cells, st.booleans(), st.booleans())
def test_a_table_shows_no_small_count_and_no_wrong_one(
    before: dict[tuple[str, str], int], rows_sensitive: bool, columns_sensitive: bool
) -> None:
    table = withhold_table(before, RULE, rows_sensitive, columns_sensitive)
    least = 0 if (rows_sensitive or columns_sensitive) and table.total else 1
    shown = {cell: count for cell, count in table.cells.items() if count is not None}
    assert all(count == before.get(cell, 0) and not least <= count < RULE for cell, count in shown.items())


@given(cells, st.booleans())
def test_the_margins_of_a_table_are_those_of_the_breakdown_on_its_own(
    before: dict[tuple[str, str], int], sensitive: bool
) -> None:
    table = withhold_table(before, RULE, sensitive_rows=sensitive)
    rows: defaultdict[str, int] = defaultdict(int)
    for (row, _), count in before.items():
        rows[row] += count
    assert table.rows == withhold(rows, RULE, sensitive)


def test_one_small_cell_takes_a_rectangle_with_it() -> None:
    table = withhold_table({("fi", "phone"): 2, ("fi", "visit"): 30, ("ru", "phone"): 40, ("ru", "visit"): 50})
    assert set(table.cells.values()) == {None}
    assert (table.rows, table.columns) == ({"fi": 32, "ru": 90}, {"phone": 42, "visit": 80})


def test_what_gives_nothing_away_stays_in_the_table() -> None:
    big = {(row, column): 20 + number for number, (row, column) in enumerate(product("abcd", "wxyz"))}
    table = withhold_table({**big, ("a", "w"): 2})
    assert sum(count is None for count in table.cells.values()) == 4


def enumerate_values(numbers: Sequence[int]) -> Iterator[tuple[str, int]]:
    return ((str(number), count) for number, count in enumerate(numbers))


def read_a_year(parts: Parts, sensitive: bool) -> tuple[list[int], list[Span], list[Span], list[int | None]]:
    """All figures of quarters, halves and year: true, as placed by the quarters alone, as placed by all, as shown."""
    assert isinstance(parts, tuple)
    halves = [part for part in parts if isinstance(part, tuple)]
    quarters = [part for half_ in halves for part in half_]
    nested = [*quarters, *halves, parts]
    shown = [list(withhold_sum(part, RULE, sensitive).values()) for part in nested]
    numbers = [count for part in nested for count in total_of(part).values()]
    totals = [sum(total_of(part).values()) for part in quarters]
    alone = [span for known, total in zip(shown[:4], totals, strict=True) for span in spans(lists(known, total))]
    after = years(shown[:4], totals, shown[4:6], shown[6])
    return numbers, alone, after, [count for known in shown for count in known]


def read(table: Table) -> list[Span]:
    rows = [[table.cells[row, column] for column in table.columns] for row in table.rows]
    return spans(tables(rows, list(table.rows.values()), list(table.columns.values()), table.total))


def true_figures(table: Table, before: dict[tuple[str, str], int]) -> list[int]:
    inner = {cell: before.get(cell, 0) for cell in table.cells}
    rows = [sum(count for cell, count in inner.items() if cell[0] == row) for row in table.rows]
    columns = [sum(count for cell, count in inner.items() if cell[1] == column) for column in table.columns]
    return [*inner.values(), *rows, *columns]
