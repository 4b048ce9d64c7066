"""Rules for a text that people read: what an answer, a crisis card or a phrase must not contain. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from content.catalogue import REFERABLE, REFERENCE, Organisation
from content.reading.faults import Severity

BODY_LIMIT = 900  # characters
CARD_LIMIT = 450
LABEL_LIMIT = 40
SENTENCE_LIMIT = 25  # words


@dataclass(frozen=True)
class Forbidden:
    """Verdicts of one language. A phrase that ends in * matches any ending of its last word.

    After a word of `unless` in the same clause it is a condition: "if you get a permit" promises nothing.
    """

    phrases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """What texts are read against; `forbidden` is by language."""

    organisations: Mapping[str, Organisation]
    forbidden: Mapping[str, Forbidden]

    @cached_property
    def references(self) -> Mapping[str, str]:
        """The digits of every public number, and how to write it instead."""
        numbers = ((number, each.id) for each in self.organisations.values() for number in each.phone.values())
        return {_digits(number): f"{{{id}.phone}}" for number, id in numbers}


@dataclass(frozen=True)
class Finding:
    """`line` counts from 0 at the beginning of the text."""

    line: int
    message: str
    severity: Severity = "error"


def findings_in_body(body: str, language: str, rules: Rules) -> Iterator[Finding]:
    """Everything wrong with a Markdown text."""
    yield from _unknown_references(body, rules)
    yield from findings_in_words(body, language, rules)
    yield from _markup(body)
    yield from _long_sentences(body)


def findings_in_words(text: str, language: str, rules: Rules) -> Iterator[Finding]:
    """What may stand in no text at all: verdicts, amounts of money and numbers typed by hand."""
    yield from _verdicts(text, rules.forbidden.get(language, Forbidden()))
    for match in _MONEY.finditer(text):
        yield _at(match, text, f'"{match[0].strip()}": write no amounts of money, they change; link the official page')
    yield from _typed_numbers(text, rules)


def words_in(sentence: str) -> int:
    return len([word for word in sentence.split() if any(letter.isalnum() for letter in word)])


_MONEY = re.compile(
    r"(?:\d[\d \u00a0.,]*)?\d(?:,-)?[ \u00a0]?(?:€|eur\b|euros?\b|euro[an]\b|евро\b|євро\b|يورو)|€[ \u00a0]?\d",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\+?\d(?:[ \u00a0()/–-]*\d)*")
_DATES = re.compile(r"(?:19|20)\d\d ?[–-] ?(?:19|20)\d\d|\d{4}-\d\d-\d\d")
_NAMES = re.compile(r"\.fi\b|[ -]Suomi\b")  # the site 112.fi and the app 112 Suomi are names, not numbers to call
_PHONE_LENGTH = 6  # digits
_LINK = re.compile(r"https?://|www\.|\]\(", re.IGNORECASE)
_HTML = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_LIST_ITEM = re.compile(r"\s*(?:[-*]|\d+\.)\s+")
_CLAUSE_END = re.compile(r"[.,;:!?،؛؟]|\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?؟])\s+")


def _verdicts(text: str, forbidden: Forbidden) -> Iterator[Finding]:
    for phrase in forbidden.phrases:
        for match in _phrase_pattern(phrase).finditer(text):
            clause = _CLAUSE_END.split(text[: match.start()])[-1]
            if not any(_phrase_pattern(word).search(clause) for word in forbidden.unless):
                yield _at(match, text, f'"{match[0]}" promises what only an authority decides (forbidden.yml)')


@cache
def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in phrase.rstrip("*").split())
    ending = r"\w*" if phrase.endswith("*") else r"(?!\w)"
    return re.compile(rf"(?<!\w){words}{ending}", re.IGNORECASE)


def _unknown_references(body: str, rules: Rules) -> Iterator[Finding]:
    for match in REFERENCE.finditer(body):
        fault = _reference_fault(match, rules.organisations)
        if fault:
            yield _at(match, body, fault)
    without = REFERENCE.sub(lambda match: " " * len(match[0]), body)
    for match in re.finditer(r"\{[^{}\n]*\}?|\}", without):
        yield _at(match, body, f'unknown reference "{match[0]}"; write {{organisation.phone}}')


def _reference_fault(match: re.Match[str], organisations: Mapping[str, Organisation]) -> str | None:
    organisation, what = organisations.get(match[1]), match[2]
    if organisation is None:
        return f'unknown reference "{match[0]}": no organisation "{match[1]}" in organisations.yml'
    if what not in REFERABLE:
        return f'unknown reference "{match[0]}"; known are {", ".join(REFERABLE)}'
    return None if getattr(organisation, what) else f'"{match[0]}": {match[1]} has no {what} in organisations.yml'


def _typed_numbers(text: str, rules: Rules) -> Iterator[Finding]:
    public = rules.references
    for match in _DIGITS.finditer(text):
        digits = _digits(match[0])
        if digits in public and not _NAMES.match(text, match.end()):
            yield _at(match, text, f'"{match[0]}" is typed by hand; write {public[digits]}')
        elif len(digits) >= _PHONE_LENGTH and digits not in public and not _DATES.fullmatch(match[0]):
            yield _at(match, text, f'"{match[0]}" looks like a phone number; put it into organisations.yml')


def _digits(text: str) -> str:
    """In Latin digits: Arabic ones are numbers too."""
    return "".join(str(int(each)) for each in text if each.isdecimal())


def _markup(body: str) -> Iterator[Finding]:
    for number, line in enumerate(body.splitlines()):
        if _LINK.search(line):
            yield Finding(number, "a link in the text; links come from the sources in catalogue.yml")
        if _HTML.search(line):
            yield Finding(number, "HTML in the text; write paragraphs, lists and **bold** only")
        if line.startswith("#"):
            yield Finding(number, "a heading in the text; write paragraphs, lists and **bold** only")


def _long_sentences(body: str) -> Iterator[Finding]:
    for number, paragraph in _paragraphs(body):
        for sentence in _SENTENCE_END.split(paragraph):
            if words_in(sentence) > SENTENCE_LIMIT:
                message = f"a sentence of {words_in(sentence)} words, at most {SENTENCE_LIMIT}: {sentence[:40]}…"
                yield Finding(number, message, "warning")


def _paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """Paragraphs and list items, each with the line on which it begins."""
    start, gathered = 0, ""
    for number, line in enumerate([*body.splitlines(), ""]):
        if gathered and (not line.strip() or _LIST_ITEM.match(line)):
            yield start, gathered
            gathered = ""
        if not gathered:
            start = number
        gathered = f"{gathered} {_LIST_ITEM.sub('', line, count=1) if not gathered else line}".strip()


def _at(match: re.Match[str], text: str, message: str) -> Finding:
    return Finding(text.count("\n", 0, match.start()), message)
