"""Rasa intent classifier: Rasa's logistic regression with the two knobs it lacks, regularisation and feature weight."""

from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """`C` is the inverse strength of regularisation; `ngrams` the length of a text's n-gram vector.

    Raw counts let long texts shout down short ones and slow the optimiser fourfold, so each text's n-grams are taken
    as 1 + log(count) and scaled to the same length.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), "C": 1.0, "ngrams": 3.0}

    def __init__(self, config: Dict[Text, Any], name: Text, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"])

    def _create_X(self, messages: List[Message]) -> csr_matrix:
        ngrams = vstack([_ngrams(message) for message in messages]).astype(np.float64)
        ngrams.data = 1 + np.log(ngrams.data)
        dense = [message.get_dense_features(attribute=TEXT)[1].features for message in messages]
        return hstack([normalize(ngrams) * self.config["ngrams"], csr_matrix(np.vstack(dense))]).tocsr()


def _ngrams(message: Message) -> csr_matrix:
    """Rasa hands features out as (of the words, of the sentence)."""
    return csr_matrix(message.get_sparse_features(attribute=TEXT)[1].features)
