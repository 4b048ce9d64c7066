"""Rasa tokenizer: the words in Latin letters, then their consonants, so that scripts and spellings share n-grams."""

from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.normalise import words
from nlu.romanise import romanised, skeleton


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FoldingTokenizer(Tokenizer):
    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Positions are those in the made text; nothing downstream points back into the original."""
        tokens, start = [], 0
        known = words(message.get(attribute))
        # A message of signs alone must keep one token: the featurizers after this one expect a sequence.
        for word in [*map(romanised, known), *filter(None, map(skeleton, known))] or ["…"]:
            tokens.append(Token(word, start))
            start += len(word) + 1
        return tokens
