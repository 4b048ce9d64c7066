"""What is measured on: nothing that was trained on."""

from __future__ import annotations

from pathlib import Path

from nlu.evaluation.sets import Alarm, Question, trained_on, unseen

DATA = """\
version: "3.1"
nlu:
- intent: thanks
  examples: |
    - Thank you!
"""


def test_a_text_that_was_trained_on_is_left_out_however_it_is_spelt(tmp_path: Path) -> None:
    (tmp_path / "en.yml").write_text(DATA)
    asked = [Question("en", "thanks", "thank you"), Question("en", "thanks", "thank you so much")]
    assert unseen(asked, trained_on(tmp_path)) == asked[1:]
    assert unseen([Alarm("en", None, "THANK YOU")], trained_on(tmp_path)) == []
