"""Rasa tokenizer: words of the folded text, so that diacritics, digits of any script and Arabic letter forms agree."""

from typing import Any, Dict, List, Text

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from nlu.normalise import words


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class FoldingTokenizer(Tokenizer):
    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Positions are those in the folded text; nothing downstream points back into the original."""
        tokens, start = [], 0
        # A message of signs alone must keep one token: the featurizers after this one expect a sequence.
        for word in words(message.get(attribute)) or ["…"]:
            tokens.append(Token(word, start))
            start += len(word) + 1
        return tokens
