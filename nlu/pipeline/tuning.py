"""Tunes the encoder to what people ask here: corrections of low rank to its matrices, learnt from the training data.

`kaspa tune` runs it, for most of an hour, and writes `tuned.npz`, which is kept with the code: `kaspa train` starts
from there and takes minutes. It is worth running again when the training data has changed a lot.
The method is LoRA (Hu et al. 2021): the encoder's own matrices stay as they are, and to each the product of two thin
ones is added, so that the little data there is of a language cannot make it forget the others.
"""

import os
import sys
import tempfile
import time
from math import ceil
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Sequence, Tuple

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT

from nlu.pipeline.e5_weights import MATRICES, Weights
from nlu.pipeline.encoder import CORRECTIONS, embed
from nlu.pipeline.intent_classifier import is_kept_back
from nlu.pipeline.respeller import Respeller
from nlu.pipeline.sentence_vectors import own_texts
from nlu.pipeline.training_files import TrainingFiles

TUNED_LAYERS = range(7, 13)
RANK = 16
EPOCHS = 3
BATCH = 64  # texts of like length
RATE, WARMED_UP, LEAST_RATE = 1e-3, 200, 0.02  # learning rate; steps until it is reached; its share at the end
SMOOTHING = 0.1  # of labels: a tenth of the truth is spread over all
DROPPED = 0.1  # of what the corrections see
LENGTH = 20.0  # of the vectors, for the classifier that is learnt along and thrown away
SAMPLED = 30  # batches, for their mean
REPORT_EVERY = 50  # steps


class Example(NamedTuple):
    text: str
    label: int


class Corrections:
    """Two thin matrices for each of the tuned layers'; the second begins as zeros, so that nothing is corrected."""

    def __init__(self, weights: Weights, layers: Sequence[int], chance: np.random.Generator) -> None:
        wide = {"fi": (weights.hidden, weights.inner), "fo": (weights.inner, weights.hidden)}
        self.pairs: Dict[str, Tuple[tf.Variable, tf.Variable]] = {}
        for layer in layers:
            for matrix in MATRICES:
                given, made = wide.get(matrix, (weights.hidden, weights.hidden))
                down = chance.normal(0, given**-0.5, (given, RANK)).astype(np.float32)
                name = f"l{layer - 1}.{matrix}"
                self.pairs[name] = (tf.Variable(down), tf.Variable(tf.zeros((RANK, made))))

    def variables(self) -> List[tf.Variable]:
        return [variable for pair in self.pairs.values() for variable in pair]

    def save(self, path: Path) -> None:
        arrays = {}
        for name, (down, up) in self.pairs.items():
            arrays[f"{name}.down"], arrays[f"{name}.up"] = (part.numpy().astype(np.float16) for part in (down, up))
        np.savez_compressed(path, **arrays)


