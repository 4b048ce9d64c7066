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
texts += [(of("crisis_a", s), "crisis_a") for s in [0.105, 0.205, 0.305, 0.405, *np.linspace(0.5, 1, 96)]]
texts += [(of("crisis_a", s), "look_alike") for s in np.linspace(0, 0.39, 40)]
without = [(row, t) for row, t in texts if t != "crisis_a"]
def limits(texts):
    outcome = Outcome(np.array([row for row, _ in texts]), np.array([t for _, t in texts]), names)
    return thresholds(outcome, np.array([t == "crisis_a" and row[0] < 0.2 for row, t in texts]))
apart, rest, others = set_apart(np.array([[0.5, 0.3, 0.1, 0.1]]), ["a", "b", "c", "crisis_d"], "a")
print(json.dumps({
    "temperature": found,
    "top": float(tempered(exaggerated, found).max(axis=1).mean()),
    "thresholds": limits(texts),
    "without": limits(without),
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
    assert limits["clarify"] <= limits["answer"]
    assert (limits["crisis"], limits["crisis_offered"]) == (0.4, 0.2)  # reached by 98 and, by the model alone, by 99
    assert round(limits["crisis_denied"], 6) == 0.0105  # a tenth of what the model says of the one in the lexicon
    assert result["without"].keys() == {"answer", "clarify"}
    alone, shared, others = result["apart"]
    assert (alone, others) == ([0.5], ["b", "c", "crisis_d"])
    assert [round(chance, 6) for chance in shared[0]] == [0.675, 0.225, 0.1]  # a crisis is no likelier for it
