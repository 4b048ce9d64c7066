"""Rasa featurizer: the main directions of a text's character n-grams, in one channel for all scripts."""

import json
from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.extmath import randomized_range_finder

from nlu.normalise import words
from nlu.romanise import romanised, skeleton

SPARE = 10  # directions that are looked for besides, as is usual
VOCABULARY, DIRECTIONS = "ngrams.json", "directions.npy"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramDirections(DenseFeaturizer, GraphComponent):
    """Words are taken in Latin letters, then by their consonants, so that scripts and spellings share n-grams.

    Raw counts let long texts shout down short ones, so n-grams are taken as 1 + log(count) and those of each text are
    scaled to the length `scale`, which with that of the sentence vectors says how much each counts. `directions` of
    them say as much as all. Rasa's own CountVectorsFeaturizer describes every word too: three minutes for 52,000 texts.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return []

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {
            **DenseFeaturizer.get_default_config(),
            "latin": True,  # without: words in the script they were typed in
            "min_ngram": 3,
            "max_ngram": 4,
            "min_df": 4,
            "directions": 600,
            "scale": 3.0,
            "random_state": 42,
        }

    def __init__(self, config: Dict[Text, Any], name: Text, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(name, config)
        self._storage = model_storage
        self._resource = resource
        self._counter = self._counter_of(None)
        self._directions = np.zeros((0, 0), dtype=np.float16)

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramDirections":
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramDirections":
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._counter = component._counter_of(json.loads((folder / VOCABULARY).read_text(encoding="utf-8")))
            component._directions = np.load(folder / DIRECTIONS)
        return component

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if config.get("scale", 1.0) <= 0:
            raise ValueError("NgramDirections: scale must be above 0")

    def train(self, training_data: TrainingData) -> Resource:
        counts = self._counter.fit_transform(self._letters(one.get(TEXT)) for one in _written(training_data))
        main = _main_directions(_weighed(counts), self._config["directions"], self._config["random_state"])
        self._directions = main.astype(np.float16)  # half the memory, as good
        with self._storage.write_to(self._resource) as folder:
            found = {ngram: int(place) for ngram, place in self._counter.vocabulary_.items()}
            (folder / VOCABULARY).write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            np.save(folder / DIRECTIONS, self._directions)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(_written(training_data))
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        written = [message for message in messages if message.get(TEXT)]
        if written:
            weights = _weighed(self._counter.transform(self._letters(one.get(TEXT)) for one in written))
            seen = np.unique(weights.indices)  # of one text a few hundred
            directed = self._config["scale"] * (weights[:, seen] @ self._directions[seen].astype(np.float32))
            for number, message in enumerate(written):
                row = directed[number : number + 1]
                message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]))
        return messages

    def _letters(self, text: Text) -> Text:
        known = words(text)
        return " ".join([*map(romanised, known), *map(skeleton, known)] if self._config["latin"] else known)

    def _counter_of(self, vocabulary: Any) -> CountVectorizer:
        return CountVectorizer(
            analyzer="char_wb",
            ngram_range=(self._config["min_ngram"], self._config["max_ngram"]),
            min_df=self._config["min_df"],
            lowercase=False,
            vocabulary=vocabulary,
        )


def _written(training_data: TrainingData) -> List[Message]:
    return [one for one in training_data.training_examples if one.get(TEXT)]


def _weighed(counts: csr_matrix) -> csr_matrix:
    weights = counts.astype(np.float32)
    weights.data = 1 + np.log(weights.data)
    return normalize(weights)


def _main_directions(weights: csr_matrix, count: int, random_state: int) -> np.ndarray:
    """Unit vectors, shape (n-grams, directions), along which the texts differ most, by a randomised SVD (Halko et al.).

    scikit-learn's TruncatedSVD says as much (0.48 of the whole) in three times the time: it decomposes all of `seen`.
    """
    found = randomized_range_finder(weights, size=count + SPARE, n_iter=1, random_state=random_state)
    seen = weights.T @ found
    _, turned = np.linalg.eigh(seen.T @ seen)  # from the smallest to the largest
    return np.ascontiguousarray(normalize(seen @ turned[:, : -count - 1 : -1], axis=0))
