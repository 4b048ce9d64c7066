"""Files as people write them: YAML, and Markdown under YAML front matter. Every value knows its line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from content.reading.faults import Faults, Place

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, where it is, is faster


@dataclass(frozen=True)
class Value:
    """One YAML value. What is asked of it and is not so becomes a fault, and a harmless value comes back instead.

    Scalars are read as they are written: `no` stays a language and `12-24` a day. `node` is None for a missing key.
    """

    node: yaml.Node | None
    place: Place
    faults: Faults
    first_line: int = 1  # of the YAML text in its file

    @property
    def is_empty(self) -> bool:
        return self.node is None or self.node.tag == "tag:yaml.org,2002:null" or self.node.value == ""

    @property
    def is_table(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def rows(self) -> dict[str, Value]:
        """A mapping with keys of its own, in their order; empty when there is nothing."""
        if self.is_empty:
            return {}
        if not isinstance(self.node, yaml.MappingNode):
            self.error("expected a mapping of keys and values")
            return {}
        rows: dict[str, Value] = {}
        for key, value in self.node.value:
            if str(key.value) in rows:
                self._at(key).error(f'the key "{key.value}" is written twice')
            rows[str(key.value)] = self._at(value, key)
        return rows

    def table(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Value]:
        """A mapping with known keys. The answer has each of them; a key that may be absent is an empty value there.

        Nothing is said about what a value that is itself missing lacks: that was one fault already.
        """
        rows = self.rows()
        for key, value in rows.items():
            if key not in required and key not in optional:
                value.error(f'unknown key "{key}"; known are {", ".join((*required, *optional))}')
        for key in required:
            if key not in rows and self.node is not None and (self.is_table or self.is_empty):
                self.error(f'the key "{key}" is missing')
        return {key: rows.get(key, Value(None, self.place, self.faults)) for key in (*required, *optional)}

    def items(self) -> list[Value]:
        if self.is_empty:
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            self.error("expected a list, [like, this]")
            return []
        return [self._at(each) for each in self.node.value]

    def text(self) -> str:
        if self.is_empty:
            return ""
        if not isinstance(self.node, yaml.ScalarNode):
            self.error("expected a single text")
            return ""
        return str(self.node.value).strip()

    def filled(self) -> str:
        """A text that must not be empty."""
        text = self.text()
        if self.node is not None and self.is_empty:
            self.error("a text is missing here")
        return text

    def texts(self) -> tuple[str, ...]:
        return tuple(each.filled() for each in self.items())

    def flag(self) -> bool:
        text = self.text()
        if text not in ("", "true", "false"):
            self.error(f'expected true or false, found "{text}"')
        return text == "true"

    def day(self) -> date | None:
        text = self.text()
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.error(f'"{text}" is not a date; write it as 2027-02-24')
            return None

    def error(self, message: str) -> None:
        self.faults.error(self.place, message)

    def outdated(self, message: str) -> None:
        self.faults.outdated(self.place, message)

    def warn(self, message: str) -> None:
        self.faults.warn(self.place, message)

    def _at(self, node: yaml.Node, key: yaml.Node | None = None) -> Value:
        """A value stands where its key stands: a list under a key begins on a later line."""
        line = (key or node).start_mark.line + self.first_line
        return Value(node, Place(self.place.path, line), self.faults, self.first_line)


@dataclass(frozen=True)
class Page:
    """A Markdown file: its front matter, and the body that begins on `body_line`."""

    front: Value
    body: str
    body_line: int


def read_text(path: Path, faults: Faults) -> str | None:
    """The file's text; None, with a fault, when it is absent or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        faults.error(Place(path), "the file is missing")
    except UnicodeDecodeError:
        faults.error(Place(path), "the file is not UTF-8")
    return None


def read_yaml(path: Path, faults: Faults) -> Value:
    text = read_text(path, faults)
    return Value(None, Place(path), faults) if text is None else _parse(text, path, faults)


def read_page(path: Path, faults: Faults) -> Page | None:
    """A page with front matter between two lines of three dashes; None, with a fault, when it has none."""
    text = read_text(path, faults)
    if text is None:
        return None
    lines = text.splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        faults.error(Place(path), "front matter is missing: begin with a line ---, the keys, and a line ---")
        return None
    end = next(number for number, line in enumerate(lines[1:], start=1) if line.strip() == "---")
    front = _parse("\n".join(lines[1:end]), path, faults, first_line=2)
    return Page(front, "\n".join(lines[end + 1 :]), end + 2)


def _parse(text: str, path: Path, faults: Faults, first_line: int = 1) -> Value:
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as wrong:
        faults.error(Place(path, _line_of(wrong) + first_line), f"YAML: {wrong.problem or wrong.context}")
        return Value(None, Place(path, first_line), faults)
    except yaml.YAMLError as wrong:
        faults.error(Place(path, first_line), f"YAML: {wrong}")
        return Value(None, Place(path, first_line), faults)
    if node is None:
        faults.error(Place(path, first_line), "nothing is written here")
    return Value(node, Place(path, first_line), faults, first_line)


def _line_of(wrong: yaml.MarkedYAMLError) -> int:
    """Counted from 0. What is never closed is missed at the end of the file, but stands where it was opened."""
    at_end = "end of stream" in (wrong.problem or "")
    mark = (wrong.context_mark if at_end else None) or wrong.problem_mark
    return mark.line if mark else 0
