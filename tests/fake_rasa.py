"""A stand-in for Rasa's HTTP server, for tests of the app as a process: answers at once, from a table of words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEANINGS = {
    "tax card": "tax_card",
    "verokort": "tax_card",
    "person": "talk_to_human",
    "إيجار": "rent_apartment",
    "курсы": "finnish_courses",
    "hello": "greet",
    "weather": "out_of_scope",
    "permit": "permit_extend",
}


@contextmanager
def fake_rasa(meanings: Mapping[str, str] = MEANINGS, otherwise: str = "desk_services") -> Iterator[str]:
    """Serves on a free port of loopback while the block runs; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({"model_file": "fake"})

        def do_POST(self) -> None:
            text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"]
            intent = next((name for word, name in meanings.items() if word in text.lower()), otherwise)
            self._answer({"intent_ranking": [{"name": intent, "confidence": 0.97}]})

        def log_message(self, *_: object) -> None:
            pass

        def _answer(self, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
