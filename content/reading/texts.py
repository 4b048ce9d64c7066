"""Reads the answers and the crisis cards, and tells what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import cast, get_args

from content.catalogue import Answer, Approval, Card, Catalogue, Status, fingerprint
from content.reading.documents import Page, Value, read_page
from content.reading.faults import Faults, Place
from content.reading.rules import (
    BODY_LIMIT,
    CARD_LIMIT,
    LABEL_LIMIT,
    Finding,
    Rules,
    findings_in_body,
    findings_in_words,
)

ORIGINAL = "fi"
APPROVAL_KEYS = ("status", "checked_on", "review_by", "source_hash")
APPROVED_KEYS = ("approved_by", "text_hash")  # written by an approval
_APPROVE = "kaspa content approve INTENT LANGUAGE --by NAME"
_RELATED_LIMIT = 3
_SECTION = re.compile(r"## +\S+\s*")


@dataclass(frozen=True)
class TextReader:
    """What every text is read against. Without `today` nothing is overdue."""

    catalogue: Catalogue
    rules: Rules
    faults: Faults
    today: date | None = None

    def answers(self, folder: Path) -> dict[tuple[str, str], Answer]:
        """All of `<language>/<intent>.md`, by intent and language."""
        answers = {}
        originals = {path.stem: path for path in folder.glob(f"{ORIGINAL}/*.md")}
        for path in _files(folder, "*/*"):
            if self._is_ours(path, path.parent.name, path.stem):
                answer = self._answer(path, originals.get(path.stem))
                if answer:
                    answers[answer.intent, answer.language] = answer
        self._missing_answers(folder)
        return answers

    def cards(self, folder: Path) -> dict[tuple[str, str], Card]:
        """All cards of `<language>.md`, by kind and language."""
        cards = {}
        for language in (each.code for each in self.catalogue.languages if not each.texts_of):
            if not (folder / f"{language}.md").exists():
                self.faults.error(Place(folder / f"{language}.md"), "the crisis cards of this language are missing")
        for path in _files(folder, "*"):
            if self._is_language(path, path.stem):
                cards.update({(card.kind, card.language): card for card in self._cards(path, folder)})
        return cards

    def _answer(self, path: Path, original: Path | None) -> Answer | None:
        page = read_page(path, self.faults)
        if page is None:
            return None
        keys = page.front.table(("label", *APPROVAL_KEYS, "related"), APPROVED_KEYS)
        language, body = path.parent.name, page.body.strip()
        self._label(keys["label"], language)
        self._body(path, page, language, BODY_LIMIT)
        return Answer(
            intent=path.stem,
            language=language,
            label=keys["label"].text(),
            body=body,
            related=self._related(keys["related"], path.stem),
            approval=self._approval(page, keys, path, original),
        )

    def _label(self, value: Value, language: str) -> None:
        label = value.filled()
        if len(label) > LABEL_LIMIT:
            value.error(f"the label has {len(label)} characters, at most {LABEL_LIMIT}")
        if "{" in label:
            value.error("a label cannot hold a {reference}")
        for finding in findings_in_words(label, language, self.rules):
            value.error(finding.message)

    def _related(self, value: Value, intent: str) -> tuple[str, ...]:
        items = value.items()
        if len(items) > _RELATED_LIMIT:
            value.error(f"{len(items)} related questions, at most {_RELATED_LIMIT}")
        for each in items:
            if each.text() not in self.catalogue.intents:
                each.error(f'unknown intent "{each.text()}" in related')
            elif each.text() == intent:
                each.error("an answer cannot be related to itself")
        return tuple(each.text() for each in items)

    def _cards(self, path: Path, folder: Path) -> Iterator[Card]:
        page = read_page(path, self.faults)
        if page is None:
            return
        keys = page.front.table(("status",), (*APPROVAL_KEYS[1:], *APPROVED_KEYS))
        original = folder / f"{ORIGINAL}.md"
        approval = self._approval(page, keys, path, original if original.exists() else None)
        sections = self._sections(path, page)
        for kind in self.catalogue.crises:
            if kind not in sections:
                self.faults.error(Place(path), f'the card "{kind}" is missing; write it under ## {kind}')
        for kind, section in sections.items():
            self._body(path, section, path.stem, CARD_LIMIT)
            if ".phone}" not in section.body:
                self.faults.error(
                    Place(path, section.body_line), f'the card "{kind}" names no {{organisation.phone}} to call'
                )
            yield Card(kind, path.stem, section.body.strip(), approval)

    def _sections(self, path: Path, page: Page) -> dict[str, Page]:
        """The text under each `## kind`, as a page of its own that knows its first line."""
        lines = page.body.splitlines()
        starts = [number for number, line in enumerate(lines) if _SECTION.fullmatch(line)]
        if "".join(lines[: starts[0] if starts else None]).strip():
            self.faults.error(Place(path, page.body_line), "a text before the first ## kind belongs to no card")
        sections: dict[str, Page] = {}
        for start, end in pairwise([*starts, len(lines)]):
            kind = lines[start].removeprefix("##").strip()
            self._check_kind(kind, sections, Place(path, page.body_line + start))
            sections[kind] = Page(page.front, "\n".join(lines[start + 1 : end]), page.body_line + start + 1)
        return sections

    def _check_kind(self, kind: str, sections: Iterable[str], place: Place) -> None:
        if kind not in self.catalogue.crises:
            self.faults.error(place, f'unknown kind "{kind}"; known are {", ".join(self.catalogue.crises)}')
        if kind in sections:
            self.faults.error(place, f'the card "{kind}" is written twice')

    def _approval(self, page: Page, keys: dict[str, Value], path: Path, original: Path | None) -> Approval:
        status = keys["status"].text()
        if status not in get_args(Status) and keys["status"].node is not None:
            keys["status"].error(f'unknown status "{status}"; known are {", ".join(get_args(Status))}')
        approval = Approval(
            status=cast(Status, status) if status in get_args(Status) else "draft",
            checked_on=keys["checked_on"].day(),
            review_by=keys["review_by"].day(),
            source_hash=keys["source_hash"].text(),
        )
        if self.today and approval.review_by and approval.review_by < self.today:
            keys["review_by"].outdated(f"the review was due by {approval.review_by}: check the text, then: {_APPROVE}")
        return replace(
            approval, stale=self._is_stale(keys["source_hash"], path, original), altered=self._is_altered(page, keys)
        )

    def _is_altered(self, page: Page, keys: dict[str, Value]) -> bool:
        """Whether an approval is of another wording than this one, or of none that is known."""
        if keys["status"].text() != "approved":
            return False
        for key in ("checked_on", "review_by", *APPROVED_KEYS):
            if keys[key].is_empty:
                keys["status"].error(f"approved, but {key} is empty; approve by: {_APPROVE}")
                return True
        altered = keys["text_hash"].text() != wording(page)
        if altered:
            keys["text_hash"].outdated(f"the text has changed since it was approved; approve it again by: {_APPROVE}")
        return altered

    def _is_stale(self, value: Value, path: Path, original: Path | None) -> bool:
        if original is None or original == path:
            return False
        if value.is_empty:
            value.warn(
                "source_hash is empty: not known which Finnish text this translates; write it by: kaspa content stamp"
            )
            return False
        source = read_page(original, Faults())  # its own faults are told when it is read itself
        stale = source is not None and value.text() != fingerprint(source.body)
        if stale:
            value.outdated("the Finnish original has changed: check the translation, then: kaspa content stamp")
        return stale

    def _body(self, path: Path, page: Page, language: str, limit: int) -> None:
        length = len(page.body.strip())
        findings = list(findings_in_body(page.body, language, self.rules))
        if length == 0:
            findings.append(Finding(0, "the text is missing"))
        if length > limit:
            findings.append(Finding(0, f"the text has {length} characters, at most {limit}"))
        for finding in findings:
            self.faults.add(Place(path, page.body_line + finding.line), finding.message, finding.severity)

    def _missing_answers(self, folder: Path) -> None:
        """An intent of which nothing is written yet is announced to people; a half-translated one is a fault."""
        for intent in self.catalogue.intents:
            paths = {each: folder / each.code / f"{intent}.md" for each in self.catalogue.languages}
            if not any(path.exists() for path in paths.values()):
                self.faults.warn(Place(folder / ORIGINAL / f"{intent}.md"), "no answer yet in any language")
                continue
            for language, path in paths.items():
                if language.first and not path.exists():
                    self.faults.error(Place(path), f"the answer is missing in {language.code}")

    def _is_ours(self, path: Path, language: str, intent: str) -> bool:
        known = self._is_language(path, language)
        if known and intent not in self.catalogue.intents:
            self.faults.error(Place(path), f'unknown intent "{intent}": it is not in catalogue.yml')
            return False
        return known

    def _is_language(self, path: Path, language: str) -> bool:
        if path.suffix != ".md":
            self.faults.error(Place(path), "only .md files belong here")
            return False
        if self.catalogue.language(language) is None:
            self.faults.error(Place(path), f'unknown language "{language}": it is not in catalogue.yml')
            return False
        return True


def wording(page: Page) -> str:
    """The fingerprint of everything a reader sees: the body, and the label of an answer."""
    labels = [value.text() for key, value in page.front.rows().items() if key == "label"]
    return fingerprint("\n".join([*labels, page.body]))


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(path for path in folder.glob(pattern) if path.is_file() and not path.name.startswith("."))
