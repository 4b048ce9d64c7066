"""The policy: what to do about what a person said or pressed. Pure; `decide` returns a value that `turn` acts on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from nlu.reading import Thresholds

SUGGESTION = 0.05  # the least confidence of a question that is offered
SUGGESTIONS = 3
Ranking = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Understood:
    """What the rooms found in one text. Confidences are probabilities, 0 to 1; `ranking` is best first.

    `ranking` is None when no NLU server answered. `crisis` is a kind certain enough to put its card first,
    `crisis_offered` one that only deserves a line under the answer.
    `parts` are the rankings of the sentences of a text that has several.
    `is_follow_up`: the text has no topic of its own ("how much does it cost?"); `in_context` is then its ranking
    together with the question answered before it.
    `municipality`: the one of Kainuu that it names.
    """

    language: str | None
    ranking: Ranking | None
    crisis: str | None = None
    crisis_offered: str | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    parts: tuple[Ranking, ...] = ()
    is_follow_up: bool = False
    in_context: Ranking | None = None
    municipality: str | None = None


@dataclass(frozen=True)
class Pressed:
    """A button: `intent`, `topic`, `language` or `action`, and its value. `notice` stands for a photo and the like."""

    kind: str
    value: str


@dataclass(frozen=True)
class Step:
    """What the policy remembers between two turns.

    `waiting`: in the queue; `with_advisor`: an advisor has the case; `closed`: the case was closed, nothing came since.
    `about`: the question answered last, which "and for my wife?" is about.
    """

    misses: int = 0
    waiting: bool = False
    with_advisor: bool = False
    closed: bool = False
    about: str | None = None


@dataclass(frozen=True)
class GiveAnswer:
    """`also`: the second question of the same message."""

    intent: str
    also: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """A detail of the question answered before: what is not in the answer is on its official page."""

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
class ShowCrisis:
    """The fixed card, before anything else. `alarm`: a case is open, it becomes acute and the desk is told.

    `then`: what the text asks for besides, so that nobody who is well has to ask again. What is sure stands under the
    card, what is likely on buttons of the card.
    """

    kind: str
    alarm: bool
    then: GiveAnswer | HandOver | Clarify | None = None


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
    | FollowUp
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
LIVES_ELSEWHERE = "other_municipality"
CRISIS_ACTION = "crisis_"


@dataclass(frozen=True)
class Decision:
    """What to do, the step to remember, and a crisis card to offer in one line under it."""

    act: Act
    step: Step
    crisis_offered: str | None = None


def decide(heard: Understood | Pressed, step: Step) -> Decision:
    """Choose the one act. Crisis first; then an advisor's case; then the language; then meaning and doubt."""
    if isinstance(heard, Pressed):
        act = _act_on_button(heard, step)
        return Decision(act, replace(step, misses=0, about=_about(act, step)))
    if heard.crisis:
        then = _besides(heard, step)
        act = ShowCrisis(heard.crisis, alarm=step.waiting or step.with_advisor, then=then)
        return Decision(act, replace(step, misses=0 if then else step.misses, about=_about(then, step)))
    if step.with_advisor:
        return Decision(StaySilent(), step)
    if heard.language is None:
        return Decision(AskLanguage(), step)
    act = _act_on_meaning(heard, step)
    misses = step.misses + 1 if isinstance(act, NotUnderstood) else 0
    return Decision(act, replace(step, misses=misses, about=_about(act, step)), heard.crisis_offered)


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


def _besides(heard: Understood, step: Step) -> GiveAnswer | HandOver | Clarify | None:
    """What goes with a crisis card: small talk and "I did not understand" never do."""
    if step.with_advisor or heard.language is None:
        return None
    act = _act_on_meaning(heard, step)
    return act if isinstance(act, GiveAnswer | HandOver | Clarify) else None


def _act_on_meaning(heard: Understood, step: Step) -> Act:
    if heard.ranking is None:
        return SayLess()
    if step.about and heard.in_context:
        return _act_in_context(heard.in_context, step.about, heard.thresholds)
    sure = _surely_meant(heard)
    if ASKS_FOR_A_PERSON in sure:
        return _hand_over(step)
    asked = tuple(intent for intent in sure if intent not in CONVERSATION)
    if len(asked) > 1:
        return GiveAnswer(*asked[:2])
    missed = NotUnderstood(offer_person=step.misses > 0)
    if not heard.ranking:
        return missed
    intent, confidence = heard.ranking[0]
    if heard.is_follow_up and intent in CONVERSATION:  # to nothing: "and for my wife" is no small talk
        return missed
    if confidence >= heard.thresholds.answer:
        if intent == ASKS_FOR_A_PERSON:
            return _hand_over(step)
        return Converse(intent) if intent in CONVERSATION else GiveAnswer(intent)
    if asked and asked[0] in dict(heard.ranking[:SUGGESTIONS]):
        return GiveAnswer(asked[0])
    likely = (*asked, *(name for name, chance in heard.ranking if chance >= SUGGESTION and name not in CONVERSATION))
    if confidence >= heard.thresholds.clarify and likely:
        return Clarify(tuple(dict.fromkeys(likely))[:SUGGESTIONS])
    return missed


def _act_in_context(ranking: Ranking, about: str, thresholds: Thresholds) -> Act:
    """Another question of ours that the context makes sure ("how long?" after a permit), else more on the same one."""
    intent, confidence = ranking[0]
    is_other = intent != about and intent not in CONVERSATION and intent != ASKS_FOR_A_PERSON
    return GiveAnswer(intent) if is_other and confidence >= thresholds.answer else FollowUp(about)


def _surely_meant(heard: Understood) -> tuple[str, ...]:
    """What single sentences surely mean, in their order."""
    first = (ranking[0] for ranking in heard.parts if ranking)
    meant = dict.fromkeys(intent for intent, confidence in first if confidence >= heard.thresholds.answer)
    if heard.municipality and len(meant) > 1:
        meant.pop(LIVES_ELSEWHERE, None)  # where the person lives is known now; what is asked is the rest
    return tuple(meant)


def _about(act: Act | None, step: Step) -> str | None:
    return act.intent if isinstance(act, GiveAnswer) else step.about


def _hand_over(step: Step) -> Act:
    return StillWaiting() if step.waiting else HandOver()
