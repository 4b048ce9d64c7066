"""Our small Markdown (paragraphs, lists, bold) as safe HTML, for the web and for Telegram."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(["link", "image", "autolink", "heading"])
_WEB_TAGS = {"p", "ol", "ul", "li", "strong", "br", "em"}


def to_html(text: str) -> str:
    """HTML of p, ol, ul, li, strong, em and br only; anything else in the text is shown as text."""
    return nh3.clean(_MARKDOWN.render(text), tags=_WEB_TAGS, attributes={})


def parse(text: str) -> Sequence[Token]:
    """The same text as blocks and their inlines, for channels whose markup is not that of a page."""
    return _MARKDOWN.parse(text)


def plain_to_html(text: str) -> str:
    """What a person typed, as it was typed: nothing in it is markup."""
    return "<p>" + escape(text, quote=False).replace("\n", "<br>") + "</p>"
