"""Which answer exists in which language, and how far a person has come with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from content.catalogue import Approval, Content

CARDS = "crisis"  # stands where an intent would: all cards of a language are approved together

State = Literal["approved", "draft", "outdated", "missing"]


@dataclass(frozen=True)
class Coverage:
    """`rows` are by intent, the crisis cards first, then what is acute; their states in the order of `languages`."""

    languages: tuple[str, ...]
    rows: dict[str, tuple[State, ...]]

    def count(self, state: State) -> int:
        return sum(each == state for row in self.rows.values() for each in row)

    def unapproved(self, language: str) -> tuple[tuple[str, State], ...]:
        """What a person has yet to read in the language: what has changed since it was approved comes first.

        The order of `rows` stays otherwise: crisis cards, then questions that cannot wait. What is missing comes last.
        """
        column = self.languages.index(language)
        open_ = ((intent, row[column]) for intent, row in self.rows.items() if row[column] != "approved")
        return tuple(sorted(open_, key=lambda one: ("outdated", "draft", "missing").index(one[1])))


def coverage_of(content: Content) -> Coverage:
    """Languages that read another's texts have no column of their own."""
    catalogue = content.catalogue
    languages = tuple(each.code for each in catalogue.languages if not each.texts_of)
    rows = {CARDS: tuple(_cards(content, code) for code in languages)}
    for intent in sorted(catalogue.intents, key=lambda each: not catalogue.intents[each].acute):
        rows[intent] = tuple(_answer(content, intent, code) for code in languages)
    return Coverage(languages, rows)


def _answer(content: Content, intent: str, language: str) -> State:
    found = content.answers.get((intent, language))
    return _state(found.approval) if found else "missing"


def _cards(content: Content, language: str) -> State:
    found = [content.cards.get((kind, language)) for kind in content.catalogue.crises]
    states = {_state(card.approval) if card else "missing" for card in found}
    worst: tuple[State, ...] = ("missing", "outdated", "draft", "approved")
    return next(each for each in worst if each in states)


def _state(approval: Approval) -> State:
    if approval.holds:
        return "approved"
    return "outdated" if approval.stale or approval.altered else "draft"
