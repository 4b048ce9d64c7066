"""Every file says the same as the report, and nothing in it is taken for anything but text."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from io import BytesIO, StringIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from analytics.export import FORMATS, WITHHELD, NotForFiles, to_csv, to_html, to_json, to_xlsx
from analytics.period import parse_period
from analytics.report import CONTACTS, DEFINITIONS, TARGETS, Breakdown, Count, Reached, Report, View

Numbers = dict[tuple[str, str], int | None]
COUNTS: dict[str, dict[str, int | None]] = {
    "channel": {"phone": 12, "visit": 0},
    "language": {"fi": 8, "so": None, "ar": None},
    "topic": {"permits": 11, "<b>work</b>": 6},
    "client_type": {"client": 7, "professional": 5},
    "outcome": {"answered": 12},
    "municipality": {"kajaani": None, "kuhmo": None},
    "first_contact": {"first": 12, "repeat": 0},
}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def breakdown(dimension: str, counts: dict[str, int | None]) -> Breakdown:
    return Breakdown(dimension, DEFINITIONS[dimension], tuple(Count(*count) for count in counts.items()))


REPORT = Report(
    period=parse_period("2026-Q4"),
    view=View.PUBLISHED,
    smallest=5,
    total=12,
    definition=CONTACTS,
    reached=(Reached(TARGETS[0], 7), Reached(TARGETS[1], None)),
    **{dimension: breakdown(dimension, counts) for dimension, counts in COUNTS.items()},
)


def in_report() -> Numbers:
    counts = {(one.dimension, count.value): count.contacts for one in REPORT.breakdowns for count in one.counts}
    return counts | {("target", one.target.client_type): one.contacts for one in REPORT.reached} | {("total", ""): 12}


def number(text: str) -> int | None:
    return None if text == WITHHELD else int(text)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))


def in_csv(content: bytes) -> Numbers:
    return {(row["breakdown"], row["value"]): number(row["contacts"]) for row in csv_rows(content)}


def in_json(content: bytes) -> Numbers:
    data = json.loads(content)
    counts = {
        (name, value): contacts
        for name, breakdown_ in data["breakdowns"].items()
        for value, contacts in breakdown_["contacts"].items()
    }
    targets = {("target", one["client_type"]): one["contacts"] for one in data["targets"]}
    return counts | targets | {("total", ""): data["total"]}


def xlsx_rows(content: bytes) -> list[list[str]]:
    with ZipFile(BytesIO(content)) as file:
        strings = ElementTree.fromstring(file.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(part.text or "" for part in one.iter(f"{SHEET}t")) for one in strings]
    return [[_cell(cell, texts) for cell in row] for row in sheet.iter(f"{SHEET}row")]


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.findtext(f"{SHEET}v", "")
    return texts[int(value)] if cell.get("t") == "s" else value


def in_xlsx(content: bytes) -> Numbers:
    _, total, *rows = xlsx_rows(content)
    return {("total", ""): int(total[2])} | {(row[1], row[2]): number(row[3]) for row in rows}


@dataclass
class Page(HTMLParser):
    """The tables of a page, as rows of cell texts under their captions."""

    tables: dict[str, list[list[str]]] = field(default_factory=dict)
    text: str = ""
    _path: list[str] = field(default_factory=list)
    _caption: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._path.append(tag)
        if tag == "tr" and "tbody" in self._path:
            self.tables[self._caption].append([])

    def handle_endtag(self, tag: str) -> None:
        while self._path.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.text += data
        if "strong" in self._path and "caption" in self._path:
            self._caption = data.removeprefix("Contacts by ").replace(" ", "_")
            self.tables[self._caption] = []
        elif "tbody" in self._path and data.strip():
            self.tables[self._caption][-1].append(data)


def page(content: bytes) -> Page:
    parsed = Page()
    parsed.feed(content.decode())
    return parsed


def in_html(content: bytes) -> Numbers:
    parsed = page(content)
    total = re.search(r"(\d+) contacts\.", parsed.text)
    targets = {("target", row[0]): number(row[1]) for row in parsed.tables.pop("Targets")}
    counts = {(name, row[0]): number(row[1]) for name, rows in parsed.tables.items() for row in rows}
    return counts | targets | {("total", ""): int(total[1]) if total else None}


READERS = {"csv": in_csv, "json": in_json, "xlsx": in_xlsx, "html": in_html}


@pytest.mark.parametrize("format", list(FORMATS))
def test_every_file_holds_the_numbers_of_the_report(format: str) -> None:
    assert READERS[format](FORMATS[format](REPORT)) == in_report()


@pytest.mark.parametrize("format", list(FORMATS))
def test_exact_numbers_are_not_written_to_any_file(format: str) -> None:
    with pytest.raises(NotForFiles, match=r"2026-Q4.*published"):
        FORMATS[format](replace(REPORT, view=View.EXACT))


@pytest.mark.parametrize("format", list(FORMATS))
def test_the_same_report_makes_the_same_file(format: str) -> None:
    assert FORMATS[format](REPORT) == FORMATS[format](REPORT)


def test_a_csv_number_has_its_definition_beside_it() -> None:
    definitions = {row["breakdown"]: row["definition"] for row in csv_rows(to_csv(REPORT))}
    assert definitions.items() >= DEFINITIONS.items()
    assert definitions["total"].startswith(CONTACTS)


def test_an_xlsx_number_has_its_definition_beside_it() -> None:
    assert {row[1]: row[-1] for row in xlsx_rows(to_xlsx(REPORT))}.items() >= DEFINITIONS.items()


def test_json_says_what_each_number_means() -> None:
    data = json.loads(to_json(REPORT))
    assert {name: one["definition"] for name, one in data["breakdowns"].items()} == DEFINITIONS
    assert (data["definition"], data["smallest"]) == (CONTACTS, 5)


def test_a_page_says_what_each_number_means() -> None:
    text = page(to_html(REPORT)).text
    assert all(definition in text for definition in (CONTACTS, *DEFINITIONS.values()))


def test_csv_starts_with_a_byte_order_mark_and_has_commas() -> None:
    assert to_csv(REPORT).startswith(b"\xef\xbb\xbfperiod,breakdown,value,contacts,goal,definition\r\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_csv_cell_is_taken_for_a_formula(start: str) -> None:
    report = replace(REPORT, topic=breakdown("topic", {f"{start}HYPERLINK(1)": 9}))
    assert ("topic", f"'{start}HYPERLINK(1)") in in_csv(to_csv(report))


def test_no_xlsx_cell_is_a_formula() -> None:
    report = replace(REPORT, topic=breakdown("topic", {"=1+1": 9}))
    with ZipFile(BytesIO(to_xlsx(report))) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")
    assert ("topic", "=1+1") in in_xlsx(to_xlsx(report))


def test_xlsx_numbers_are_numbers() -> None:
    with ZipFile(BytesIO(to_xlsx(REPORT))) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    total = next(cell for cell in sheet.iter(f"{SHEET}c") if cell.get("r") == "D2")
    assert (total.get("t", "n"), total.findtext(f"{SHEET}v")) == ("n", "12")


def test_xlsx_does_not_tell_when_it_was_made() -> None:
    with ZipFile(BytesIO(to_xlsx(REPORT))) as file:
        assert set(re.findall(rb"\d{4}-\d\d-\d\d", file.read("docProps/core.xml"))) == {b"2027-01-01"}


def test_words_in_a_page_are_not_markup() -> None:
    content = to_html(REPORT)
    assert b"<b>" not in content
    assert b"&lt;b&gt;work" in content


def test_every_table_of_a_page_has_a_caption_and_named_rows_and_columns() -> None:
    content = to_html(REPORT).decode()
    tables = re.findall(r"<table>.*?</table>", content, re.DOTALL)
    assert len(tables) == 1 + len(DEFINITIONS)
    assert all(re.search(r'<caption>.*<th scope="col">.*<th scope="row">', table, re.DOTALL) for table in tables)


def test_a_withheld_number_is_read_aloud() -> None:
    assert to_html(REPORT).decode().count('aria-label="withheld"') == 5


def test_a_page_loads_nothing() -> None:
    assert not re.search(rb"src=|href=|url\(|@import|<script", to_html(REPORT))
