"""Reads catalogue.yml and organisations.yml into the catalogue."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from content.catalogue import Catalogue, Intent, Language, Organisation, SourcePage
from content.reading.documents import Value, read_yaml
from content.reading.faults import Faults

_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class Languages:
    """The languages of the catalogue; `first` must have every text, `understood` have none."""

    all: tuple[Language, ...]
    understood: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.all)

    @property
    def first(self) -> tuple[str, ...]:
        return tuple(each.code for each in self.all if each.first)


def read_catalogue(root: Path, schedules: Collection[str], faults: Faults) -> Catalogue:
    """`schedules` are the names known to hours.yml, to which an organisation may refer."""
    top = read_yaml(root / "catalogue.yml", faults).table(
        ("languages", "topics", "intents", "conversation", "crises", "sources")
    )
    languages = _languages(top["languages"])
    organisations = _organisations(read_yaml(root / "organisations.yml", faults), languages, schedules)
    sources = _sources(top["sources"], languages, organisations)
    topics = top["topics"].texts()
    intents = _intents(top["intents"], topics, sources)
    return Catalogue(
        languages=languages.all,
        topics=topics,
        intents=intents,
        conversation=_names(top["conversation"], intents),
        crises=_names(top["crises"], intents),
        sources=sources,
        organisations=organisations,
        understood=languages.understood,
    )


def _languages(value: Value) -> Languages:
    keys = value.table(("first", "names"), ("second", "understood", "shares", "right_to_left"))
    first, second = keys["first"].texts(), keys["second"].texts()
    shares = {code: other.filled() for code, other in keys["shares"].rows().items()}
    names = {code: name.filled() for code, name in keys["names"].rows().items()}
    for code in (*first, *second):
        if code not in names:
            keys["names"].error(f'the language "{code}" has no name here')
    mentioned = [*keys["names"].rows().items(), *keys["shares"].rows().items()]
    mentioned += [(each.text(), each) for each in keys["right_to_left"].items()]
    mentioned += [(each.text(), each) for each in keys["shares"].rows().values()]
    for code, where in mentioned:
        if code not in (*first, *second):
            where.error(f'"{code}" is in neither list of languages, first or second')
    right_to_left = keys["right_to_left"].texts()
    for each in keys["understood"].items():
        if each.text() in (*first, *second):
            each.error(f'"{each.text()}" has texts: it is not only understood')
    return Languages(
        tuple(
            Language(code, names.get(code, code), code in right_to_left, code in first, shares.get(code, ""))
            for code in (*first, *second)
        ),
        keys["understood"].texts(),
    )


def _organisations(top: Value, languages: Languages, schedules: Collection[str]) -> dict[str, Organisation]:
    return {key: _organisation(key, value, languages, schedules) for key, value in top.rows().items()}


def _organisation(key: str, value: Value, languages: Languages, schedules: Collection[str]) -> Organisation:
    keys = value.table(("name", "url"), ("phone", "address", "desk_hours", "phone_hours", "source"))
    if not keys["phone"].is_empty and keys["source"].is_empty:
        value.error(f"{key}: name the page where the phone number stands: source: https://…")
    _https(keys["source"])
    return Organisation(
        id=key,
        name=_localised(keys["name"], languages, required=languages.first),
        phone=_phone(keys["phone"]),
        address=keys["address"].text() or None,
        url=_addresses(keys["url"], languages),
        desk_hours=_known(keys["desk_hours"], schedules, "schedule", "hours.yml"),
        phone_hours=_known(keys["phone_hours"], schedules, "schedule", "hours.yml"),
    )


def _phone(value: Value) -> dict[str, str]:
    """One number for everybody, or one by the reader's language with Finnish to fall back on."""
    if not value.is_table:
        number = value.text()
        return {"fi": number} if number else {}
    numbers = {}
    for code, each in value.rows().items():
        if not _LANGUAGE_CODE.fullmatch(code):
            each.error(f'"{code}" is not a language code')
        numbers[code] = each.filled()
    if "fi" not in numbers:
        value.error('a number for "fi" is missing: readers of other languages get it')
    return numbers


def _sources(value: Value, languages: Languages, organisations: Mapping[str, Organisation]) -> dict[str, SourcePage]:
    sources = {}
    for key, row in value.rows().items():
        keys = row.table(("organisation", "title", "url"))
        sources[key] = SourcePage(
            id=key,
            organisation=_known(keys["organisation"], organisations, "organisation", "organisations.yml") or "",
            title=_localised(keys["title"], languages, required=languages.first),
            url=_addresses(keys["url"], languages),
        )
    return sources


def _intents(value: Value, topics: Collection[str], sources: Mapping[str, SourcePage]) -> dict[str, Intent]:
    intents = {}
    for key, row in value.rows().items():
        keys = row.table(("topic", "sources"), ("acute", "local"))
        pages = keys["sources"].items()
        if not pages and keys["sources"].node is not None:
            keys["sources"].error(f"{key}: an answer needs an official source")
        intents[key] = Intent(
            id=key,
            topic=_known(keys["topic"], topics, "topic", "topics") or "",
            sources=tuple(filter(None, (_known(page, sources, "source", "sources") for page in pages))),
            acute=keys["acute"].flag(),
            local=keys["local"].flag(),
        )
    return intents


def _names(value: Value, intents: Collection[str]) -> tuple[str, ...]:
    for each in value.items():
        if each.text() in intents:
            each.error(f'"{each.text()}" is an intent with an answer already')
    return value.texts()


def _known(value: Value, names: Collection[str], what: str, where: str) -> str | None:
    """A reference to something that must exist; None when it is absent or does not."""
    name = value.text()
    if not name and value.node is not None:
        value.error(f"a {what} is missing here")
    elif name and name not in names:
        value.error(f'unknown {what} "{name}": it is not in {where}')
    return name if name in names else None


def _localised(value: Value, languages: Languages, required: Collection[str]) -> dict[str, str]:
    texts = {}
    for code, text in value.rows().items():
        if code not in languages.codes:
            text.error(f'unknown language "{code}"')
        texts[code] = text.filled()
    missing = [code for code in required if code not in texts]
    if missing and value.node is not None:
        value.error(f"missing in {', '.join(missing)}")
    shared = {each.code: texts[each.texts_of] for each in languages.all if each.texts_of in texts}
    return shared | texts


def _addresses(value: Value, languages: Languages) -> dict[str, str]:
    for address in value.rows().values():
        _https(address)
    addresses = _localised(value, languages, required=())
    if value.node is not None and not {"en", "fi"} & set(addresses):
        value.error("an address for en or fi is missing: readers of other languages get it")
    return addresses


def _https(value: Value) -> None:
    address = value.text()
    if address and not address.startswith("https://"):
        value.error(f'"{address}" is not an https:// address')
