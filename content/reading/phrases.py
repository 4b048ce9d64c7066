"""Reads the interface's phrases, gettext files with fixed keys, and compares each language with English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

from babel.messages.pofile import PoFileError, read_po

from content.catalogue import Catalogue
from content.reading.documents import read_text
from content.reading.faults import Faults, Place
from content.reading.rules import Rules, findings_in_words

REFERENCE_LANGUAGE = "en"
_LINE = re.compile(r'(?:msg(?:id|str) )?"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True)
class Phrase:
    text: str
    place: Place


def read_phrases(folder: Path, catalogue: Catalogue, rules: Rules, faults: Faults) -> dict[str, dict[str, str]]:
    """The phrases by language and key. Every language with texts has every key; one only understood has a few."""
    reference = _read(folder / f"{REFERENCE_LANGUAGE}.po", faults)
    _check_topics(folder / f"{REFERENCE_LANGUAGE}.po", reference, catalogue, faults)
    phrases = {}
    written = {each.code for each in catalogue.languages if not each.texts_of} | {REFERENCE_LANGUAGE}
    for path in sorted({*folder.glob("*.po"), *(folder / f"{code}.po" for code in written)}):
        language = path.stem
        found = reference if language == REFERENCE_LANGUAGE else _read(path, faults)
        if language not in written and language not in catalogue.understood:
            faults.error(Place(path), f'unknown language "{language}": it is not in catalogue.yml')
            continue
        _compare(path, found, reference, language in written, faults)
        _check_words(found, language, rules, faults)
        phrases[language] = {key: phrase.text for key, phrase in found.items()}
    return phrases


def _read(path: Path, faults: Faults) -> dict[str, Phrase]:
    """The translated phrases of one file; none, with a fault, when it cannot be read."""
    text = read_text(path, faults)
    if text is None:
        return {}
    _check_lines(path, text, faults)
    try:
        messages = read_po(text.splitlines(), abort_invalid=True)
    except PoFileError as wrong:
        message = str(wrong).removesuffix(f" on {wrong.lineno}")  # Babel counts lines from 0
        faults.error(Place(path, wrong.lineno + 1), f"gettext: {message}")
        return {}
    found = {str(each.id): Phrase(str(each.string), Place(path, each.lineno or 1)) for each in messages if each.id}
    return {key: phrase for key, phrase in found.items() if phrase.text}


def _check_lines(path: Path, text: str, faults: Faults) -> None:
    """What Babel passes over: a text without quotation marks loses its ends, a key written twice its first text."""
    seen = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#") and not _LINE.fullmatch(line.strip()):
            faults.error(
                Place(path, number), 'gettext: write msgid "key" and msgstr "text", inner quotation marks as \\"'
            )
        if line.startswith('msgid "') and line in seen:
            faults.error(Place(path, number), f"the key {line.removeprefix('msgid ')} is written twice")
        seen.add(line)


def _check_topics(path: Path, reference: Mapping[str, Phrase], catalogue: Catalogue, faults: Faults) -> None:
    for topic in catalogue.topics:
        if reference and f"topic_{topic}" not in reference:
            faults.error(Place(path), f'the topic "{topic}" has no phrase topic_{topic}')


def _compare(
    path: Path, found: Mapping[str, Phrase], reference: Mapping[str, Phrase], complete: bool, faults: Faults
) -> None:
    if not found or not reference:
        return
    for key in reference.keys() - found.keys() if complete else ():
        faults.error(Place(path), f'the phrase "{key}" is missing')
    for key, phrase in found.items():
        names, expected = _placeholders(phrase, faults), _placeholders(reference.get(key), faults)
        if key not in reference:
            faults.error(phrase.place, f'the phrase "{key}" is not in {REFERENCE_LANGUAGE}.po')
        elif names != expected:
            faults.error(phrase.place, f'"{key}" has the placeholders {_listed(names)}, expected {_listed(expected)}')


def _placeholders(phrase: Phrase | None, faults: Faults) -> frozenset[str]:
    if phrase is None:
        return frozenset()
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(phrase.text) if name is not None)
    except ValueError:
        faults.error(phrase.place, "a { or } stands alone")
        return frozenset()


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def _check_words(found: Mapping[str, Phrase], language: str, rules: Rules, faults: Faults) -> None:
    for phrase in found.values():
        for finding in findings_in_words(phrase.text, language, rules):
            faults.add(phrase.place, finding.message, finding.severity)
