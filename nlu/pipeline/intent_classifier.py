"""Rasa intent classifier: small networks on sentence vectors and the main directions of n-grams, calibrated."""

import json
import warnings
from typing import Any, Dict, List, NamedTuple, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as Classifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import normalize

from nlu.pipeline.judgement import Outcome, set_apart, temperature, tempered, thresholds

THRESHOLDS = "thresholds"  # in the parse answer
FOLLOW_UP = "follow_up"  # a label of the training data that is no intent: it goes into the answer by itself
ARRAYS, JUDGEMENT = "networks.npz", "judgement.json"
KEPT_BACK = "kept_back"  # in the metadata of an intent's examples: nothing learns from them


class Network(NamedTuple):
    """One hidden layer."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray

    def logs(self, features: np.ndarray) -> np.ndarray:
        """Logarithms of the labels' probabilities."""
        raised = np.maximum(features @ self.hidden + self.hidden_bias, 0) @ self.out + self.out_bias
        raised -= raised.max(axis=1, keepdims=True)
        return raised - np.log(np.exp(raised).sum(axis=1, keepdims=True))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, Classifier):
    """`ngrams` is the length of a text's n-gram vector; `components` of their main directions are learnt from.

    Raw counts let long texts shout down short ones, so each text's n-grams are taken as 1 + log(count) and scaled to
    the same length. `networks` of `hidden` units each are averaged; `alpha` regularises them, `epochs` they are taught.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "ngrams": 3.0,
            "components": 600,
            "networks": 2,
            "hidden": 512,
            "alpha": 3e-3,
            "epochs": 10,
            "random_state": 42,
        }

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._labels: List[Text] = []
        self._directions = np.zeros((0, 0), dtype=np.float32)
        self._networks: List[Network] = []
        self._temperature = 1.0
        self._thresholds: Dict[Text, float] = {}

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "IntentClassifier":
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "IntentClassifier":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            judged = json.loads((folder / JUDGEMENT).read_text(encoding="utf-8"))
            with np.load(folder / ARRAYS) as arrays:
                component._directions = arrays["directions"]
                component._networks = [
                    Network(*(arrays[f"{number}.{part}"] for part in Network._fields))
                    for number in range(config["networks"])
                ]
        component._labels = judged["labels"]
        component._temperature = judged["temperature"]
        component._thresholds = judged[THRESHOLDS]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all texts but those that are `kept_back`; on these find the temperature and the thresholds."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        kept = np.array([_is_kept_back(one) for one in examples])
        features, truth = self._learn_directions(examples), np.array([one.get(INTENT) for one in examples])
        labels, places = np.unique(truth[~kept], return_inverse=True)
        self._labels = labels.tolist()
        self._networks = self._teach(features[~kept], places)
        if kept.any():
            self._judge(self._logs(features[kept]), truth[kept])
        self._persist()
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        logs = self._logs(np.hstack([self._ngrams(messages) @ self._directions.T, _dense(messages)]))
        follow_up, intents, names = set_apart(tempered(logs, self._temperature), self._labels, FOLLOW_UP)
        for message, chances, chance in zip(messages, intents, follow_up):
            ranking = [{"name": names[place], "confidence": float(chances[place])} for place in np.argsort(-chances)]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set(FOLLOW_UP, float(chance), add_to_output=True)
            message.set(THRESHOLDS, self._thresholds, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _judge(self, logs: np.ndarray, truth: np.ndarray) -> None:
        known = np.isin(truth, self._labels)  # look-alikes of crises have no label
        places = np.searchsorted(self._labels, truth[known])
        self._temperature = temperature(logs[known], places)
        _, chances, names = set_apart(tempered(logs, self._temperature), self._labels, FOLLOW_UP)
        self._thresholds = thresholds(Outcome(chances, truth, names))
        right = (logs[known].argmax(axis=1) == places).mean()
        print(
            f"kept back: {len(truth)} texts, {right:.3f} right, temperature {self._temperature:.2f}, "
            f"thresholds {self._thresholds}",
            flush=True,
        )

    def _learn_directions(self, examples: List[Message]) -> np.ndarray:
        """The features of the training texts."""
        directions = TruncatedSVD(self._config["components"], n_iter=2, random_state=self._config["random_state"])
        shortened = directions.fit_transform(self._ngrams(examples))
        self._directions = directions.components_.astype(np.float32)
        return np.hstack([shortened.astype(np.float32), _dense(examples)])

    def _teach(self, features: np.ndarray, truth: np.ndarray) -> List[Network]:
        taught = []
        for number in range(self._config["networks"]):
            network = MLPClassifier(
                (self._config["hidden"],),
                alpha=self._config["alpha"],
                batch_size=256,
                learning_rate_init=2e-3,
                max_iter=self._config["epochs"],
                random_state=self._config["random_state"] + number,
            )
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is the point
                network.fit(features, truth)
            (hidden, out), (hidden_bias, out_bias) = network.coefs_, network.intercepts_
            taught.append(Network(hidden, hidden_bias, out, out_bias))
            print(f"network {number + 1} of {self._config['networks']}, {len(truth)} texts", flush=True)
        return taught

    def _logs(self, features: np.ndarray) -> np.ndarray:
        """The networks' mean."""
        return np.mean([network.logs(features) for network in self._networks], axis=0)

    def _ngrams(self, messages: List[Message]) -> csr_matrix:
        """Rasa hands features out as (of the words, of the sentence)."""
        counts = [csr_matrix(one.get_sparse_features(attribute=TEXT)[1].features) for one in messages]
        ngrams = vstack(counts).astype(np.float32)
        ngrams.data = 1 + np.log(ngrams.data)
        return normalize(ngrams) * self._config["ngrams"]

    def _persist(self) -> None:
        judged = {"labels": self._labels, "temperature": self._temperature, THRESHOLDS: self._thresholds}
        arrays = {
            f"{number}.{part}": getattr(network, part)
            for number, network in enumerate(self._networks)
            for part in Network._fields
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / JUDGEMENT).write_text(json.dumps(judged), encoding="utf-8")
            np.savez(folder / ARRAYS, directions=self._directions, **arrays)


def _is_kept_back(message: Message) -> bool:
    return bool(message.get(METADATA, {}).get(METADATA_INTENT, {}).get(KEPT_BACK))


def _dense(messages: List[Message]) -> np.ndarray:
    return np.vstack([one.get_dense_features(attribute=TEXT)[1].features for one in messages]).astype(np.float32)
