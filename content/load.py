"""Loads the content folder, tells every fault in it, and stamps translations with their original."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from content.catalogue import Catalogue, Content, fingerprint
from content.reading.catalogue import read_catalogue
from content.reading.documents import read_page, read_yaml
from content.reading.faults import ContentError, Fault, Faults
from content.reading.phrases import read_phrases
from content.reading.rules import Forbidden, Rules
from content.reading.schedules import read_schedules
from content.reading.texts import ORIGINAL, TextReader

__all__ = ["ContentError", "Fault", "faults", "load", "stamp"]


def load(root: Path) -> Content:
    """Everything in the content folder. Raises ContentError with all errors; warnings do not keep it from serving."""
    content, found = _read(root, today=None)
    errors = [each for each in found if each.severity == "error"]
    if errors:
        raise ContentError(errors)
    return content


def faults(root: Path, today: date | None = None) -> list[Fault]:
    """Every fault in every file, by file and line. With `today`, texts whose review is overdue are named too."""
    return _read(root, today)[1]


def stamp(root: Path) -> tuple[Path, ...]:
    """Write the fingerprint of the Finnish original into every translation of it. Returns the files it changed.

    It says that the translation is of that text: stamp after the translation has been checked, not before.
    """
    return tuple(path for path, original in _translations(root) if _write_hash(path, original))


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
    return content, found.in_order()


def _forbidden(path: Path, catalogue: Catalogue, found: Faults) -> dict[str, Forbidden]:
    """The forbidden phrases by language. A first language without any would be read against no rule, unnoticed."""
    top = read_yaml(path, found)
    rows = {code: each.table(("phrases",), ("unless",)) for code, each in top.rows().items()}
    for language in catalogue.languages:
        if language.first and top.node is not None and language.code not in rows:
            top.error(f"no forbidden phrases in {language.code}")
    return {code: Forbidden(keys["phrases"].texts(), keys["unless"].texts()) for code, keys in rows.items()}


def _translations(root: Path) -> Iterator[tuple[Path, Path]]:
    """Each translation with its Finnish original, where there is one."""
    for path in sorted(root.glob("answers/*/*.md")):
        yield path, root / "answers" / ORIGINAL / path.name
    for path in sorted(root.glob("crisis/*.md")):
        yield path, root / "crisis" / f"{ORIGINAL}.md"


def _write_hash(path: Path, original: Path) -> bool:
    source = read_page(original, Faults())
    if path == original or source is None or read_page(path, Faults()) is None:
        return False
    text = path.read_text(encoding="utf-8")
    stamped = _with_hash(text, fingerprint(source.body))
    if stamped != text:
        path.write_text(stamped, encoding="utf-8", newline="\n")
    return stamped != text


def _with_hash(text: str, value: str) -> str:
    """Only the one line of the front matter changes, so that a commit shows what happened."""
    _, front, body = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    line = f"source_hash: {value}"
    front, found = re.subn(r"^source_hash:.*$", line, front, flags=re.MULTILINE)
    return f"---{front}{'' if found else line + chr(10)}---{body}"
