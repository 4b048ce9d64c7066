"""Faults a person can mend, said in clear lines instead of a traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from analytics.events import UnknownWords
from bot.accounts import AccountError
from bot.app import NotForProduction
from bot.nlu_server import NoRasa
from bot.settings import BadSettings
from content.load import ContentError


class Stop(Exception):
    """The command cannot go on; the message says what to do."""


@contextmanager
def explained() -> Iterator[None]:
    """Ends the process with status 1 and the fault's own words."""
    try:
        yield
    except (Stop, BadSettings, NoRasa, AccountError, UnknownWords, ContentError, NotForProduction) as fault:
        print(f"kaspa: {fault}", file=sys.stderr)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
