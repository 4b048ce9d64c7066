"""Forms that were sent already: a double click or a repeated request has one effect."""

from __future__ import annotations

MOST_KEYS = 10_000


class Once:
    """Keys that pages put into their forms, one a form; in memory, the oldest forgotten first."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    def first(self, key: str) -> bool:
        """Whether this form is new. One without a key always is."""
        if not key:
            return True
        if key in self._keys:
            return False
        self._keys[key] = None
        if len(self._keys) > MOST_KEYS:
            del self._keys[next(iter(self._keys))]
        return True

    def forget(self, key: str) -> None:
        """It had no effect after all."""
        self._keys.pop(key, None)
