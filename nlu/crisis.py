"""Which kind of danger a text speaks of, decided by patterns that people wrote, in all languages at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from nlu.normalise import fold
from nlu.romanise import is_latin, sounds

KINDS = ("emergency", "self_harm", "child_danger", "violence", "trafficking", "no_shelter")
"""When a text shows several, the first counts: a beaten child is a child in danger before it is violence."""
CYRILLIC = ("ru", "uk")
Form = Callable[[str], str]  # brings texts and the words of patterns into the one spelling in which they are compared


class BadLexicon(ValueError):
    """A lexicon cannot be used; `faults` names each place, what is wrong there and what is accepted."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Lexicon:
    """The patterns of one language by kind. What an `except_` pattern of the same kind covers is not looked at.

    A pattern is words parted by spaces, found anywhere at word borders: `*` at the end of a word is any ending,
    `(a|b c|)` is one of several (an empty one makes it optional), `..` is zero to three words.
    """

    language: str
    match: Mapping[str, tuple[str, ...]]
    except_: Mapping[str, tuple[str, ...]]


def parse_lexicon(language: str, data: object) -> Lexicon:
    """The lexicon in `data`, which holds for each kind two lists of patterns. Raises BadLexicon with all faults."""
    entries = data if isinstance(data, dict) else {}
    faults = list(_shape_faults(language, data))
    match = {kind: _patterns(entries.get(kind), "match") for kind in KINDS}
    except_ = {kind: _patterns(entries.get(kind), "except") for kind in KINDS}
    faults += _pattern_faults(language, "match", match) + _pattern_faults(language, "except", except_)
    if faults:
        raise BadLexicon(tuple(faults))
    return Lexicon(language, match, except_)


def coarse(text: str) -> str:
    """Folded further than for other uses: Sorani is typed with and without its own letters, and long vowels singly."""
    return _LONG.sub(r"\1", fold(text).translate(_PLAIN))


def _sounds(text: str) -> str:
    folded = fold(text)
    return sounds(folded) or folded  # an Arabic letter alone may have no sound


_PLAIN = str.maketrans("ەێۆڕڵڤ", "هيورلف")
_LONG = re.compile(r"([وي])\1+")


class CrisisDetector:
    """Looks for all kinds in all languages at once, since people mix them. The lexicons come from `parse_lexicon`.

    An exception holds for all languages too: neighbours such as Russian and Ukrainian share words. Who has no Cyrillic
    keyboard spells these two in Latin letters, in several ways: such a text is looked at once more, by its sounds.
    """

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        lexicons = tuple(lexicons)
        self._as_typed = _Patterns(lexicons, lexicons, coarse)
        self._by_sound = _Patterns([one for one in lexicons if one.language in CYRILLIC], lexicons, _sounds)

    def detect(self, text: str) -> str | None:
        """The kind of danger `text` speaks of, the first of KINDS when there are several; None when there is none."""
        ways = (self._as_typed, self._by_sound) if is_latin(text) else (self._as_typed,)
        formed = [(way, way.formed(text)) for way in ways]
        return next((kind for kind in KINDS if any(way.fire(kind, one) for way, one in formed)), None)


class _Patterns:
    """The patterns of some lexicons and the exceptions of all, in one form."""

    def __init__(self, match: Iterable[Lexicon], except_: Iterable[Lexicon], form: Form) -> None:
        self._form = form
        self._match = {kind: _Finder([p for one in match for p in one.match.get(kind, ())], form) for kind in KINDS}
        self._except = {
            kind: _Finder([p for one in except_ for p in one.except_.get(kind, ())], form) for kind in KINDS
        }

    def formed(self, text: str) -> str:
        """With a space on both sides, as every word has."""
        return f" {self._form(text)} "

    def fire(self, kind: str, formed: str) -> bool:
        match = self._match[kind]
        return match.finds(formed) and match.finds(self._except[kind].taken_out(formed))


@dataclass(frozen=True)
class _Piece:
    """A part of a pattern as a regular expression, which ends with the space behind its last word.

    starts: what a text it matches can begin with, at most three letters, the space behind a short word included.
    """

    expression: str
    starts: frozenset[str]
    may_be_empty: bool

    def then(self, other: _Piece) -> _Piece:
        starts = self.starts | other.starts if self.may_be_empty else self.starts
        return _Piece(self.expression + other.expression, starts, self.may_be_empty and other.may_be_empty)


