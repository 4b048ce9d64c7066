"""Our importer of training data against Rasa's own; in Rasa's own environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bot.nlu_server import PYTHON, ROOT

GOOD = """version: "3.1"
nlu:
- intent: greet
  metadata: {language: fi}
  examples: |
    - moi
    -  hei: "kaikki" – #1
- intent: thanks
  metadata: {language: fi, kept_back: true}
  examples: |
    - kiitos
"""
READ = """
import sys
from rasa.shared.importers.rasa import RasaFileImporter
from nlu.pipeline.training_files import BadTrainingData, TrainingFiles
try:
    ours = TrainingFiles(training_data_paths=sys.argv[1]).get_nlu_data()
except BadTrainingData as error:
    sys.exit(str(error))
theirs = RasaFileImporter(training_data_paths=[sys.argv[1]]).get_nlu_data()
print(len(ours.training_examples))
print([one.data for one in ours.training_examples] == [one.data for one in theirs.training_examples])
"""


def read(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PYTHON, "-c", READ, str(folder)], capture_output=True, text=True, cwd=ROOT)


def test_it_reads_what_rasas_own_reads(tmp_path: Path) -> None:
    (tmp_path / "fi.yml").write_text(GOOD, encoding="utf-8")
    assert read(tmp_path).stdout.split() == ["3", "True"]


@pytest.mark.parametrize("fault", ["    moi", "    -moi"])
def test_a_line_that_is_no_example_is_named(tmp_path: Path, fault: str) -> None:
    (tmp_path / "fi.yml").write_text(GOOD.replace("    - moi", fault), encoding="utf-8")
    done = read(tmp_path)
    assert done.returncode == 1
    assert "fi.yml: block 1 (greet): a line without '- '" in done.stderr


def test_a_block_without_examples_is_named(tmp_path: Path) -> None:
    (tmp_path / "fi.yml").write_text('version: "3.1"\nnlu:\n- intent: greet\n', encoding="utf-8")
    done = read(tmp_path)
    assert done.returncode == 1
    assert "fi.yml: block 1 needs `intent` and `examples`, and has intent" in done.stderr
