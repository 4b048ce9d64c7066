"""A case: somebody who asked for a person. Pure; every transition returns the new case or refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    CHAT = "chat"


class Refused(Exception):
    """The case is not in a state that allows this; the message says what it is."""


@dataclass(frozen=True)
class Case:
    """`opened_at` is the handoff, where waiting begins; all times are aware UTC. `owner` is a staff account's id."""

    id: str
    conversation: str
    language: str
    topic: str | None
    opened_at: datetime
    kind: Kind = Kind.CHAT
    acute: bool = False
    state: State = State.WAITING
    owner: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    counted: bool = False  # the ledger has its row: a later close writes no second one

    @property
    def is_open(self) -> bool:
        return self.state in (State.WAITING, State.CLAIMED)


def claim(case: Case, advisor: str, at: datetime) -> Case:
    """Take a waiting case. Raises Refused when somebody has it or it has ended."""
    if case.state is not State.WAITING:
        raise Refused(f"the case is {case.state.value}")
    return replace(case, state=State.CLAIMED, owner=advisor, claimed_at=at)


def release(case: Case, advisor: str) -> Case:
    """Give the case back to the queue, where it keeps its place by `opened_at`."""
    _owned(case, advisor)
    return replace(case, state=State.WAITING, owner=None, claimed_at=None)


def close(case: Case, advisor: str, at: datetime) -> Case:
    _owned(case, advisor)
    return replace(case, state=State.CLOSED, closed_at=at)


def reopen(case: Case, at: datetime) -> Case:
    """Back to the queue, waiting from now; nobody owns it, so it cannot wait for an advisor who has gone home."""
    if case.state is not State.CLOSED:
        raise Refused(f"the case is {case.state.value}")
    return replace(case, state=State.WAITING, owner=None, claimed_at=None, closed_at=None, opened_at=at)


def withdraw(case: Case, at: datetime) -> Case:
    """The person erased the conversation."""
    if case.state is State.WITHDRAWN:
        raise Refused("the case is withdrawn")
    return replace(case, state=State.WITHDRAWN, owner=None, closed_at=at)


def alarm(case: Case) -> Case:
    """Mark acute: the case goes to the top of the queue."""
    return replace(case, acute=True)


def queue_order(case: Case) -> tuple[bool, datetime]:
    """Sort key of the queue: acute first, then the longest wait."""
    return (not case.acute, case.opened_at)


def _owned(case: Case, advisor: str) -> None:
    if case.state is not State.CLAIMED:
        raise Refused(f"the case is {case.state.value}")
    if case.owner != advisor:
        raise Refused("another advisor holds the case")
