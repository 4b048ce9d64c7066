"""Somebody else's web site that embeds the chat, on an origin of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAGE = """<!doctype html>
<html lang="fi"><title>Kaupunki</title>
<main><h1>Kaupunki</h1><a href="#">Linkki</a></main>
<script src="{server}/widget.js" {attributes} defer></script>
"""


@contextmanager
def other_site() -> Iterator[str]:
    """Its address. `/?server=http://…` is a page with the script tag of that Kaspa, `&attributes=` adds to the tag."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Site(BaseHTTPRequestHandler):
    """As strict as a city's own site: it allows our script and our frame, and no other style or script."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        kaspa = escape(asked.get("server", [""])[0])
        body = PAGE.format(server=kaspa, attributes=asked.get("attributes", [""])[0]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src {kaspa}; frame-src {kaspa}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test is quiet."""
