"""The parts of a message that may each be a question of their own."""

from __future__ import annotations

import re

MOST = 4
_LEAST_WORDS = 2
_LEAST_WORDS_OF_CLAUSE = 3
_END = re.compile(r"(?<=[?!.;؟؛…])\s+|\n+")
_QUESTION = re.compile(r"[?؟]\W*$")
_AND = re.compile(
    r"[,،]\s+|,?\s+(?:and(?: also)?|ja(?: myös)?|sekä|och(?: också)?|ning|iyo|oo|va|"
    r"и(?: ещё| еще| также)?|ещё|та|і|а також|و|هەروەها)\s+"
    r"|\s+و(?=(?:كيف|كم|وين|اين|أين|متى|هل|شلون|شنو|چطور|چگونه|کجا|چند|چۆن|کەی)\b)"
)


def questions(text: str) -> tuple[str, ...]:
    """The sentences, those with a question mark alone if there are any; nothing when it is a single one."""
    sentences = [each.strip() for each in _END.split(text) if len(each.split()) >= _LEAST_WORDS]
    asking = [each for each in sentences if _QUESTION.search(each)]
    found = asking or sentences
    return tuple(found[:MOST]) if len(found) > 1 else ()


def clauses(text: str) -> tuple[str, ...]:
    """The parts around "and" and commas; nothing when one of them is too short to be a question."""
    parts = [each.strip() for each in _AND.split(text)]
    if not 1 < len(parts) <= MOST or any(len(each.split()) < _LEAST_WORDS_OF_CLAUSE for each in parts):
        return ()
    return tuple(parts)
