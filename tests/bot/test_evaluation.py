"""The figures of an evaluation, and the gate that they have to pass."""

from __future__ import annotations

import pytest

from bot.commands.evaluation import held
from bot.commands.evaluation_report import Evaluation, Raised, Redacted, figures, markdown, tables
from bot.commands.faults import Stop
from bot.commands.pages import page
from nlu.evaluation.scores import Judged
from nlu.evaluation.sets import Alarm

EVALUATION = Evaluation(
    judged=[
        Judged("en", "tax_card", "a tax card", "en", (("tax_card", 0.9), ("school", 0.1)), "answer"),
        Judged("en", "school", "a school", "en", (("day_care", 0.6), ("school", 0.4)), "clarify"),
        Judged("fi", "out_of_scope", "sää", "fi", (("out_of_scope", 0.8), ("school", 0.2)), "answer"),
    ],
    raised=[
        Raised(Alarm("en", "violence", "he hits me"), True, True, True),
        Raised(Alarm("en", "violence", "he is angry"), False, False, True),
        Raised(Alarm("en", None, "boxing club"), False, False, False),
    ],
    followed=[("en", True), ("en", False)],
    redacted=[Redacted("en", 4, 1, True), Redacted("en", 0, 0, False)],
    left_out=2,
    identify=lambda text: "en",
)


def test_the_figures_are_shares_of_what_was_right() -> None:
    assert figures(EVALUATION) == {
        "intent en": 0.5,
        "intent fi": 1.0,
        "crisis en": 0.5,
        "no false alarm": 1.0,
        "out of scope": 1.0,
        "redaction": 0.75,
    }


def test_every_table_is_shown_in_markdown_and_html() -> None:
    found = tables(EVALUATION)
    text = markdown(found)
    shown = page("evaluation.html", tables=found, reliability=[(0.9, 1.0, 1)])
    assert all(table.title in text and table.title in shown for table in found)
    assert "| en | 2 | 0.500 | 1.000 |" in text


def test_the_gate_closes_when_a_figure_falls_by_more_than_two_points_or_is_missing() -> None:
    held({"intent en": 0.90}, {"intent en": 0.915})
    with pytest.raises(Stop, match=r"intent en: 0\.890, recorded 0\.915"):
        held({"intent en": 0.89}, {"intent en": 0.915})
    with pytest.raises(Stop, match="intent fi"):
        held({"intent en": 0.9}, {"intent en": 0.9, "intent fi": 0.9})
