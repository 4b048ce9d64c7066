"""What a number in a text is: somebody's phone, passport, permit or account, a public number, or nothing personal."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import phonenumbers

from nlu.normalise import fold


@dataclass(frozen=True)
class PublicNumbers:
    """Phone numbers that stay readable, as digits without +358 and without zeros in front."""

    digits: frozenset[str]

    @classmethod
    def of(cls, numbers: Collection[str]) -> PublicNumbers:
        national = (_national(number) for number in (*_ALWAYS_PUBLIC, *numbers))
        return cls(frozenset(number for number in national if number))

    def leading(self, groups: tuple[str, ...]) -> int:
        """How many of the groups in front are public numbers, one after the other."""
        done = 0
        while length := next((n for n in range(1, 7) if _national("".join(groups[done : done + n])) in self.digits), 0):
            done += length
        return min(done, len(groups))


@dataclass(frozen=True)
class Number:
    """Digits as they stand in a text, parted by blanks, dashes, dots, slashes or brackets, perhaps among letters.

    typed: ASCII digits, dashes and blanks. before, after: the text around it, where a label ("passport") may stand.
    """

    typed: str
    before: str = ""
    after: str = ""

    def private_part(self, public: PublicNumbers) -> tuple[int, int, str] | None:
        """Start and end in `typed` and the kind of what is personal in it; None when nothing is."""
        groups = _groups(self.typed)
        kind = None if public.leading(groups) == len(groups) else self._kind(groups)
        if kind is None:
            return None
        start, end = _phone_inside(self.typed, public) if kind == "phone" else (0, len(self.typed))
        return start, end, kind

    def _kind(self, groups: tuple[str, ...]) -> str | None:
        count = sum(map(len, groups))
        if count < 6 or _is_time_or_sum(self.typed, groups, self.after):
            return None
        if self.typed.lstrip("(").startswith("+"):
            return "phone"
        label = _label(self.before, self.after)
        if label or _PASSPORT.fullmatch(self.typed):
            return label or "passport"
        if _DIARY.fullmatch(self.typed):
            return "permit"
        if count < 7 or _is_harmless(self.typed, groups):
            return None
        return "iban" if count >= 16 and groups[0][0] != "0" else "phone"


_ALWAYS_PUBLIC = ("112", "116 117", "116 006", "116 016", "116 111", "116 000")
_YEAR = re.compile(r"(?:1[3-9]|20)\d\d")  # the Persian and Islamic calendars too
_PASSPORT = re.compile(r"[^\W\d_]{1,2}[ -]?\d{6,9}")
_DIARY = re.compile(r"\d{3,7}/\d{2,7}/\d{2,4}")  # Migri: 1234/567/2026
_CURRENCY = re.compile(r" ?(?:[€$£₴₽]|eur|evro|e\b|kr|sek|usd|dol|rub|grn|евро|євро|руб|грн|грив|يورو|دولار)")

# Stems, folded. The nearest one before the number counts, else the first one behind it.
_LABELS = {
    "id": "hetu|henkilotunnu|henkkari|sotu|identity code|personal code|id code|personbeteckning|персональн|личный код|"
    "особистий код|ідентифікац|الرقم الشخصي|رقم الهويه|كد ملي",
    "passport": "passpo|passi|passnummer|pasport|паспорт|загран|جواز|الجواز|باسبور|گذرنامه|پاسپورت",
    "permit": "oleskelulu|lupakort|permit|residence card|vnzh|внж|вид на жит|посвідк|اقام|الاقام|بطاقه الاقام|"
    "asiakasn|customer n|client n|diaari|diary|dnro|case n|application n|hakemusn|migri n|"
    "номер клиент|номер клієнт|номер дела|номер справ|номер заяв|диарн|"
    "رقم العميل|رقم الزبون|رقم الملف|رقم القضيه|رقم الطلب|رقم المعامله",
    "iban": "iban|tilinumero|account|номер счет|рахунок|حساب",
    "phone": "puh|tel|phone|gsm|whatsapp|viber|numeroni|soit|call|тел|номер тел|вайбер|звон|дзвон|هاتف|تلفون|جوال",
}
_LABEL = re.compile("|".join(rf"(?P<{kind}>\b(?:{stems}))" for kind, stems in _LABELS.items()))


def _label(before: str, after: str) -> str | None:
    in_front = list(_LABEL.finditer(fold(before)))
    nearest = in_front[-1] if in_front else _LABEL.search(fold(after))
    return nearest.lastgroup if nearest else None


def _groups(typed: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\d+", typed))


def _national(number: str) -> str:
    digits = "".join(_groups(number)).removeprefix("00")
    is_foreign_form = digits.startswith("358") and len(digits) > 8
    return (digits[3:] if is_foreign_form else digits).lstrip("0")


def _is_time_or_sum(typed: str, groups: tuple[str, ...], after: str) -> bool:
    """Years, a month of a year, a date without dots, a sum of money or a range of sums."""
    if all(map(_YEAR.fullmatch, groups)) or _DATE.fullmatch(" ".join(groups)):
        return True
    is_short = sum(map(len, groups)) <= (14 if "-" in typed else 8)
    return is_short and typed[0] in "123456789" and _CURRENCY.match(after.lower()) is not None


def _is_harmless(typed: str, groups: tuple[str, ...]) -> bool:
    """A big sum, a house and its postcode, a row of small numbers, a law, a range. At most eight digits."""
    lengths = [len(group) for group in groups]
    if sum(lengths) > 8 or typed[0] not in "123456789":
        return False
    return (
        (lengths[0] <= 3 and set(lengths[1:]) == {3})
        or (lengths[-1] == 5 and len(lengths) > 1)
        or max(lengths) <= 2
        or _LAW.fullmatch(typed) is not None
        or _ROUND_RANGE.fullmatch(typed) is not None
    )


_LAW = re.compile(rf"\d{{1,4}}/{_YEAR.pattern}")  # 306/2019
_ROUND_RANGE = re.compile(r"\d{3}0 ?- ?\d{3}0")  # 1000-2000
_DAY, _MONTH = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])"
_DATE = re.compile(
    rf"(?:{_DAY} )?{_MONTH} {_YEAR.pattern}|{_YEAR.pattern} {_MONTH}(?: {_DAY})?"
    rf"|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


def _phone_inside(typed: str, public: PublicNumbers) -> tuple[int, int]:
    """Without what stands beside a valid phone number: public numbers or one small number in front, one behind."""
    spans = [found.span() for found in re.finditer(r"\+?\d+", typed)]
    groups = _groups(typed)
    in_front = public.leading(groups) or int(len(groups[0]) <= 4 and typed[0] in "123456789")
    is_count_behind = len(groups) > 1 and len(groups[-2]) >= 9 and len(groups[-1]) <= 2
    behind = len(spans) - int(is_count_behind or public.leading(groups[-1:]) == 1)
    whole, *parts = (0, len(spans)), (in_front, len(spans)), (0, behind), (in_front, behind)
    for first, end in [*parts, whole] if is_count_behind else [whole, *parts]:
        if first < end and _is_valid(typed[spans[first][0] : spans[end - 1][1]]):
            return spans[first][0] if first else 0, spans[end - 1][1] if end < len(spans) else len(typed)
    return 0, len(typed)


def _is_valid(phone: str) -> bool:
    try:
        return len(phone) < 40 and phonenumbers.is_valid_number(phonenumbers.parse(phone, "FI"))
    except phonenumbers.NumberParseException:
        return False
