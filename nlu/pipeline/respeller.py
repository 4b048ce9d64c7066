"""Rasa component: notices that a text was typed in Latin letters instead of its own, and spells it back."""

from collections import Counter, defaultdict
from typing import Any, DefaultDict, Dict, List, Text

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from nlu.normalise import fold, words
from nlu.own_script import LANGUAGES, OwnScript
from nlu.pipeline.early_stop import stopping_early
from nlu.romanise import is_latin
from nlu.vocabulary import NEUTRAL

OWN_SCRIPT = "own_script"  # the text spelt back, on the message
TYPED_IN = "typed_in"  # in the parse answer: how likely a text in Latin letters is in each language
STORED = "respeller.joblib"
SURE = 0.5
EVERYBODYS = 15  # training texts in languages of Latin letters; a word in so many is one that all use


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Respeller(GraphComponent):
    """Learns which language Latin letters are, and its words, from the training data's `metadata: {language: …}`."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {}

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._storage = model_storage
        self._resource = resource
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
        self._languages = LogisticRegression(C=10, max_iter=60)  # stopped early: right more often, in half the time
        self._scripts: Dict[Text, OwnScript] = {}
        self._kept = NEUTRAL

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Respeller":
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "Respeller":
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learnt = joblib.load(folder / STORED)
        component._vectorizer, component._languages, counts, component._kept = learnt
        component._scripts = {language: OwnScript(language, counts[language]) for language in LANGUAGES}
        return component

    def train(self, training_data: TrainingData) -> Resource:
        texts = [(one.get(TEXT), _language(one)) for one in training_data.training_examples if one.get(TEXT)]
        latin = [(text, language) for text, language in texts if is_latin(text)]
        described = self._vectorizer.fit_transform([fold(text) for text, _ in latin])
        with stopping_early():
            self._languages.fit(described, [language for _, language in latin])
        counts: DefaultDict[Text, Counter] = defaultdict(Counter)
        for text, language in texts:
            if language not in LANGUAGES or not is_latin(text):
                counts[language].update(word for word in set(words(text)) if word.isascii() != (language in LANGUAGES))
        everybodys = sum((found for language, found in counts.items() if language not in LANGUAGES), Counter())
        self._kept = NEUTRAL | {word for word, count in everybodys.items() if count >= EVERYBODYS and len(word) > 3}
        own = {language: counts[language] for language in LANGUAGES}
        self._scripts = {language: OwnScript(language, own[language]) for language in LANGUAGES}
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._vectorizer, self._languages, own, self._kept), folder / STORED)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        for message in training_data.training_examples:
            language = _language(message)
            if language in self._scripts and message.get(TEXT) and is_latin(message.get(TEXT)):
                self._respell(message, language)
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if message.get(TEXT) and is_latin(message.get(TEXT)):
                (chances,) = self._languages.predict_proba(self._vectorizer.transform([fold(message.get(TEXT))]))
                likely = dict(zip(self._languages.classes_.tolist(), np.round(chances, 4).tolist()))
                message.set(TYPED_IN, likely, add_to_output=True)
                best = max(likely, key=lambda language: likely[language])
                if best in self._scripts and likely[best] >= SURE:
                    self._respell(message, best)
        return messages

    def _respell(self, message: Message, language: Text) -> None:
        message.set(OWN_SCRIPT, self._scripts[language].respell(message.get(TEXT), self._kept))


def _language(message: Message) -> Text:
    return message.get(METADATA, {}).get(METADATA_INTENT, {}).get("language", "")