class Layers:
    """The encoder's layers in TensorFlow, as e5_graph has them in ONNX, with corrections that can be learnt."""

    def __init__(self, weights: Weights, count: int, corrections: Corrections) -> None:
        self._heads, self._epsilon = weights.heads, weights.epsilon
        self._corrections = corrections.pairs
        self._matrices, self._vectors = {}, {}
        for number in range(count):
            for matrix in MATRICES:
                name = f"l{number}.{matrix}"
                columns = weights.inner if matrix == "fo" else weights.hidden
                self._matrices[name] = tf.constant(weights.matrix(f"{name}.w", columns).T.copy())
                self._vectors[f"{name}.b"] = tf.constant(weights.vector(f"{name}.b"))
            for norm in ("aln", "oln"):
                for part in "wb":
                    name = f"l{number}.{norm}.{part}"
                    self._vectors[name] = tf.constant(weights.vector(name))
        self._count = count

    def vectors(self, states: tf.Tensor, mask: tf.Tensor, learning: bool = False) -> tf.Tensor:
        """Unit vectors, (texts, hidden), from embedded words, (texts, tokens, hidden), and a mask of real tokens."""
        away = (1 - mask[:, None, None, :]) * -1e4
        for number in range(self._count):
            states = self._layer(f"l{number}.", states, away, learning)
        return tf.math.l2_normalize(tf.reduce_sum(states * mask[..., None], axis=1), axis=-1)

    def _layer(self, at: str, given: tf.Tensor, away: tf.Tensor, learning: bool) -> tf.Tensor:
        asked, offered, said = (self._split(self._dense(f"{at}{part}", given, learning)) for part in "qkv")
        closeness = tf.matmul(asked, offered, transpose_b=True) / tf.math.sqrt(tf.cast(tf.shape(asked)[-1], tf.float32))
        seen = tf.transpose(tf.matmul(tf.nn.softmax(closeness + away), said), (0, 2, 1, 3))
        attention = self._dense(f"{at}ao", tf.reshape(seen, tf.shape(given)), learning)
        middle = self._normalised(f"{at}aln", given + attention)
        wide = tf.nn.gelu(self._dense(f"{at}fi", middle, learning))
        return self._normalised(f"{at}oln", middle + self._dense(f"{at}fo", wide, learning))

    def _split(self, states: tf.Tensor) -> tf.Tensor:
        texts, tokens, hidden = tf.unstack(tf.shape(states))
        return tf.transpose(tf.reshape(states, (texts, tokens, self._heads, hidden // self._heads)), (0, 2, 1, 3))

    def _dense(self, name: str, given: tf.Tensor, learning: bool) -> tf.Tensor:
        made = tf.tensordot(given, self._matrices[name], 1) + self._vectors[f"{name}.b"]
        if name not in self._corrections:
            return made
        down, up = self._corrections[name]
        return made + tf.tensordot(tf.tensordot(tf.nn.dropout(given, DROPPED) if learning else given, down, 1), up, 1)

    def _normalised(self, name: str, states: tf.Tensor) -> tf.Tensor:
        mean, variance = tf.nn.moments(states, axes=[-1], keepdims=True)
        scaled = (states - mean) * tf.math.rsqrt(variance + self._epsilon)
        return scaled * self._vectors[f"{name}.w"] + self._vectors[f"{name}.b"]


class Rate(tf.keras.optimizers.schedules.LearningRateSchedule):
    """Up in a straight line, then down in one."""

    def __init__(self, steps: int) -> None:
        self._steps = float(steps)

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        done = tf.cast(step, tf.float32)
        return RATE * tf.minimum(done / WARMED_UP, 1.0) * tf.maximum(LEAST_RATE, 1 - done / self._steps)


class Teacher:
    """Learns corrections, and a classifier along with them that is thrown away, one batch after another."""

    def __init__(self, weights: Weights, labels: int, steps: int, chance: np.random.Generator) -> None:
        self.corrections = Corrections(weights, TUNED_LAYERS, chance)
        self._weights, self._labels = weights, labels
        self._layers = Layers(weights, max(TUNED_LAYERS), self.corrections)
        self._centre = tf.Variable(tf.zeros(weights.hidden), trainable=False)
        self._head, self._bias = tf.Variable(tf.zeros((weights.hidden, labels))), tf.Variable(tf.zeros(labels))
        self._optimizer = tf.keras.optimizers.Adam(Rate(steps), clipnorm=1.0)
        states, mask = tf.TensorSpec((None, None, weights.hidden)), tf.TensorSpec((None, None))
        self._step = tf.function(self._learn, input_signature=[states, mask, tf.TensorSpec((None,), tf.int32)])

    def centre_on(self, batches: Sequence[List[Example]]) -> None:
        """Take their mean away from all vectors: without it they all point one way (see sentence_vectors)."""
        seen = [self._layers.vectors(*self._embedded(batch)) for batch in batches]
        self._centre.assign(tf.reduce_mean(tf.concat(seen, 0), axis=0))

    def learn(self, batch: List[Example]) -> float:
        """One step. Returns the loss before it."""
        return float(self._step(*self._embedded(batch), np.array([one.label for one in batch])))

    def _embedded(self, batch: List[Example]) -> Tuple[np.ndarray, np.ndarray]:
        return embed(self._weights, [one.text for one in batch])

    def _learn(self, states: tf.Tensor, mask: tf.Tensor, truth: tf.Tensor) -> tf.Tensor:
        variables = [*self.corrections.variables(), self._head, self._bias]
        with tf.GradientTape() as tape:
            vectors = self._layers.vectors(states, mask, learning=True) - self._centre
            raised, wanted = LENGTH * tf.matmul(vectors, self._head) + self._bias, tf.one_hot(truth, self._labels)
            surprise = tf.keras.losses.categorical_crossentropy(wanted, raised, True, label_smoothing=SMOOTHING)
            loss = tf.reduce_mean(surprise)
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return loss


def tune(training_data: str, path: Path) -> None:
    """Learn corrections from all texts there but those that are kept back, and write them."""
    examples, labels = _examples(training_data)
    chance = np.random.default_rng(42)
    steps = EPOCHS * ceil(len(examples) / BATCH)
    teacher = Teacher(Weights(), labels, steps, chance)
    teacher.centre_on(list(_batches(examples, chance))[:SAMPLED])
    began, losses = time.monotonic(), []
    for _ in range(EPOCHS):
        for batch in _batches(examples, chance):
            losses.append(teacher.learn(batch))
            if len(losses) % REPORT_EVERY == 0:
                lately, minutes = np.mean(losses[-REPORT_EVERY:]), (time.monotonic() - began) / 60
                print(f"step {len(losses)} of {steps}, loss {lately:.3f}, {minutes:.0f} minutes", flush=True)
    teacher.corrections.save(path)


def _examples(training_data: str) -> Tuple[List[Example], int]:
    """Texts in their own script, as the encoder gets them; and how many labels there are."""
    data = TrainingFiles(training_data_paths=training_data).get_nlu_data()
    with tempfile.TemporaryDirectory() as folder:
        respeller = Respeller.create({}, LocalModelStorage(Path(folder)), Resource("respeller"), None)
        respeller.train(data)
        respeller.process_training_data(data)
    learnt = [message for message in data.intent_examples if not is_kept_back(message)]
    labels, places = np.unique([message.get(INTENT) for message in learnt], return_inverse=True)
    return [Example(text, int(place)) for text, place in zip(own_texts(learnt), places)], len(labels)


def _batches(examples: Sequence[Example], chance: np.random.Generator) -> Iterator[List[Example]]:
    """Of texts of about one length, in any order."""
    by_length = sorted(examples, key=lambda one: len(one.text) * chance.uniform(0.8, 1.2))
    batches = [by_length[start : start + BATCH] for start in range(0, len(by_length), BATCH)]
    for place in chance.permutation(len(batches)):
        yield batches[place]


if __name__ == "__main__":
    tune(sys.argv[1], CORRECTIONS)
