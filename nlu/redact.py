"""Takes personal data out of a text before anything keeps it: identity codes, phones, accounts, passports and so on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from nlu.numbers import Number, PublicNumbers


@dataclass(frozen=True)
class Redacted:
    """A text with marks such as ⟨phone⟩, and what was found: id, phone, email, iban, passport, permit, address."""

    text: str
    kinds: frozenset[str]


def redact(text: str, keep: Collection[str] = ()) -> Redacted:
    """Replaces personal data of any script by a mark. Dates, years, times, sums, postcodes and public numbers stay.

    keep: public phone numbers (compared by digits, with or without +358), e-mail and street addresses of organisations.
    Identity codes go by their pattern alone: a code with a slip in its check character is still somebody's.
    """
    view = _View.of(text)
    spans = [
        *_emails(view.letters, keep),
        *_accounts(view.letters),
        *_identity_codes(view.letters),
        *_addresses(view.letters, keep),
    ]
    rest = _blank(view.letters, [*((span.start, span.end) for span in spans), *_times(view.letters)])
    return view.marked([*spans, *_numbers(rest, PublicNumbers.of(keep))])


@dataclass(frozen=True)
class _Span:
    """Personal data of one kind at [start, end) of a view."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class _View:
    """A text as the patterns see it: ASCII digits, `-` for any dash, ` ` for any blank, nothing invisible.

    places: for each letter its index in the text, so that what is found here can be marked there.
    """

    text: str
    letters: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _View:
        seen = [(_plain(character), place) for place, character in enumerate(text)]
        kept = [(letter, place) for letter, place in seen if letter]
        return cls(text, "".join(letter for letter, _ in kept), tuple(place for _, place in kept))

    def marked(self, spans: Iterable[_Span]) -> Redacted:
        joined = _joined(spans)
        pieces, done = [], 0
        for span in joined:
            pieces += [self.text[done : self.places[span.start]], f"⟨{span.kind}⟩"]
            done = self.places[span.end - 1] + 1
        return Redacted("".join([*pieces, self.text[done:]]), frozenset(span.kind for span in joined))


