"""Counting one contact: checked against the vocabulary, then written down."""

from __future__ import annotations

from analytics.events import Contact, Vocabulary, check
from analytics.store import Connection, Ledger


async def record(conn: Connection, ledger: Ledger, vocabulary: Vocabulary, id: str, contact: Contact) -> None:
    """`id` is a fresh random one. Raises UnknownWords, and then nothing is written."""
    await ledger.add(conn, id, check(contact, vocabulary))
