"""`kaspa check` and `kaspa content`: faults, the coverage grid, approvals, and the stamp that binds translations."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.app import CONTENT
from bot.commands.faults import Stop, explained
from bot.commands.pages import page
from bot.settings import BadSettings, load
from content.coverage import Coverage, State, coverage_of
from content.load import ContentError, Fault, faults
from content.load import load as load_content
from content.marking import NotApproved, approve, path_of, stamp
from nlu.crisis import BadLexicon
from nlu.lexicons import CRISIS_LEXICONS, load_lexicons

MARKS: dict[State, str] = {"approved": "[green]✔[/]", "draft": "·", "outdated": "[yellow]![/]", "missing": "[red]–[/]"}

app = typer.Typer(help=__doc__, no_args_is_help=True)


def check(html: Annotated[Path | None, typer.Option(help="Write the coverage grid as a page, too.")] = None) -> None:
    """Every fault in settings, content and lexicons, and which answer exists in which language.

    Ends with status 1 when something is wrong or outdated; a warning alone does not fail.
    """
    other = [*_settings_faults(), *_lexicon_faults()]
    found = faults(CONTENT, datetime.now(UTC).date())
    for line in (*other, *map(_line, found)):
        print(line)
    _tell_coverage(html)
    failed = len(other) + sum(fault.severity != "warning" for fault in found)
    print(f"{failed} errors, {sum(fault.severity == 'warning' for fault in found)} warnings")
    raise typer.Exit(1 if failed else 0)


@app.command("unapproved")
def list_unapproved(language: str) -> None:
    """The texts of a language that nobody answers for yet, in the order in which to read them."""
    with explained():
        coverage = coverage_of(load_content(CONTENT))
        if language not in coverage.languages:
            raise Stop(f"{language} has no texts of its own; use {', '.join(coverage.languages)}")
    texts = coverage.unapproved(language)
    for number, (intent, state) in enumerate(texts, 1):
        print(f"{number:3}. {intent} ({state}): {os.path.relpath(path_of(CONTENT, intent, language))}")
    print(f"{len(texts)} to read. When one is right: kaspa content approve INTENT {language} --by NAME")


@app.command("stamp")
def stamp_translations() -> None:
    """Say that the translations are up to date with the Finnish originals as they are now."""
    for path in stamp(CONTENT):
        print(os.path.relpath(path))


@app.command("approve")
def approve_text(
    intent: Annotated[str, typer.Argument(help="An intent; crisis for the crisis cards.")],
    language: str,
    by: Annotated[str, typer.Option(help="Who has read the text and answers for it.")],
) -> None:
    """Approve a text in the wording it has now; whoever changes it later undoes that."""
    with explained():
        try:
            path = approve(CONTENT, intent, language, by, datetime.now(UTC).date())
        except NotApproved as fault:
            raise Stop(f"not approved:\n{fault}") from None
    print(f"{os.path.relpath(path)}: approved by {by}")


def _settings_faults() -> list[str]:
    try:
        load(os.environ)
    except BadSettings as bad:
        return [f"error: {fault}" for fault in bad.faults]
    return []


def _lexicon_faults() -> list[str]:
    try:
        load_lexicons(CRISIS_LEXICONS)
    except BadLexicon as bad:
        return [f"error: {bad}"]
    return []


def _line(fault: Fault) -> str:
    return f"{fault.severity}: {os.path.relpath(fault.path)}:{fault.line}: {fault.message}"


def _tell_coverage(html: Path | None) -> None:
    try:
        coverage = coverage_of(load_content(CONTENT))
    except ContentError:
        print("no coverage grid: mend the errors first")
        return
    Console().print(_grid(coverage))
    if html:
        html.write_text(page("coverage.html", coverage=coverage), encoding="utf-8")
        print(f"coverage grid: {html}")


def _grid(coverage: Coverage) -> Table:
    counts = ", ".join(f"{MARKS[state]} {state} {coverage.count(state)}" for state in MARKS)
    table = Table(title="Answers by language", caption=counts, box=None, padding=(0, 1))
    table.add_column("intent")
    for language in coverage.languages:
        table.add_column(language, justify="center")
    for intent, states in coverage.rows.items():
        table.add_row(intent, *(MARKS[state] for state in states))
    return table
