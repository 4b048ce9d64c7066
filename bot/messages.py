"""What is said through any channel: pure values, no channel's own types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sender = Literal["you", "bot", "advisor", "notice"]


@dataclass(frozen=True)
class Address:
    """Where a person can be reached: `channel` names the door, `key` is that door's own address (a chat id)."""

    channel: str
    key: str


@dataclass(frozen=True)
class Incoming:
    """One thing a person did: wrote `text`, or pressed the button `choice`.

    `external_id` is the channel's own number of it (an update id, a client's uuid): the same one twice is one message.
    """

    external_id: str
    text: str | None = None
    choice: str | None = None


@dataclass(frozen=True)
class Choice:
    """A button. `id` is `intent:<id>`, `language:<code>`, `topic:<id>` or `action:<name>`."""

    id: str
    label: str


@dataclass(frozen=True)
class Source:
    """An official page behind an answer."""

    title: str
    url: str


@dataclass(frozen=True)
class Outgoing:
    """One message to a person, in plain Markdown (paragraphs, lists, bold), in `language`."""

    text: str
    language: str
    sender: Sender = "bot"
    choices: tuple[Choice, ...] = ()
    sources: tuple[Source, ...] = ()
    draft: bool = False


@dataclass(frozen=True)
class Kept:
    """A message as the conversation's log keeps it. `seq` grows by one a message; `at` is a UTC time, ISO 8601."""

    seq: int
    at: str
    message: Outgoing
