"""Rasa intent classifier: small networks on a text's features, calibrated."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
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
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from nlu.crisis import CrisisDetector
from nlu.lexicons import CRISIS_LEXICONS, load_lexicons
from nlu.pipeline.early_stop import stopping_early
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
    """The mean of small networks. `networks` says for each which features it looks at, by their featurizers' names.

    Each has `hidden` units; `alpha` regularises them, `epochs` they are taught. Networks that look at different things
    are wrong in different places: their mean is better than each by three points.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            "networks": [[], []],  # of all features
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
                component._networks = [
                    Network(*(arrays[f"{number}.{part}"] for part in Network._fields))
                    for number in range(len(config["networks"]))
                ]
        component._labels = judged["labels"]
        component._temperature = judged["temperature"]
        component._thresholds = judged[THRESHOLDS]
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all texts but those that are `kept_back`; on these find the temperature and the thresholds."""
        examples = [one for one in training_data.intent_examples if one.get(TEXT)]
        kept = np.array([is_kept_back(one) for one in examples])
        truth = np.array([one.get(INTENT) for one in examples])
        labels, places = np.unique(truth[~kept], return_inverse=True)
        self._labels = labels.tolist()
        features = self._features(examples)
        # One network a core: two cores on one network's small batches gain little.
        with stopping_early(), threadpool_limits(1), ThreadPoolExecutor(os.cpu_count()) as cores:
            learnt = (seen[~kept] for seen in features)
            self._networks = list(cores.map(self._teach, range(len(features)), learnt, repeat(places)))
        if kept.any():
            detector = CrisisDetector(load_lexicons(CRISIS_LEXICONS))
            in_lexicon = [detector.detect(one.get(TEXT)) is not None for one in examples if is_kept_back(one)]
            self._judge(self._logs([seen[kept] for seen in features]), truth[kept], np.array(in_lexicon))
        self._persist()
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        logs = self._logs(self._features(messages))
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

    def _judge(self, logs: np.ndarray, truth: np.ndarray, in_lexicon: np.ndarray) -> None:
        known = np.isin(truth, self._labels)  # look-alikes of crises have no label
        places = np.searchsorted(self._labels, truth[known])
        self._temperature = temperature(logs[known], places)
        _, chances, names = set_apart(tempered(logs, self._temperature), self._labels, FOLLOW_UP)
        self._thresholds = thresholds(Outcome(chances, truth, names), in_lexicon)
        right = (logs[known].argmax(axis=1) == places).mean()
        print(
            f"kept back: {len(truth)} texts, {right:.3f} right, temperature {self._temperature:.2f}, "
            f"thresholds {self._thresholds}",
            flush=True,
        )

    def _teach(self, number: int, features: np.ndarray, truth: np.ndarray) -> Network:
        network = MLPClassifier(
            (self._config["hidden"],),
            alpha=self._config["alpha"],
            batch_size=256,
            learning_rate_init=2e-3,
            max_iter=self._config["epochs"],
            random_state=self._config["random_state"] + number,
        )
        network.fit(features, truth)
        (hidden, out), (hidden_bias, out_bias) = network.coefs_, network.intercepts_
        print(f"network {number + 1} of {len(self._config['networks'])}, {len(truth)} texts", flush=True)
        return Network(hidden, hidden_bias, out, out_bias)

    def _features(self, messages: List[Message]) -> List[np.ndarray]:
        """For each network what the featurizers found of the texts as wholes: float32, shape (texts, features)."""
        return [np.stack([_features_of(one, seen) for one in messages]) for seen in self._config["networks"]]

    def _logs(self, features: List[np.ndarray]) -> np.ndarray:
        """The networks' mean."""
        return np.mean([network.logs(seen) for network, seen in zip(self._networks, features)], axis=0)

    def _persist(self) -> None:
        judged = {"labels": self._labels, "temperature": self._temperature, THRESHOLDS: self._thresholds}
        arrays = {
            f"{number}.{part}": getattr(network, part)
            for number, network in enumerate(self._networks)
            for part in Network._fields
        }
        with self._storage.write_to(self._resource) as folder:
            (folder / JUDGEMENT).write_text(json.dumps(judged), encoding="utf-8")
            np.savez(folder / ARRAYS, **arrays)


def is_kept_back(message: Message) -> bool:
    return bool(message.get(METADATA, {}).get(METADATA_INTENT, {}).get(KEPT_BACK))


def _features_of(message: Message, featurizers: List[Text]) -> np.ndarray:
    """Rasa hands features out as (of the words, of the sentence); those of all featurizers when none is named."""
    _, dense = message.get_dense_features(TEXT, featurizers)
    _, sparse = message.get_sparse_features(TEXT, featurizers)
    parts = [dense.features[0]] if dense else []
    parts += [sparse.features.toarray()[0]] if sparse else []
    return np.concatenate(parts).astype(np.float32)