def _plain(character: str) -> str:
    """One character, or none for what nobody sees. A soft hyphen shows as a dash, so it is one."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category == "Pd" or character in "−\u00ad":
        return "-"
    if category in ("Cf", "Zs"):
        return " " if category == "Zs" else ""
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """In the order of the text; overlapping spans are one, of the kind that begins first."""
    joined: list[_Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start < joined[-1].end:
            last = joined.pop()
            span = _Span(last.start, max(last.end, span.end), last.kind)
        joined.append(span)
    return joined


def _blank(letters: str, ranges: Iterable[tuple[int, int]]) -> str:
    """The same length, with a line break for every letter in the ranges: no pattern reaches across one."""
    left = list(letters)
    for start, end in ranges:
        left[start:end] = "\n" * (end - start)
    return "".join(left)


_NAME = r"\w++(?:[.+%&'-]{1,5}+\w++)*+"
_AT = r"(?:@|\(at\)|\[at\])"
_EMAIL = re.compile(rf"(?i)(?<!\w)(?<!\w[.+%&'-]){_NAME}(?:{_AT}{_NAME}| ?{_AT} ?(?=[\w-]{{1,63}}\.\w){_NAME})+")


def _emails(letters: str, keep: Collection[str]) -> Iterator[_Span]:
    public = {address.lower() for address in keep}
    return (_Span(*found.span(), "email") for found in _EMAIL.finditer(letters) if found[0].lower() not in public)


# A Finnish (Swedish) street name by its ending, in any script, and the number of a house; then a staircase and a flat.
_STREET = re.compile(
    r"(?i)(?<![\w-])(?:[^\W\d_]{1,20}-)?[^\W\d_]{2,24}"
    r"(?:katu|kadu(?:n|lla|lle|lta)|tie(?:n|ll[äa]|lle|lt[äa])?|kuja(?:n|lla|lle|lta)?|pol(?:ku|un|ulla|ulle)|raitti"
    r"|raiti(?:n|lla|lle)|v[äa]yl[äa](?:n|ll[äa]|lle)?|kaari|kaare(?:n|lla|lle)|penger|gatan|v[äa]gen|gr[äa]nden"
    r"|кату|тие|тіє|куя|[كک]اتو|[كک]و[يیج]ا|[بپ]ول[كک]و|ت[يی][هة])"
    r"[ .,]{1,3}\d{1,3}(?!\d|[.:]\d)(?: ?-? ?(?:[a-zа-яآ-ي]|ئا)(?!\w)(?:[ ,]{1,2}\d{1,3}(?![\d.:]))?)?"
    r"(?:[ ,]{1,2}(?:as|asunto|apt|flat|кв|bst)[. ]{0,2}\d{1,3}(?!\d))?"
)


def _addresses(letters: str, keep: Collection[str]) -> Iterator[_Span]:
    public = {address.partition(",")[0].lower() for address in keep}
    return (_Span(*found.span(), "address") for found in _STREET.finditer(letters) if found[0].lower() not in public)


# ISO 13616: country, two check digits, up to 30 letters and digits, in groups as people type them. A group without a
# digit belongs to the account only as a bank's code of four letters; anything else is the next word.
_ACCOUNT = re.compile(
    r"(?i)(?<![^\W_])(?:[a-z]{2}|(?-i:[A-Z]{2}) )\d{2}"
    r"(?:[ -]?(?:(?>[a-z]{0,6})\d[a-z0-9]*+|[a-z]{4}(?=[ -]?[a-z0-9]{0,3}\d)))++"
)


def _accounts(letters: str) -> Iterator[_Span]:
    for found in _ACCOUNT.finditer(letters):
        if sum(letter.isalnum() for letter in found[0]) >= 15:
            yield _Span(*found.span(), "iban")


# Government Decree 128/2010, separators of 2023 included: ddmmyy, separator, three digits, check character.
# People also leave the separator out or put blanks, dots or no check character.
_LOOKALIKE = str.maketrans("АВЕКМНОРСТУХІавекмнорстухі", "ABEKMHOPCTYXIABEKMHOPCTYXI")  # from a Cyrillic keyboard
_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_CHECK = r"(?:[0-9A-Z]| [0-9A-Z](?![0-9A-Z]))"
_ALONE, _ENDS = r"(?<![0-9A-Z])", r"(?![0-9A-Z])"
_IDENTITY_CODES = tuple(
    re.compile(f"(?i)(?=({pattern}))")  # a look-ahead, to see codes that overlap with what only looks like one
    for pattern in (
        rf"{_DAY}{_MONTH}\d\d\s{{0,3}}[-+A-FU-Y]\s{{0,3}}\d{{3}}{_CHECK}",
        rf"{_ALONE}{_DAY}[. ]{_MONTH}[. ](?:19|20)?\d\d[-+A-FU-Y]\d{{3}}{_CHECK}",
        rf"{_ALONE}\d{{6}}[-+]\d{{3}}{_CHECK}?{_ENDS}",
        rf"{_ALONE}\d{{6}}\s{{0,3}}[A-FU-Y]\s{{0,3}}\d{{3}}{_CHECK}{_ENDS}",
        rf"{_ALONE}{_DAY}{_MONTH}\d\d[ ./_]?\d{{3}} ?[A-Z]{_ENDS}",
    )
)


def _identity_codes(letters: str) -> Iterator[_Span]:
    seen = letters.translate(_LOOKALIKE)
    for found in (match for pattern in _IDENTITY_CODES for match in pattern.finditer(seen)):
        yield _Span(found.start(1), found.end(1), "id")


# Dates and times, which would otherwise look like parts of a number. Years of the Persian and Islamic calendars too.
_YEAR = r"(?:1[3-9]|20)\d\d"
_TIMES = re.compile(
    r"(?:(?<![\d.+/-])|(?<=\.-)|(?<=\d{4}-)|(?<=\b\d-)|(?<=\b\d\d-))(?:"  # also the end of "1.1.-31.12.2026"
    rf"\d{{1,2}}\. ?\d{{1,2}}\. ?(?:{_YEAR}|\d\d)(?!\.?\d)"
    rf"|\d{{1,2}}([/-])\d{{1,2}}\1{_YEAR}(?![/-]?\d)"
    rf"|{_YEAR}([./-])\d{{1,2}}\2\d{{1,2}}(?![./-]?\d)"
    r"|(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[.:][0-5]\d)?(?! ?[-/(]? ?\d{3}|[.:]?\d)"
    r")"
)


def _times(letters: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _TIMES.finditer(letters))


# A code of letters and digits, or digits parted as in a phone number.
_LETTER = "[A-Za-zА-Яа-яЁёІі]"
_NUMBER = re.compile(
    rf"(?<!{_LETTER})(?<!\d)"
    rf"(?:[A-ZА-ЯІ]{{1,2}}[ -]\d{{6,9}}(?! ?\d)|(?=\d*+{_LETTER})(?={_LETTER}*+\d)(?:{_LETTER}|\d)++)(?!{_LETTER})"
    r"|(?<!\d)(?:[+(]{1,2} ?)?\d(?:[ ().\t/-]{0,3}+\d)*+"
)
_BEFORE, _AFTER = 30, 20  # letters in which a label is looked for


def _numbers(letters: str, public: PublicNumbers) -> Iterator[_Span]:
    done = 0
    for found in _NUMBER.finditer(letters):
        start, end = found.span()
        before, after = letters[max(done, start - _BEFORE) : start], letters[end : end + _AFTER]
        # Our own marks are no labels.
        number = Number(found[0], before.rpartition("⟩")[2], re.split(r"[\d⟨]", after, maxsplit=1)[0])
        part = number.private_part(public)
        if part:
            yield _Span(start + part[0], start + part[1], part[2])
        done = end
