"""A message in Telegram's own small HTML, in pieces that it accepts, with its buttons. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby

from markdown_it.token import Token
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.markup import parse
from bot.messages import Choice, Outgoing

LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)  # 4096, counted when the markup is taken off, in UTF-16 units
BULLET = "•"
INDENT = "   "
LANGUAGES_A_ROW = 2


@dataclass(frozen=True)
class Piece:
    """One message to send; `plain` says the same without markup, for when Telegram cannot read the HTML."""

    html: str
    plain: str


def pieces(message: Outgoing, phrase: Callable[[str], str]) -> tuple[Piece, ...]:
    """The message cut where paragraphs, lines or words end. `phrase` gives a phrase in the message's language."""
    return tuple(
        Piece("".join(map(_html, runs)), "".join(map(_plain, runs))) for runs in _cut(_runs(message, phrase), LONGEST)
    )


def keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """One button a row, since labels are sentences; languages, which are one word, two a row."""
    most = InlineKeyboardButtonLimit.MAX_CALLBACK_DATA
    fitting = [choice for choice in choices if len(choice.id.encode()) <= most]
    rows: list[list[InlineKeyboardButton]] = []
    for is_language, group in groupby(fitting, lambda choice: choice.id.startswith("language:")):
        buttons = [InlineKeyboardButton(choice.label, callback_data=choice.id) for choice in group]
        width = LANGUAGES_A_ROW if is_language else 1
        rows += [buttons[start : start + width] for start in range(0, len(buttons), width)]
    return InlineKeyboardMarkup(rows) if rows else None


@dataclass(frozen=True)
class _Run:
    """Text of one look: `tags` around it, from outside in, and the page it leads to."""

    text: str
    tags: tuple[str, ...] = ()
    url: str = ""


def _runs(message: Outgoing, phrase: Callable[[str], str]) -> list[_Run]:
    runs = [_Run(message.text)] if message.sender in ("you", "advisor") else list(_from_markdown(message.text))
    if message.sender == "advisor":  # everything comes from one account: say each time that this is a person
        runs = [_Run(phrase("page_advisor"), ("b",)), _Run("\n"), *runs]
    if message.draft:
        runs += [_Run("\n\n"), _Run(phrase("draft"), ("i",))]
    if message.sources:
        runs.append(_Run(f"\n\n{phrase('sources')}"))
    for source in message.sources:
        runs += [_Run("\n"), _Run(source.title, url=source.url)]
    return runs


# --- Markdown ---------------------------------------------------------------


def _from_markdown(text: str) -> Iterator[_Run]:
    """Paragraphs apart by an empty line, list items by a line's end, their numbers and bullets as text."""
    lists: list[int | None] = []  # the next number of each list we are in; None: bullets
    marker = between = ""
    for token in parse(text):
        match token.type:
            case "ordered_list_open" | "bullet_list_open":
                between = between if lists else between and "\n\n"
                lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
            case "ordered_list_close" | "bullet_list_close":
                lists.pop()
                between = between if lists else "\n\n"
            case "list_item_open":
                number = lists[-1]
                marker = f"{INDENT * (len(lists) - 1)}{BULLET if number is None else f'{number}.'} "
                lists[-1] = None if number is None else number + 1
            case "inline" | "code_block" | "fence":
                yield _Run(between + (marker or INDENT * len(lists)))
                yield from _inlines(token)
                marker, between = "", "\n" if lists else "\n\n"


def _inlines(token: Token) -> Iterator[_Run]:
    tags: list[str] = []
    for child in token.children or [token]:
        match child.type:
            case "strong_open" | "em_open":
                tags.append("b" if child.type == "strong_open" else "i")
            case "strong_close" | "em_close":
                tags.pop()
            case "softbreak" | "hardbreak":
                yield _Run("\n")
            case _:
                yield _Run(child.content.rstrip("\n"), tuple(tags))


# --- Cutting ----------------------------------------------------------------


def _cut(runs: list[_Run], longest: int) -> Iterator[list[_Run]]:
    rest = _stripped(runs)
    while rest:
        fits = _fitting(rest, longest)
        plain = "".join(run.text for run in rest)
        if fits < len(plain):
            # A cut is best between paragraphs, then lines, then words; a text without any is cut where it must be.
            fits = next((at for mark in ("\n\n", "\n", " ") if (at := plain.rfind(mark, 1, fits + 1)) > 0), fits)
        head, rest = _divided(rest, fits)
        yield _stripped(head)
        rest = _stripped(rest)


def _fitting(runs: list[_Run], longest: int) -> int:
    """How many characters from the start fit, a page's address counted too since the plain text shows it."""
    room, count = longest, 0
    for run in runs:
        room -= _width(_address(run))
        for character in run.text:
            room -= _width(character)
            if room < 0:
                return max(count, 1)
            count += 1
    return count


def _divided(runs: list[_Run], at: int) -> tuple[list[_Run], list[_Run]]:
    head: list[_Run] = []
    tail: list[_Run] = []
    for run in runs:
        head.append(replace(run, text=run.text[:at]))
        tail.append(replace(run, text=run.text[at:]))
        at = max(0, at - len(run.text))
    return _filled(head), _filled(tail)


def _stripped(runs: list[_Run]) -> list[_Run]:
    """Without blank space at either end; Telegram takes it off too."""
    left = list(runs)
    while left and not left[0].text.lstrip():
        del left[0]
    while left and not left[-1].text.rstrip():
        del left[-1]
    if left:
        left[0] = replace(left[0], text=left[0].text.lstrip())
        left[-1] = replace(left[-1], text=left[-1].text.rstrip())
    return left


def _filled(runs: list[_Run]) -> list[_Run]:
    return [run for run in runs if run.text]


def _width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


# --- Writing ----------------------------------------------------------------


def _html(run: _Run) -> str:
    text = escape(run.text, quote=False)
    for tag in reversed(run.tags):
        text = f"<{tag}>{text}</{tag}>"
    return f'<a href="{escape(run.url)}">{text}</a>' if run.url else text


def _plain(run: _Run) -> str:
    return run.text + _address(run)


def _address(run: _Run) -> str:
    return f": {run.url}" if run.url else ""