_NOTHING = _Piece("", frozenset(), may_be_empty=True)
_GAP = _Piece(r"(?:[^ ]+ ){0,3}?", frozenset([""]), may_be_empty=True)


def _choice(pieces: list[_Piece]) -> _Piece:
    expression = f"(?:{'|'.join(piece.expression for piece in pieces)})"
    starts = frozenset[str]().union(*(piece.starts for piece in pieces))
    return _Piece(expression, starts, any(piece.may_be_empty for piece in pieces))


class _Finder:
    """Many patterns by how they start, so that at each word only the few are tried that can match there.

    A pattern is compiled when a text first comes near it: compiling thousands at the start would take seconds.
    """

    def __init__(self, patterns: Iterable[str], form: Form) -> None:
        self._by_start: defaultdict[str, list[str]] = defaultdict(list)
        for piece in (_parse(pattern, form) for pattern in patterns):
            for start in piece.starts:
                self._by_start[start].append(piece.expression)

    def finds(self, folded: str) -> bool:
        return any(True for _ in self._spans(folded))

    def taken_out(self, folded: str) -> str:
        # A mark for every word that is taken out keeps the words on both sides from becoming neighbours.
        for start, end in self._spans(folded):
            folded = folded[:start] + re.sub("[^ ]", "|", folded[start:end]) + folded[end:]
        return folded

    def _spans(self, folded: str) -> Iterator[tuple[int, int]]:
        for space in _WORD_START.finditer(folded):
            at = space.end()
            for expression in self._candidates(folded[at : at + 3]):
                found = _compiled(expression).match(folded, at)
                if found:
                    yield found.span()

    def _candidates(self, start: str) -> Iterator[str]:
        return (expression for n in range(len(start) + 1) for expression in self._by_start.get(start[:n], ()))


_WORD_START = re.compile(r" (?=[^ ])")
_compiled = cache(re.compile)

_TOKEN = re.compile(r"[(|)]|\.\.(?!\.)|[^\s(|)]+")
_GLUED = re.compile(r"[^\s(|]\(|\)[^\s|)]")


@cache
def _parse(pattern: str, form: Form) -> _Piece:
    """Raises ValueError saying what is wrong with the pattern."""
    if _GLUED.search(pattern):
        raise ValueError("a bracket touches a word: put a space between, brackets hold whole words")
    tokens = iter(_TOKEN.findall(pattern))
    piece = _alternatives(tokens, form, is_inside=False)
    if piece.may_be_empty:
        raise ValueError("it matches an empty text: leave at least one word that must be there")
    return piece


def _alternatives(tokens: Iterator[str], form: Form, *, is_inside: bool) -> _Piece:
    """What the tokens up to the closing bracket, or to the end outside all brackets, stand for."""
    pieces = [_NOTHING]
    for token in tokens:
        if token in ("|", ")") and not is_inside:
            raise ValueError(f"'{token}' stands outside brackets")
        if token == ")":
            return _choice(pieces)
        if token == "|":
            pieces.append(_NOTHING)
        else:
            pieces[-1] = pieces[-1].then(_piece(token, tokens, form))
    if is_inside:
        raise ValueError("a bracket is not closed")
    return pieces[0]


def _piece(token: str, tokens: Iterator[str], form: Form) -> _Piece:
    if token == "(":
        return _alternatives(tokens, form, is_inside=True)
    return _GAP if token == ".." else _word(token, form)


@cache
def _word(word: str, form: Form) -> _Piece:
    stem = word.removesuffix("*")
    folded = form(stem)
    if not folded or "*" in stem or ".." in stem:
        raise ValueError(f"'{word}' is not a word: write letters, with '*' only at the end and '..' on its own")
    if word == stem:
        return _Piece(f"{folded} ", frozenset([f"{folded} "[:3]]), may_be_empty=False)
    return _Piece(f"{folded}[^ ]* ", frozenset([folded[:3]]), may_be_empty=False)


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
            _parse(pattern, coarse)
        except ValueError as fault:
            faults.append(f"{language}.{kind}.{name}: {pattern!r}: {fault}")
    return faults
