"""The pages of the web chat, their static files, and the one script tag that embeds it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape

from bot.replies import FALLBACK
from content.catalogue import Content

WEB = Path(__file__).parent / "web"
ALSO_NEEDED = ("draft", "sources", "ask_language", "greeting", "ask_question", "language_changed")


@dataclass(frozen=True)
class Pages:
    """`embed_origins` are the sites that may frame the chat, beside our own."""

    content: Content
    desk: str
    message_characters: int
    embed_origins: tuple[str, ...]

    def routes(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for path, page in (("/", "demo.html"), ("/chat", "chat.html")):
            router.add_api_route(path, self._page(page), methods=["GET"], response_class=HTMLResponse)
        router.add_api_route("/widget.js", self._widget(), methods=["GET"])
        router.mount("/static", StaticFiles(directory=WEB / "static"), name="static")
        return router

    def interface(self) -> dict[str, Any]:
        """The words of the pages in every language, for the script and for the page without script."""
        keys = [
            key for key in self.content.phrases[FALLBACK] if key.startswith(("page_", "button_")) or key in ALSO_NEEDED
        ]
        return {
            each.code: {
                "name": each.name,
                "dir": "rtl" if each.right_to_left else "ltr",
                "words": {key: self._phrase(key, each.code) for key in keys},
            }
            for each in self.content.catalogue.languages
        }

    def _page(self, name: str) -> Callable[[], Awaitable[HTMLResponse]]:
        html = self._render(name, interface=self.interface(), message_characters=self.message_characters)
        ancestors = " ".join(("'self'", *self.embed_origins))
        policy = (
            "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; "
            f"frame-ancestors {ancestors}"
        )

        async def page() -> HTMLResponse:
            return HTMLResponse(html, headers={"Content-Security-Policy": policy})

        return page

    def _widget(self) -> Callable[[], Awaitable[Response]]:
        words = {
            each.code: {
                "open": self._phrase("page_open", each.code),
                "close": self._phrase("page_close", each.code),
                "title": self._phrase("page_title", each.code),
            }
            for each in self.content.catalogue.languages
        }
        script = self._render("widget.js", words=words)

        async def widget() -> Response:
            return Response(script, media_type="text/javascript")

        return widget

    def _render(self, name: str, **values: Any) -> str:
        templates = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=select_autoescape())
        return templates.get_template(name).render(**values)

    def _phrase(self, key: str, language: str) -> str:
        values = {"desk": self.content.organisation_name(self.desk, language)} if key == "greeting" else {}
        return self.content.phrase(key, language, **values)
