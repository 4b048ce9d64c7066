"""The crisis lexicon: which kind of danger a text speaks of, decided by patterns that people wrote, in all languages at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nlu.normalise import fold

KINDS = ("emergency", "self_harm", "child_danger", "violence", "trafficking", "no_shelter")
"""All kinds; when a text shows several, the first of them counts (a beaten child is a child in danger before it is violence)."""


class BadLexicon(ValueError):
    """A lexicon cannot be used; `faults` names each place, what is wrong there and what is accepted."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Lexicon:
    """The patterns of one language by kind. Text that an `except_` pattern of its kind and language covers is not looked at.

    A pattern is words parted by spaces, found anywhere at word borders: `*` at the end of a word is any ending,
    `(a|b c|)` is one of several (an empty one makes it optional), `..` is zero to three words.
    """

    language: str
    match: Mapping[str, tuple[str, ...]]
    except_: Mapping[str, tuple[str, ...]]


def parse_lexicon(language: str, data: object) -> Lexicon:
    """The lexicon in `data`, a mapping of kind to `match` and `except` lists of patterns. Raises BadLexicon with all faults."""
    entries = data if isinstance(data, dict) else {}
    faults = list(_shape_faults(language, data))
    match = {kind: _patterns(entries.get(kind), "match") for kind in KINDS}
    except_ = {kind: _patterns(entries.get(kind), "except") for kind in KINDS}
    faults += _pattern_faults(language, "match", match) + _pattern_faults(language, "except", except_)
    if faults:
        raise BadLexicon(tuple(faults))
    return Lexicon(language, match, except_)


class CrisisDetector:
    """Looks for all kinds in all languages at once, since people mix them. The lexicons come from `parse_lexicon`."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        lexicons = tuple(lexicons)
        self._kinds = [_Kind.of(kind, lexicons) for kind in KINDS]

    def detect(self, text: str) -> str | None:
        """The kind of danger `text` speaks of, the gravest when there are several; None when there is none."""
        folded = f" {fold(text)} "
        return next((kind.name for kind in self._kinds if kind.fires(folded)), None)


@dataclass(frozen=True)
class _Kind:
    """One kind in all languages, compiled."""

    name: str
    any_match: re.Pattern[str]  # nearly every text is harmless: one search says so
    languages: tuple[_Rules, ...]

    @classmethod
    def of(cls, name: str, lexicons: tuple[Lexicon, ...]) -> _Kind:
        patterns = [pattern for lexicon in lexicons for pattern in lexicon.match.get(name, ())]
        return cls(name, _alternation(patterns), tuple(_Rules.of(lexicon, name) for lexicon in lexicons))

    def fires(self, folded: str) -> bool:
        return bool(self.any_match.search(folded)) and any(rules.fire(folded) for rules in self.languages)


@dataclass(frozen=True)
class _Rules:
    """One kind in one language, compiled."""

    match: re.Pattern[str]
    except_: re.Pattern[str]

    @classmethod
    def of(cls, lexicon: Lexicon, kind: str) -> _Rules:
        return cls(_alternation(lexicon.match.get(kind, ())), _alternation(lexicon.except_.get(kind, ())))

    def fire(self, folded: str) -> bool:
        # The mark keeps the words on both sides of what is taken out from becoming neighbours.
        return bool(self.match.search(self.except_.sub("| ", folded)))


def _alternation(patterns: Iterable[str]) -> re.Pattern[str]:
    """Matches any of the patterns in a folded text that begins and ends with a space; without patterns, nothing."""
    expressions = [_expression(pattern) for pattern in patterns]
    return re.compile(f"(?<= )(?:{'|'.join(expressions)})" if expressions else r"(?!)")


# Every word, gap and group of a regular expression ends with the space behind its last word, so that all can be
# left out or repeated without thinking of borders.
_TOKEN = re.compile(r"\s*(?:(?P<mark>[(|)]|\.\.(?!\.))|(?P<word>[^\s(|)]+))\s*")
_GLUED = re.compile(r"[^\s(|]\(|\)[^\s|)]")
_GAP = r"(?:[^ ]++ ){0,3}?"


def _expression(pattern: str) -> str:
    """The regular expression of one pattern. Raises ValueError saying what is wrong with it."""
    if _GLUED.search(pattern):
        raise ValueError("a bracket touches a word: put a space between, brackets hold whole words")
    parts: list[str] = []
    depth = 0
    for token in _TOKEN.finditer(pattern):
        mark = token["mark"]
        depth += (mark == "(") - (mark == ")")
        if depth < 0 or (mark == "|" and depth == 0):
            raise ValueError(f"'{mark}' stands outside brackets")
        parts.append({"(": "(?:", ")": ")", "|": "|", "..": _GAP}[mark] if mark else _word(token["word"]))
    if depth:
        raise ValueError("a bracket is not closed")
    expression = "".join(parts)
    if re.fullmatch(expression, ""):
        raise ValueError("it matches an empty text: leave at least one word that must be there")
    return expression


def _word(word: str) -> str:
    stem = word.removesuffix("*")
    folded = fold(stem)
    if not folded or "*" in stem or ".." in stem:
        raise ValueError(f"'{word}' is not a word: write letters, with '*' only at the end and '..' on its own")
    return re.escape(folded).replace(r"\ ", " ") + ("[^ ]*+ " if word != stem else " ")


def _patterns(entry: object, name: str) -> tuple[str, ...]:
    listed = entry.get(name) if isinstance(entry, dict) else None
    return tuple(item for item in listed if isinstance(item, str)) if isinstance(listed, list) else ()


def _shape_faults(language: str, data: object) -> Iterator[str]:
    if not isinstance(data, dict):
        yield f"{language}: the file holds {type(data).__name__}; it must hold the kinds {', '.join(KINDS)}"
        return
    yield from (f"{language}.{kind}: not a kind; accepted are {', '.join(KINDS)}" for kind in data if kind not in KINDS)
    for kind in KINDS:
        yield from _entry_faults(f"{language}.{kind}", data.get(kind))


def _entry_faults(place: str, entry: object) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"{place}: is missing; it needs 'match' and may have 'except', each a list of patterns"
        return
    yield from (
        f"{place}.{name}: not known; accepted are match, except" for name in entry if name not in ("match", "except")
    )
    if not entry.get("match"):
        yield f"{place}.match: is empty; it needs at least one pattern"
    for name in ("match", "except"):
        listed = entry.get(name) or []
        items = listed if isinstance(listed, list) else [listed]
        yield from (
            f"{place}.{name}: {item!r} is not text; put it in quotes" for item in items if not isinstance(item, str)
        )
        if not isinstance(listed, list):
            yield f"{place}.{name}: holds {type(listed).__name__}; it must be a list of patterns"


def _pattern_faults(language: str, name: str, patterns: Mapping[str, tuple[str, ...]]) -> list[str]:
    faults = []
    for kind, pattern in [(kind, pattern) for kind, listed in patterns.items() for pattern in listed]:
        try:
            _expression(pattern)
        except ValueError as fault:
            faults.append(f"{language}.{kind}.{name}: {pattern!r}: {fault}")
    return faults
