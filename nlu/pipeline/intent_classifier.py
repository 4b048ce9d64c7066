"""Rasa intent classifier: Rasa's logistic regression on vectors and the main directions of the n-grams."""

from typing import Any, Dict, List, Text

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(LogisticRegressionClassifier):
    """`C` is the inverse strength of regularisation; `ngrams` the length of a text's n-gram vector.

    Raw counts let long texts shout down short ones and slow the optimiser fourfold, so each text's n-grams are taken
    as 1 + log(count) and scaled to the same length. Their `components` main directions say as much as all of them,
    and are learnt from in a fifth of the time.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {**LogisticRegressionClassifier.get_default_config(), "C": 1.0, "ngrams": 5.0, "components": 600}

    def __init__(self, config: Dict[Text, Any], name: Text, model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, name, model_storage, resource)
        # Not balanced as Rasa has it: what is out of scope is far more various than any one question.
        self.clf.set_params(C=self.config["C"], class_weight=None)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the main directions, then say what was learnt in the n-grams themselves: one product a parse."""
        X, y = self._create_training_matrix(training_data)
        ngrams = X.shape[1] - _dense(training_data.intent_examples[0]).shape[1]
        directions = TruncatedSVD(self.config["components"], n_iter=2, random_state=self.config["random_state"])
        shortened = directions.fit_transform(X[:, :ngrams])
        self.clf.fit(np.hstack([shortened, X[:, ngrams:].toarray()]), y)
        learnt, rest = np.split(self.clf.coef_, [shortened.shape[1]], axis=1)
        self.clf.coef_ = np.hstack([learnt @ directions.components_, rest])
        self.clf.n_features_in_ = X.shape[1]
        self.persist()
        return self._resource

    def _create_X(self, messages: List[Message]) -> csr_matrix:
        ngrams = vstack([_ngrams(message) for message in messages]).astype(np.float64)
        ngrams.data = 1 + np.log(ngrams.data)
        dense = [_dense(message) for message in messages]
        return hstack([normalize(ngrams) * self.config["ngrams"], csr_matrix(np.vstack(dense))]).tocsr()


def _dense(message: Message) -> np.ndarray:
    return message.get_dense_features(attribute=TEXT)[1].features


def _ngrams(message: Message) -> csr_matrix:
    """Rasa hands features out as (of the words, of the sentence)."""
    return csr_matrix(message.get_sparse_features(attribute=TEXT)[1].features)
