"""Loads the content folder, and tells every fault in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from content.catalogue import Catalogue, Content
from content.reading.catalogue import read_catalogue
from content.reading.documents import read_yaml
from content.reading.faults import ContentError, Fault, Faults
from content.reading.phrases import read_phrases
from content.reading.rules import Forbidden, Rules
from content.reading.schedules import read_schedules
from content.reading.texts import TextReader

__all__ = ["ContentError", "Fault", "faults", "load"]


def load(root: Path) -> Content:
    """Everything in the content folder. Raises ContentError with all errors; nothing less keeps it from serving."""
    content, found = _read(root, today=None)
    errors = [each for each in found if each.severity == "error"]
    if errors:
        raise ContentError(errors)
    return content


def faults(root: Path, today: date | None = None) -> list[Fault]:
    """Every fault in every file, by file and line. With `today`, texts whose review is overdue are named too."""
    return _read(root, today)[1]


def _read(root: Path, today: date | None) -> tuple[Content, list[Fault]]:
    found = Faults()
    schedules = read_schedules(root, found)
    catalogue = read_catalogue(root, schedules, found)
    rules = Rules(catalogue.organisations, _forbidden(root / "forbidden.yml", catalogue, found))
    texts = TextReader(catalogue, rules, found, today)
    content = Content(
        catalogue=catalogue,
        schedules=schedules,
        answers=texts.answers(root / "answers"),
        cards=texts.cards(root / "crisis"),
        phrases=read_phrases(root / "phrases", catalogue, rules, found),
    )
    return _shared(content), found.in_order()


def _shared(content: Content) -> Content:
    """A language that reads the texts of another has them as its own."""
    readers = [(each.code, each.texts_of) for each in content.catalogue.languages if each.texts_of]
    answers, cards, phrases = dict(content.answers), dict(content.cards), dict(content.phrases)
    for code, other in readers:
        answers |= {(key, code): replace(each, language=code) for (key, of), each in answers.items() if of == other}
        cards |= {(key, code): replace(each, language=code) for (key, of), each in cards.items() if of == other}
        phrases |= {code: phrases[other]} if other in phrases else {}
    return replace(content, answers=answers, cards=cards, phrases=phrases)


def _forbidden(path: Path, catalogue: Catalogue, found: Faults) -> dict[str, Forbidden]:
    """The forbidden phrases by language. A first language without any would be read against no rule, unnoticed."""
    top = read_yaml(path, found)
    rows = {code: each.table(("phrases",), ("unless",)) for code, each in top.rows().items()}
    for language in catalogue.languages:
        if language.first and top.node is not None and language.code not in rows:
            top.error(f"no forbidden phrases in {language.code}")
    return {code: Forbidden(keys["phrases"].texts(), keys["unless"].texts()) for code, keys in rows.items()}
