"""Reads hours.yml into schedules."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from content.hours import HELSINKI, WEEKDAYS, Schedule, Span, SpecialDay, eve, parse_span
from content.reading.documents import Value, read_yaml
from content.reading.faults import Faults


def read_schedules(root: Path, faults: Faults) -> dict[str, Schedule]:
    """The schedules by name, each with the exceptions that name it."""
    top = read_yaml(root / "hours.yml", faults).table(("timezone", "holidays", "eves", "schedules"), ("exceptions",))
    _only(top["timezone"], HELSINKI.key)
    _only(top["holidays"], "FI")
    eves, rows = _eves(top["eves"]), top["schedules"].rows()
    special = _exceptions(top["exceptions"], rows)
    return {name: _schedule(name, row, eves, special.get(name, {})) for name, row in rows.items()}


def _only(value: Value, accepted: str) -> None:
    if value.node is not None and value.text() != accepted:
        value.error(f'only {accepted} is supported, found "{value.text()}"')


def _eves(value: Value) -> tuple[str, ...]:
    names = []
    for each in value.items():
        try:
            eve(each.text(), 2027)  # not a leap year: an eve must exist in every year
            names.append(each.text())
        except ValueError:
            each.error(f'"{each.text()}" is not an eve; write midsummer, or month and day: "12-24"')
    return tuple(names)


def _schedule(name: str, value: Value, eves: tuple[str, ...], special: Mapping[date, SpecialDay]) -> Schedule:
    keys = value.table(("weekly", "confirmed"), ("source",))
    days = keys["weekly"].table((), WEEKDAYS)
    confirmed = keys["confirmed"].flag()
    if confirmed and keys["source"].is_empty:
        keys["confirmed"].error("confirmed by whom, and when? Write it as source")
    weekly = tuple(_spans(days[day]) for day in WEEKDAYS)
    return Schedule(name, weekly, eves, special, confirmed)


def _exceptions(value: Value, schedules: Collection[str]) -> dict[str, dict[date, SpecialDay]]:
    found: dict[str, dict[date, SpecialDay]] = {}
    for row in value.items():
        keys = row.table(("date", "schedules", "hours"), ("reason", "note"))
        day = keys["date"].day()
        if day is None and keys["date"].is_empty and keys["date"].node is not None:
            keys["date"].error("a date is missing here")
        special = SpecialDay(_spans(keys["hours"]), _reason(keys["reason"]))
        for name in keys["schedules"].items():
            if name.text() not in schedules:
                name.error(f'unknown schedule "{name.text()}"')
            elif day and day in found.setdefault(name.text(), {}):
                name.error(f"{day} is an exception of {name.text()} already")
            elif day:
                found[name.text()][day] = special
    return found


def _reason(value: Value) -> dict[str, str]:
    """By language, for people to read; English or Finnish must be there, since other readers get it."""
    texts = {code: text.filled() for code, text in value.rows().items()}
    if texts and not {"en", "fi"} & set(texts):
        value.error("the reason is missing in en or fi: readers of other languages get it")
    return texts


def _spans(value: Value) -> tuple[Span, ...]:
    spans = []
    for each in value.items():
        try:
            spans.append(parse_span(each.text()))
        except ValueError as wrong:
            each.error(str(wrong))
    return tuple(sorted(spans, key=lambda span: span.opens))
