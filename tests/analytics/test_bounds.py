"""How far a hidden figure can move while the shown ones stay."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from analytics.bounds import Figure, Slack, slack

SQUARE: Mapping[Hashable, Figure] = {
    (row, column): Figure(row, column, count)
    for (row, column), count in {
        ("fi", "phone"): 2, ("fi", "visit"): 30, ("ru", "phone"): 3, ("ru", "visit"): 50,
    }.items()
}  # fmt: skip
LIST: Mapping[Hashable, Figure] = {name: Figure("all", "total", count) for name, count in {"a": 3, "b": 9}.items()}


def test_a_figure_that_is_hidden_alone_cannot_move() -> None:
    assert slack(LIST, ["a"], "a", 100) == Slack(0, 0)


def test_two_hidden_figures_of_one_sum_share_it() -> None:
    assert slack(LIST, ["a", "b"], "a", 100) == Slack(3, 9)


def test_a_rectangle_moves_as_far_as_its_corners_let_it() -> None:
    assert slack(SQUARE, list(SQUARE), ("fi", "phone"), 100) == Slack(2, 3)


def test_three_corners_do_not_move() -> None:
    assert slack(SQUARE, list(SQUARE)[:3], ("fi", "phone"), 100) == Slack(0, 0)


def test_no_more_is_counted_than_is_enough() -> None:
    assert slack(LIST, ["a", "b"], "a", 5) == Slack(3, 5)


def test_a_change_that_blocks_another_is_taken_back() -> None:
    """The shortest way to make up for one more, s-a-y-t, grows "ay", which must shrink again for s-b-y-a-x-z-t."""
    one_way = {"sa": "as", "sb": "bs", "ax": "xa", "by": "yb", "yt": "ty", "xz": "zx", "zt": "tz"}
    figures: dict[Hashable, Figure] = {name: Figure(ends[0], ends[1], 1) for name, ends in one_way.items()}
    figures |= {"ay": Figure("a", "y", 0), "target": Figure("t", "s", 0)}
    assert slack(figures, list(figures), "target", 2) == Slack(0, 2)
