"""Writes the marks of a text's front matter: which Finnish text a translation is of, and who approved which wording."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from content.catalogue import fingerprint
from content.coverage import CARDS
from content.load import faults
from content.reading.documents import read_page
from content.reading.faults import Faults
from content.reading.texts import ORIGINAL, wording

NEXT_REVIEW = timedelta(days=183)


class NotApproved(Exception):
    """A text that cannot be approved; the message says why."""


def stamp(root: Path) -> tuple[Path, ...]:
    """Write the fingerprint of the Finnish original into every translation of it. Returns the files it changed.

    It says that the translation is of that text: stamp after the translation has been checked, not before.
    """
    return tuple(path for path, original in _translations(root) if _stamp(path, original))


def approve(root: Path, intent: str, language: str, by: str, today: date) -> Path:
    """Mark an answer, or with "crisis" the cards of a language, as approved in the wording that it has now.

    Raises NotApproved when there is no such text, or it has a fault.
    """
    path = path_of(root, intent, language)
    page = read_page(path, Faults())
    if page is None:
        raise NotApproved(f"{path}: there is no such text")
    text = path.read_text(encoding="utf-8")
    review = today + NEXT_REVIEW
    marks = {"status": "approved", "approved_by": by, "checked_on": f"{today}", "review_by": f"{review}"}
    _write(path, _marked(text, marks | {"text_hash": wording(page)}))
    remaining = [each for each in faults(root, today) if each.path == path and each.severity != "warning"]
    if remaining:
        _write(path, text)
        raise NotApproved("\n".join(str(each) for each in remaining))
    return path


def path_of(root: Path, intent: str, language: str) -> Path:
    """Where an answer is, or with "crisis" the cards of a language."""
    return root / CARDS / f"{language}.md" if intent == CARDS else root / "answers" / language / f"{intent}.md"


def _translations(root: Path) -> Iterator[tuple[Path, Path]]:
    """Each translation with its Finnish original, where there is one."""
    for path in sorted(root.glob("answers/*/*.md")):
        yield path, root / "answers" / ORIGINAL / path.name
    for path in sorted(root.glob(f"{CARDS}/*.md")):
        yield path, root / CARDS / f"{ORIGINAL}.md"


def _stamp(path: Path, original: Path) -> bool:
    source = read_page(original, Faults())
    if path == original or source is None or read_page(path, Faults()) is None:
        return False
    text = path.read_text(encoding="utf-8")
    stamped = _marked(text, {"source_hash": fingerprint(source.body)})
    if stamped != text:
        _write(path, stamped)
    return stamped != text


def _marked(text: str, marks: Mapping[str, str]) -> str:
    """Only the lines of the marks change in the front matter, so that a commit shows what happened."""
    _, front, body = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    for key, value in marks.items():
        line = f"{key}: {value}"
        front, found = re.subn(rf"^{key}:.*$", lambda _, line=line: line, front, flags=re.MULTILINE)
        front += "" if found else f"{line}\n"
    return f"---{front}---{body}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
