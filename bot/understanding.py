"""What one text means: crisis, language, intent and place, each by its own means, put together for the policy."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.decide import LIVES_ELSEWHERE, Ranking, Understood
from nlu.crisis import CrisisDetector
from nlu.language import LanguageIdentifier
from nlu.municipality import MunicipalityFinder
from nlu.reader import Reader
from nlu.reading import Reading
from nlu.sentences import clauses, questions

ONLY_PLACE = 0.8  # the chance from which a text that names a municipality asks who helps there


@dataclass(frozen=True)
class Understanding:
    detector: CrisisDetector
    identifier: LanguageIdentifier
    municipalities: MunicipalityFinder
    reader: Reader

    async def understand(
        self, text: str, conversation_language: str | None = None, about: str | None = None
    ) -> Understood:
        """`text` is redacted already; `about` is the question answered before it, in its words.

        Either the lexicon or the model is enough for a crisis. Where the lexicon finds one and the model is as good as
        certain that it is none ("podcast on violence at home"), the card is offered.
        """
        # The model works in another process meanwhile: the rest is free while it is waited for.
        reading, in_lexicon = await asyncio.gather(
            self.reader.read(text), asyncio.to_thread(self.detector.detect, text)
        )
        language = await asyncio.to_thread(self._language, text, conversation_language, reading)
        municipality = self.municipalities.find(text)
        if reading is None:
            return Understood(language, None, in_lexicon, municipality=municipality)
        is_followed = about is not None and reading.is_follow_up
        in_context = await self.reader.read(f"{about} {text}") if is_followed else None
        parts = () if is_followed else await self._read(_parts(text, reading))
        # Of the whole: single sentences, asked too, brought as many false alarms as crises.
        crisis, possible = _crisis(reading, in_lexicon)
        return Understood(
            language=language,
            ranking=_apart_from_place(reading.ranking) if municipality else reading.ranking,
            crisis=crisis,
            crisis_offered=None if crisis else possible,
            thresholds=reading.thresholds,
            parts=tuple(part.ranking for part in parts),
            is_follow_up=reading.is_follow_up,
            in_context=in_context.ranking if in_context else None,
            municipality=municipality,
        )

    async def _read(self, texts: tuple[str, ...]) -> tuple[Reading, ...]:
        return tuple(filter(None, await asyncio.gather(*map(self.reader.read, texts))))

    def _language(self, text: str, conversation: str | None, reading: Reading | None) -> str | None:
        """What the identifier says; where it stays undecided, what the model makes of the Latin letters."""
        found = self.identifier.identify(text, conversation, reading.typed_in if reading else {}).language
        return found or conversation


def _apart_from_place(ranking: Ranking) -> Ranking:
    """Where a person lives is known by the name; unless that is surely the question, what else is asked counts."""
    chance = dict(ranking).get(LIVES_ELSEWHERE, 0.0)
    if not 0 < chance < ONLY_PLACE:
        return ranking
    return tuple((intent, each / (1 - chance)) for intent, each in ranking if intent != LIVES_ELSEWHERE)


def _parts(text: str, reading: Reading) -> tuple[str, ...]:
    """Sentences always, clauses only when the whole is not clear: most texts with an "and" in them are one question."""
    found = questions(text)
    if found or not reading.ranking or reading.ranking[0][1] >= reading.thresholds.answer:
        return found
    return clauses(text)


def _crisis(reading: Reading, in_lexicon: str | None) -> tuple[str | None, str | None]:
    """The kind that is certain, the kind that is possible; the lexicon's comes before the model's."""
    total, limits = sum(reading.crisis.values()), reading.thresholds
    likeliest = in_lexicon or max(reading.crisis, key=lambda kind: reading.crisis[kind], default=None)
    certain = total >= (limits.crisis_denied if in_lexicon else limits.crisis)
    possible = in_lexicon or total >= limits.crisis_offered
    return likeliest if certain else None, likeliest if possible else None
