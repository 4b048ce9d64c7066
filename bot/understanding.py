"""What one text means: crisis, language and intent, each by its own means, put together for the policy."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.decide import Understood
from nlu.crisis import CrisisDetector
from nlu.language import LanguageIdentifier
from nlu.reader import Reader, Reading

# Of the model's probability for a crisis class: above the first the card comes first, above the second it is offered.
CRISIS_CERTAIN = 0.6
CRISIS_POSSIBLE = 0.25


@dataclass(frozen=True)
class Understanding:
    detector: CrisisDetector
    identifier: LanguageIdentifier
    reader: Reader

    async def understand(self, text: str, conversation_language: str | None = None) -> Understood:
        """`text` is redacted already. Either the lexicon or the model is enough for a crisis."""
        # The model works in another process meanwhile: the rest is free while it is waited for.
        reading, (language, found) = await asyncio.gather(
            self.reader.read(text), asyncio.to_thread(self._look, text, conversation_language)
        )
        certain, possible = _crisis(reading)
        crisis = found or certain
        return Understood(
            language=language or conversation_language,
            ranking=reading.ranking if reading else None,
            crisis=crisis,
            crisis_offered=None if crisis else possible,
        )

    def _look(self, text: str, conversation_language: str | None) -> tuple[str | None, str | None]:
        """The language, and the crisis that the lexicon finds."""
        return self.identifier.identify(text, conversation_language).language, self.detector.detect(text)


def _crisis(reading: Reading | None) -> tuple[str | None, str | None]:
    """The kind that is certain, the kind that is possible."""
    kinds: Mapping[str, float] = reading.crisis if reading else {}
    if not kinds:
        return None, None
    likeliest = max(kinds, key=lambda kind: kinds[kind])
    total = sum(kinds.values())
    return (likeliest if total >= CRISIS_CERTAIN else None), (likeliest if total >= CRISIS_POSSIBLE else None)
