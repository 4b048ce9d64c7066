"""How confidences and thresholds are set; in Rasa's own environment."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from bot.nlu_server import PYTHON, ROOT

TRY = """
import json
import numpy as np
from nlu.pipeline.judgement import Outcome, set_apart, temperature, tempered, thresholds

chance = np.random.default_rng(1)
# Five labels; 4,000 texts whose label is likeliest with 0.8, said with an exaggerated 0.8 ** 2 and so on.
honest = np.full((4000, 5), 0.05)
honest[np.arange(4000), chance.integers(0, 5, 4000)] = 0.8
truth = np.array([chance.choice(5, p=row) for row in honest])
exaggerated = np.log(honest) * 2
found = temperature(exaggerated, truth)

names = ["crisis_a", "day_care", "out_of_scope", "school"]
def of(name, first, other="school"):
    row = np.full(4, 0.0)
    row[names.index(name)] = first
    row[names.index(other if other != name else "day_care")] += 1 - first
    return row
texts = [(of("school", s), "school") for s in np.linspace(0.7, 0.99, 40)]
texts += [(of("school", s), "day_care") for s in np.linspace(0.51, 0.69, 40)]
texts += [(of("crisis_a", s), "crisis_a") for s in np.linspace(0.4, 1, 40)]
texts += [(of("crisis_a", s), "look_alike") for s in np.linspace(0, 0.39, 40)]
apart, rest, others = set_apart(np.array([[0.5, 0.3, 0.1, 0.1]]), ["a", "b", "c", "crisis_d"], "a")
print(json.dumps({
    "temperature": found,
    "top": float(tempered(exaggerated, found).max(axis=1).mean()),
    "thresholds": thresholds(Outcome(np.array([row for row, _ in texts]), np.array([t for _, t in texts]), names)),
    "apart": [apart.tolist(), rest.tolist(), others],
}))
"""


def found() -> dict[str, Any]:
    done = subprocess.run([PYTHON, "-c", TRY], capture_output=True, text=True, cwd=ROOT, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_confidences_become_true_and_thresholds_part_what_is_right_from_what_is_not() -> None:
    result = found()
    assert abs(result["temperature"] - 2) < 0.15
    assert abs(result["top"] - 0.8) < 0.02
    limits = result["thresholds"]
    assert 0.69 < limits["answer"] <= 0.71
    assert 0.38 < limits["crisis"] <= 0.41
    assert limits["clarify"] <= limits["answer"]
    assert limits["crisis_offered"] <= limits["crisis"]
    alone, shared, others = result["apart"]
    assert (alone, others) == ([0.5], ["b", "c", "crisis_d"])
    assert [round(chance, 6) for chance in shared[0]] == [0.675, 0.225, 0.1]  # a crisis is no likelier for it
