"""The policy: what to do about what a person said or pressed. Pure; `decide` returns a value that `turn` acts on."""

from __future__ import annotations

from dataclasses import dataclass, replace

Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Understood:
    """What the rooms found in one text. Confidences are probabilities, 0 to 1; `ranking` is best first.

    `ranking` is None when no NLU server answered. `crisis` is a kind certain enough to put its card first,
    `crisis_offered` one that only deserves a line under the answer.
    """

    language: str | None
    ranking: Ranking | None
    crisis: str | None = None
    crisis_offered: str | None = None


@dataclass(frozen=True)
class Pressed:
    """A button: `intent`, `topic`, `language` or `action`, and its value. `notice` stands for a photo and the like."""

    kind: str
    value: str


@dataclass(frozen=True)
class Step:
    """What the policy remembers between two turns.

    `waiting`: in the queue; `with_advisor`: an advisor has the case; `closed`: the case was closed, nothing came since.
    """

    misses: int = 0
    waiting: bool = False
    with_advisor: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Thresholds:
    """Confidences that divide answer, clarify and unknown. A wrong answer is taken to cost five clarifications."""

    answer: float = 0.5
    clarify: float = 0.2
    suggestion: float = 0.05
    suggestions: int = 3


@dataclass(frozen=True)
class ShowCrisis:
    """The fixed card, before anything else. `alarm`: a case is open, it becomes acute and the desk is told."""

    kind: str
    alarm: bool


@dataclass(frozen=True)
class GiveAnswer:
    intent: str


@dataclass(frozen=True)
class Converse:
    """One of CONVERSATION: small talk and questions about the service itself."""

    intent: str


@dataclass(frozen=True)
class Clarify:
    intents: tuple[str, ...]


@dataclass(frozen=True)
class NotUnderstood:
    """`offer_person`: the second miss in a row offers a person instead of another try."""

    offer_person: bool


@dataclass(frozen=True)
class HandOver:
    """The person asked for a person."""


@dataclass(frozen=True)
class StillWaiting:
    """Asked for a person while already in the queue."""


@dataclass(frozen=True)
class AskLanguage:
    """The language is unknown: ask in every script, then answer what was asked."""


@dataclass(frozen=True)
class Welcome:
    """The first words, with the choice of language."""


@dataclass(frozen=True)
class Notice:
    """Something that is no text came: `key` is the phrase that answers it."""

    key: str


@dataclass(frozen=True)
class SetLanguage:
    language: str


@dataclass(frozen=True)
class ShowTopics:
    pass


@dataclass(frozen=True)
class ShowTopic:
    topic: str


@dataclass(frozen=True)
class ShowHours:
    pass


@dataclass(frozen=True)
class StaySilent:
    """An advisor has the case: the line is the advisor's."""


@dataclass(frozen=True)
class SayLess:
    """No NLU: topic menu and a person, never silence."""


Act = (
    ShowCrisis
    | GiveAnswer
    | Converse
    | Clarify
    | NotUnderstood
    | HandOver
    | StillWaiting
    | AskLanguage
    | Welcome
    | Notice
    | SetLanguage
    | ShowTopics
    | ShowTopic
    | ShowHours
    | StaySilent
    | SayLess
)

CONVERSATION = frozenset({"greet", "thanks", "goodbye", "bot_identity", "privacy", "out_of_scope", "change_language"})
ASKS_FOR_A_PERSON = "talk_to_human"
CRISIS_ACTION = "crisis_"


@dataclass(frozen=True)
class Decision:
    """What to do, the step to remember, and a crisis card to offer in one line under it."""

    act: Act
    step: Step
    crisis_offered: str | None = None


def decide(heard: Understood | Pressed, step: Step, thresholds: Thresholds) -> Decision:
    """Choose the one act. Crisis first; then an advisor's case; then the language; then meaning and doubt."""
    if isinstance(heard, Pressed):
        return Decision(_act_on_button(heard, step), replace(step, misses=0))
    if heard.crisis:
        return Decision(ShowCrisis(heard.crisis, alarm=step.waiting or step.with_advisor), step)
    if step.with_advisor:
        return Decision(StaySilent(), step)
    if heard.language is None:
        return Decision(AskLanguage(), step)
    act = _act_on_meaning(heard.ranking, step, thresholds)
    misses = step.misses + 1 if isinstance(act, NotUnderstood) else 0
    return Decision(act, replace(step, misses=misses), heard.crisis_offered)


def _act_on_button(pressed: Pressed, step: Step) -> Act:
    match pressed:
        case Pressed("action", value) if value.startswith(CRISIS_ACTION):
            return ShowCrisis(value.removeprefix(CRISIS_ACTION), alarm=step.waiting or step.with_advisor)
        case Pressed("notice", key):
            return Notice(key)
        case Pressed("language", code):
            return SetLanguage(code)
        case Pressed("action", "language"):
            return AskLanguage()
        case Pressed("action", "start") if not step.waiting and not step.with_advisor:
            return Welcome()
        case _ if step.with_advisor:
            return StaySilent()
        case Pressed("intent", intent):
            return GiveAnswer(intent)
        case Pressed("topic", topic):
            return ShowTopic(topic)
        case Pressed("action", "person"):
            return _hand_over(step)
        case Pressed("action", "hours"):
            return ShowHours()
        case Pressed("action", "privacy"):
            return Converse("privacy")
        case Pressed("action", "none"):
            return NotUnderstood(offer_person=True)
        case _:
            return ShowTopics()


def _act_on_meaning(ranking: Ranking | None, step: Step, thresholds: Thresholds) -> Act:
    if ranking is None:
        return SayLess()
    missed = NotUnderstood(offer_person=step.misses > 0)
    if not ranking:
        return missed
    intent, confidence = ranking[0]
    if confidence >= thresholds.answer:
        if intent == ASKS_FOR_A_PERSON:
            return _hand_over(step)
        return Converse(intent) if intent in CONVERSATION else GiveAnswer(intent)
    likely = tuple(name for name, chance in ranking if chance >= thresholds.suggestion and name not in CONVERSATION)
    if confidence >= thresholds.clarify and likely:
        return Clarify(likely[: thresholds.suggestions])
    return missed


def _hand_over(step: Step) -> Act:
    return StillWaiting() if step.waiting else HandOver()
