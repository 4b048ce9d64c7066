"""The command line: `kaspa`, also `python -m bot`."""

from __future__ import annotations

from bot.commands import app
from bot.commands.faults import explained


def main() -> None:
    """Run a command; what is wrong is said in one clear line each, without a traceback."""
    with explained():
        app()


if __name__ == "__main__":
    main()
