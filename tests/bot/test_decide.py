"""The policy: one sentence a test."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import (
    AskLanguage,
    Clarify,
    Converse,
    Decision,
    FollowUp,
    GiveAnswer,
    HandOver,
    NotUnderstood,
    Pressed,
    SayLess,
    SetLanguage,
    ShowCrisis,
    StaySilent,
    Step,
    StillWaiting,
    Understood,
    decide,
)

SURE = Understood("en", (("tax_card", 0.9), ("see_doctor", 0.05)))
UNSURE = Understood("en", (("tax_card", 0.3), ("greet", 0.25), ("see_doctor", 0.2), ("school", 0.01)))
LOST = Understood("en", (("tax_card", 0.1),))
PERSON = Understood("en", (("talk_to_human", 0.9),))
TWO = replace(SURE, parts=(SURE.ranking, (("see_doctor", 0.8),), (("thanks", 0.9),), (("school", 0.3),)))
HOME_AND_DAY_CARE = replace(
    UNSURE, ranking=(("day_care", 0.4),), parts=((("other_municipality", 0.9),), (("day_care", 0.9),))
)
AND_FOR_MY_WIFE = replace(LOST, in_context=(("tax_card", 0.7),))
DANGER = Understood(None, None, crisis="violence")


def decided(heard: Understood | Pressed, step: Step | None = None) -> Decision:
    return decide(heard, step or Step())


@pytest.mark.parametrize(
    ("heard", "step", "act"),
    [
        (SURE, Step(), GiveAnswer("tax_card")),
        (UNSURE, Step(), Clarify(("tax_card", "see_doctor"))),
        (LOST, Step(), NotUnderstood(offer_person=False)),
        (LOST, Step(misses=1), NotUnderstood(offer_person=True)),
        (Understood("en", ()), Step(), NotUnderstood(offer_person=False)),
        (Understood("en", (("thanks", 0.9),)), Step(), Converse("thanks")),
        (Understood("en", (("out_of_scope", 0.9),)), Step(), Converse("out_of_scope")),
        (Understood("en", None), Step(), SayLess()),
        (Understood(None, (("tax_card", 0.9),)), Step(), AskLanguage()),
        (PERSON, Step(), HandOver()),
        (PERSON, Step(waiting=True), StillWaiting()),
        (SURE, Step(waiting=True), GiveAnswer("tax_card")),
        (SURE, Step(with_advisor=True), StaySilent()),
        (Understood(None, None), Step(with_advisor=True), StaySilent()),
        (DANGER, Step(), ShowCrisis("violence", alarm=False)),
        (DANGER, Step(waiting=True), ShowCrisis("violence", alarm=True)),
        (DANGER, Step(with_advisor=True), ShowCrisis("violence", alarm=True)),
        (replace(SURE, crisis="violence"), Step(), ShowCrisis("violence", alarm=False, then=GiveAnswer("tax_card"))),
        (replace(PERSON, crisis="violence"), Step(), ShowCrisis("violence", alarm=False, then=HandOver())),
        (replace(PERSON, crisis="violence"), Step(waiting=True), ShowCrisis("violence", alarm=True)),
        (
            replace(UNSURE, crisis="violence"),
            Step(),
            ShowCrisis("violence", alarm=False, then=Clarify(("tax_card", "see_doctor"))),
        ),
        (replace(LOST, crisis="violence"), Step(), ShowCrisis("violence", alarm=False)),
        (Understood("en", (("thanks", 0.9),), crisis="violence"), Step(), ShowCrisis("violence", alarm=False)),
        (replace(SURE, language=None, crisis="violence"), Step(), ShowCrisis("violence", alarm=False)),
        (replace(SURE, crisis="violence"), Step(with_advisor=True), ShowCrisis("violence", alarm=True)),
        (TWO, Step(), GiveAnswer("tax_card", "see_doctor")),
        (replace(TWO, parts=TWO.parts[:1]), Step(), GiveAnswer("tax_card")),
        (
            replace(UNSURE, parts=(UNSURE.ranking, (("school", 0.9),))),
            Step(),
            Clarify(("school", "tax_card", "see_doctor")),
        ),
        (replace(UNSURE, parts=((("see_doctor", 0.9),),)), Step(), GiveAnswer("see_doctor")),
        (replace(PERSON, parts=((("see_doctor", 0.9),),)), Step(), HandOver()),
        (replace(SURE, parts=((("talk_to_human", 0.9),), (("tax_card", 0.9),))), Step(), HandOver()),
        (replace(HOME_AND_DAY_CARE, municipality="kuhmo"), Step(), GiveAnswer("day_care")),
        (HOME_AND_DAY_CARE, Step(), GiveAnswer("other_municipality", "day_care")),
        (AND_FOR_MY_WIFE, Step(about="tax_card"), FollowUp("tax_card")),
        (AND_FOR_MY_WIFE, Step(), NotUnderstood(offer_person=False)),
        (
            replace(AND_FOR_MY_WIFE, ranking=(("goodbye", 0.9),), is_follow_up=True),
            Step(),
            NotUnderstood(offer_person=False),
        ),
        (replace(AND_FOR_MY_WIFE, in_context=(("school", 0.9),)), Step(about="tax_card"), GiveAnswer("school")),
        (replace(AND_FOR_MY_WIFE, in_context=(("school", 0.4),)), Step(about="tax_card"), FollowUp("tax_card")),
        (replace(AND_FOR_MY_WIFE, in_context=(("greet", 0.9),)), Step(about="tax_card"), FollowUp("tax_card")),
        (Pressed("intent", "school"), Step(), GiveAnswer("school")),
        (Pressed("intent", "school"), Step(with_advisor=True), StaySilent()),
        (Pressed("language", "uk"), Step(with_advisor=True), SetLanguage("uk")),
        (Pressed("action", "person"), Step(), HandOver()),
        (Pressed("action", "person"), Step(waiting=True), StillWaiting()),
        (Pressed("action", "none"), Step(), NotUnderstood(offer_person=True)),
        (Pressed("action", "crisis_self_harm"), Step(waiting=True), ShowCrisis("self_harm", alarm=True)),
    ],
)
def test_the_act(heard: Understood | Pressed, step: Step, act: object) -> None:
    assert decided(heard, step).act == act


def test_misses_are_counted_and_forgotten_when_something_is_understood() -> None:
    assert decided(LOST, Step(misses=1)).step.misses == 2
    assert decided(SURE, Step(misses=1)).step.misses == 0


def test_the_question_answered_last_is_remembered_until_another_one_is() -> None:
    answered = decided(SURE).step
    assert answered.about == "tax_card"
    assert decided(LOST, answered).step.about == "tax_card"
    assert decided(Pressed("intent", "school"), answered).step.about == "school"


def test_a_possible_crisis_is_offered_under_the_answer() -> None:
    heard = Understood("en", (("tax_card", 0.9),), crisis_offered="self_harm")
    assert decided(heard) == Decision(GiveAnswer("tax_card"), Step(about="tax_card"), "self_harm")
