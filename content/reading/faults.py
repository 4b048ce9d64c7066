"""Faults in content files: where each stands and what to do about it, collected so that all are told at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Severity = Literal["error", "outdated", "warning"]


@dataclass(frozen=True)
class Place:
    """A line of a file; lines count from 1."""

    path: Path
    line: int = 1


@dataclass(frozen=True, order=True)
class Fault:
    """An error keeps the content from being served; a warning is for an editor to look at.

    What is outdated, a translation of another text or an approval of another wording, is served as a draft, but fails
    the check.
    """

    path: Path
    line: int
    message: str
    severity: Severity = "error"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.severity}: {self.message}"


class ContentError(Exception):
    """The content cannot be served. Each line of the message is one fault: file, line, what to do."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("the content has faults:\n" + "\n".join(str(each) for each in self.faults))


@dataclass
class Faults:
    """Collects what the readers find."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: Place, message: str, severity: Severity) -> None:
        self.found.append(Fault(place.path, place.line, message, severity))

    def error(self, place: Place, message: str) -> None:
        self.add(place, message, "error")

    def outdated(self, place: Place, message: str) -> None:
        self.add(place, message, "outdated")

    def warn(self, place: Place, message: str) -> None:
        self.add(place, message, "warning")

    def in_order(self) -> list[Fault]:
        """By file and line, each once."""
        return sorted(set(self.found))
