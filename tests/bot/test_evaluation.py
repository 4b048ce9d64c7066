"""The figures of an evaluation, and the gate that they have to pass."""

from __future__ import annotations

import pytest

from bot.commands.evaluation import held
from bot.commands.evaluation_report import Evaluation, Figure, Raised, Redacted, figures, markdown, tables
from bot.commands.faults import Stop
from bot.commands.pages import page
from nlu.evaluation.scores import Judged
from nlu.evaluation.sets import Alarm

EVALUATION = Evaluation(
    judged=[
        Judged("en", "tax_card", "a tax card", "en", (("tax_card", 0.9), ("school", 0.1)), "answer", ("tax_card",)),
        Judged("en", "school", "a school", "en", (("day_care", 0.6), ("school", 0.4)), "clarify"),
        Judged(
            "fi", "out_of_scope", "sää?", "fi", (("out_of_scope", 0.8), ("school", 0.2)), "answer", ("out_of_scope",)
        ),
    ],
    raised=[
        Raised(Alarm("en", "violence", "he hits me"), lexicon=True, shown=True, answered=False, offered=True),
        Raised(Alarm("en", "violence", "he is angry"), lexicon=False, shown=False, answered=False, offered=True),
        Raised(Alarm("en", None, "boxing club"), lexicon=False, shown=False, answered=False, offered=False),
    ],
    followed=[("en", True), ("en", False)],
    redacted=[Redacted("en", 4, 1, True), Redacted("en", 0, 0, False)],
    left_out=2,
    identify=lambda text: "en",
)


def test_the_figures_are_shares_of_what_was_right() -> None:
    assert figures(EVALUATION) == {
        "intent en": Figure(0.5, 2),
        "intent fi": Figure(1.0, 1),
        "crisis en": Figure(0.5, 2),
        "no false alarm": Figure(1.0, 1),
        "out of scope": Figure(1.0, 3),
        "redaction": Figure(0.75, 4),
    }


def test_every_table_is_shown_in_markdown_and_html() -> None:
    found = tables(EVALUATION)
    text = markdown("Evaluation", found)
    shown = page("evaluation.html", tables=found, reliability=[(0.9, 1.0, 1)])
    assert all(table.title in text and table.title in shown for table in found)
    assert "| en | 2 | 0.500 | 1.000 |" in text
    assert "| in scope | 0.500 | 0.000 | 0.500 | 0.000 | 0.000 | 0.000 |" in text
    assert "| out of scope | 0.000 | 0.000 | 0.000 | 1.000 | 0.000 | 0.000 |" in text


def test_the_gate_closes_when_a_figure_falls_by_more_than_two_points_and_chance_or_is_missing() -> None:
    recorded = {"intent en": Figure(0.9, 900)}  # half a standard error is half a point
    held({"intent en": Figure(0.876, 900)}, recorded)
    with pytest.raises(Stop, match=r"intent en: 0\.874, recorded 0\.900"):
        held({"intent en": Figure(0.874, 900)}, recorded)
    with pytest.raises(Stop, match="intent fi"):
        held({"intent en": Figure(0.9, 900)}, {**recorded, "intent fi": Figure(0.9, 900)})
