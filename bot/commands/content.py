"""`kaspa check` and `kaspa content`: faults in settings and texts, and the stamp that binds translations."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import typer

from bot.app import CONTENT, LEXICONS
from bot.settings import BadSettings, load
from content.load import faults, stamp
from nlu.crisis import BadLexicon
from nlu.lexicons import load_lexicons

app = typer.Typer(help=__doc__, no_args_is_help=True)


def check() -> None:
    """Every fault in settings, content and lexicons, with file and line. Ends with status 1 when there is an error."""
    errors = 0
    try:
        load(os.environ)
    except BadSettings as bad:
        errors += len(bad.faults)
        print("\n".join(f"error: {fault}" for fault in bad.faults))
    try:
        load_lexicons(LEXICONS)
    except BadLexicon as bad:
        errors += 1
        print(f"error: {bad}")
    found = faults(CONTENT, datetime.now(UTC).date())
    for fault in found:
        print(f"{fault.severity}: {os.path.relpath(fault.path)}:{fault.line}: {fault.message}")
    errors += sum(fault.severity == "error" for fault in found)
    warnings = sum(fault.severity == "warning" for fault in found)
    print(f"{errors} errors, {warnings} warnings")
    raise typer.Exit(1 if errors else 0)


@app.command("stamp")
def stamp_translations() -> None:
    """Say that the translations are up to date with the Finnish originals as they are now."""
    for path in stamp(CONTENT):
        print(os.path.relpath(path))
