"""What the comparison trains on, and what it prints."""

from __future__ import annotations

from bot.commands.comparison import Measured, _table
from bot.commands.evaluation_report import markdown
from nlu.evaluation.sets import thinned

BLOCKS = """version: "3.1"
nlu:
- intent: greet
  metadata: {language: fi}
  examples: |
    - a
    - b
    - c
    - d
- intent: thanks
  metadata: {language: fi}
  examples: |
    - e
    - f
"""


def test_one_example_in_so_many_of_each_intent_is_kept() -> None:
    kept = [
        line.strip()
        for line in thinned(BLOCKS, lambda place: place % 3 == 0).splitlines()
        if line.strip().startswith("- ")
    ]
    assert kept == ["- intent: greet", "- a", "- d", "- intent: thanks", "- e"]
    assert thinned(BLOCKS, lambda place: True) == BLOCKS


def test_the_table_says_what_each_pipeline_is() -> None:
    measured = Measured("untuned", "Ours, untuned.", {"fi": 0.5, "sv": 0.7}, 12.0, [0.010, 0.020, 0.030], 800.0)
    text = markdown("Comparison", [_table([measured], 3)])
    assert "one text in 3" in text
    assert "* untuned: Ours, untuned." in text
    assert "| untuned | 0.500 | 0.700 | 0.600 | 12 | 20 |" in text
