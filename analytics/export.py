"""A published report as a file: CSV, JSON, XLSX, or a page to print. The same numbers in every one."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from html import escape
from io import BytesIO, StringIO

from xlsxwriter import Workbook

from analytics.report import Breakdown, Report, View

WITHHELD = "–"
COLUMNS = ("period", "breakdown", "value", "contacts", "goal", "definition")
# Spreadsheets take a cell that starts so for a formula (OWASP, "CSV Injection"); the full-width forms count as well.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:2rem 0;break-inside:avoid}"
    "caption{text-align:start}caption strong{display:block}"
    "th,td{border-bottom:1px solid #767676;padding:.25rem .5rem;text-align:start}td{text-align:end}"
)


class NotForFiles(ValueError):
    """The report holds exact numbers, and those stay on the desk's screen: build it in the published view."""


@dataclass(frozen=True)
class _Line:
    breakdown: str
    value: str
    contacts: int | None
    goal: int | None
    definition: str


def to_csv(report: Report) -> bytes:
    """RFC 4180 with commas, UTF-8 with a byte order mark, one line for each number.

    Commas, though a Finnish Excel expects semicolons when it opens a file by double click: every other program reads
    them, and there is XLSX for Excel.
    """
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in _lines(report):
        writer.writerow([_harmless(cell) for cell in _cells(report, line)])
    return text.getvalue().encode("utf-8-sig")


def to_json(report: Report) -> bytes:
    """UTF-8; null stands for a withheld number."""
    content = {
        "period": report.period.name,
        "from": report.period.start.isoformat(),
        "before": report.period.end.isoformat(),
        "smallest": report.smallest,
        "note": note(report),
        "total": _checked(report).total,
        "definition": report.definition,
        "targets": [
            {"client_type": one.target.client_type, "goal": one.target.goal, "contacts": one.contacts}
            for one in report.reached
        ],
        "breakdowns": {
            breakdown.dimension: {
                "definition": breakdown.definition,
                "contacts": {count.value: count.contacts for count in breakdown.counts},
            }
            for breakdown in report.breakdowns
        },
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def to_xlsx(report: Report) -> bytes:
    """One sheet with the lines of the CSV; text is never taken for a formula or a link."""
    file = BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        # The time of making would make two files of one report differ, and tell when somebody was at work.
        book.set_properties({"title": _title(report), "created": datetime.combine(report.period.end, time())})
        sheet = book.add_worksheet(report.period.name)
        for row, cells in enumerate([COLUMNS, *(_cells(report, line) for line in _lines(report))]):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
    return file.getvalue()


def to_html(report: Report) -> bytes:
    """A whole page in English, nothing loaded from anywhere, one captioned table for each breakdown."""
    title = escape(_title(report))
    tables = "\n".join(_table(breakdown) for breakdown in _checked(report).breakdowns)
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>
<body>
<h1>{title}</h1>
<p>{report.total} contacts. {escape(report.definition)}</p>
<p>{escape(note(report))}</p>
{_targets(report)}
{tables}
</body>
</html>
""".encode()


FORMATS: Mapping[str, Callable[[Report], bytes]] = {"csv": to_csv, "json": to_json, "xlsx": to_xlsx, "html": to_html}


def note(report: Report) -> str:
    return (
        f"{WITHHELD} means withheld: fewer than {report.smallest} contacts, or a number from which such a one could be "
        "worked out."
    )


def _checked(report: Report) -> Report:
    """The one door into every file."""
    if report.view is not View.PUBLISHED:
        raise NotForFiles(f"the report on {report.period.name} is in the {report.view} view: build the published one")
    return report


def _title(report: Report) -> str:
    return f"Contacts {report.period.name}"


def _lines(report: Report) -> Iterator[_Line]:
    yield _Line("total", "", _checked(report).total, None, f"{report.definition} {note(report)}")
    definition = report.client_type.definition
    for one in report.reached:
        yield _Line("target", one.target.client_type, one.contacts, one.target.goal, definition)
    for breakdown in report.breakdowns:
        for count in breakdown.counts:
            yield _Line(breakdown.dimension, count.value, count.contacts, None, breakdown.definition)


def _cells(report: Report, line: _Line) -> tuple[str | int, ...]:
    contacts = WITHHELD if line.contacts is None else line.contacts
    goal = "" if line.goal is None else line.goal
    return report.period.name, line.breakdown, line.value, contacts, goal, line.definition


def _harmless(cell: str | int) -> str | int:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _table(breakdown: Breakdown) -> str:
    name = breakdown.dimension.replace("_", " ")
    rows = [(escape(count.value), _number(count.contacts)) for count in breakdown.counts]
    return _markup(f"Contacts by {name}", breakdown.definition, (name, "contacts"), rows)


def _targets(report: Report) -> str:
    rows = [(escape(one.target.client_type), _number(one.contacts), str(one.target.goal)) for one in report.reached]
    return _markup("Targets", report.client_type.definition, ("client type", "contacts", "goal"), rows)


def _markup(caption: str, definition: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    return f"""<table>
<caption><strong>{escape(caption)}</strong> {escape(definition)}</caption>
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>"""


def _number(contacts: int | None) -> str:
    """A screen reader passes over a dash in silence, so it has a name."""
    return f'<span role="img" aria-label="withheld">{WITHHELD}</span>' if contacts is None else str(contacts)
