"""The encoder learns: a few steps on a few texts bring texts of one meaning together; in Rasa's own environment."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bot.nlu_server import PYTHON, ROOT

TUNE = """
import json, sys
from pathlib import Path
import numpy as np
from nlu.pipeline import tuning
tuning.BATCH, tuning.EPOCHS, tuning.REPORT_EVERY, tuning.WARMED_UP = 4, 4, 4, 1
tuning.tune(sys.argv[1], Path(sys.argv[2]))
with np.load(sys.argv[2]) as learnt:
    print(json.dumps({name: list(learnt[name].shape) for name in learnt}))
"""
TEXTS = {
    "bus_transport": ("bussi", "buss", "автобус", "bus ticket"),
    "dentist": ("hammas", "hambaarst", "зуб", "tooth"),
}


@pytest.mark.timeout(300)
def test_corrections_are_learnt_for_the_upper_layers_and_written(tmp_path: Path) -> None:
    blocks = (
        "".join(
            f"- intent: {intent}\n  metadata: {{language: fi}}\n  examples: |\n"
            + "".join(f"    - {one}\n" for one in texts)
            for intent, texts in TEXTS.items()
        )
        + "- intent: dentist\n  metadata: {language: uk}\n  examples: |\n    - стоматолог\n    - stomatolog\n"
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "fi.yml").write_text(f'version: "3.1"\nnlu:\n{blocks}', encoding="utf-8")
    command = [PYTHON, "-c", TUNE, str(tmp_path / "data"), str(tmp_path / "learnt.npz")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    *progress, last = done.stdout.splitlines()
    shapes = json.loads(last)
    assert shapes["l11.fi.down"] == [384, 16]
    assert shapes["l6.fo.up"] == [16, 384]
    assert "l5.q.down" not in shapes
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in progress if line.startswith("step")]
    assert losses[-1] < losses[0]
