"""What Rasa's server says of a text, as values of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CRISIS_PREFIX = "crisis_"


@dataclass(frozen=True)
class Thresholds:
    """Confidences that divide answer, clarify and unknown, and a crisis card from its offer; stored with the model.

    They are chosen when it is trained, from what people lose by each mistake (nlu/pipeline/judgement.py).
    `crisis_denied`: below it the model is as good as certain that there is none.
    """

    answer: float = 0.5
    clarify: float = 0.2
    crisis: float = 0.5
    crisis_offered: float = 0.2
    crisis_denied: float = 0.0


@dataclass(frozen=True)
class Reading:
    """Probabilities, 0 to 1. `ranking`: intents, best first, crisis classes left out; `crisis`: by kind.

    `typed_in`: of a text in Latin letters, how likely it is in each language, those with a script of their own too.
    `follow_up`: the chance that it has no topic of its own ("and for my wife?").
    """

    ranking: tuple[tuple[str, float], ...]
    crisis: Mapping[str, float]
    thresholds: Thresholds = field(default_factory=Thresholds)
    typed_in: Mapping[str, float] = field(default_factory=dict)
    follow_up: float = 0.0

    @property
    def is_follow_up(self) -> bool:
        """Read with what was said before, a text is sooner taken for one when nothing else is sure."""
        unsure = not self.ranking or self.ranking[0][1] < self.thresholds.answer
        return self.follow_up >= (_FOLLOW_UP_AT_ALL if unsure else _FOLLOW_UP)


_FOLLOW_UP, _FOLLOW_UP_AT_ALL = 0.2, 0.02  # noticed 6 of 10, and took 1 of 100 questions with a topic for one


def parse_reading(answer: Mapping[str, Any]) -> Reading:
    """Rasa's parse answer as a Reading. Raises KeyError or TypeError when it has another shape."""
    ranking = [(str(one["name"]), float(one["confidence"])) for one in answer["intent_ranking"]]
    return Reading(
        tuple(pair for pair in ranking if not pair[0].startswith(CRISIS_PREFIX)),
        {name.removeprefix(CRISIS_PREFIX): chance for name, chance in ranking if name.startswith(CRISIS_PREFIX)},
        Thresholds(**answer.get("thresholds", {})),
        answer.get("typed_in", {}),
        float(answer.get("follow_up", 0.0)),
    )
