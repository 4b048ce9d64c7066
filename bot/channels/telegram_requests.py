"""The library's HTTP requests, changed so that what people write stays out of its log and no update blocks the rest."""

from __future__ import annotations

import json
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

log = structlog.get_logger()


class QuietRequest(HTTPXRequest):
    """The library logs an answer that it cannot read, with all that people wrote in it; this one does not."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        return _answer(payload)


class PollingRequest(HTTPXRequest):
    """An update that the library cannot read would fail the whole batch, for ever: it becomes one without content."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = _answer(payload)
        if isinstance(updates := answer.get("result"), list):
            answer["result"] = [_readable(update) for update in updates]
        return answer


def _answer(payload: bytes) -> dict[str, Any]:
    """Raises TelegramError when it is none, such as the page of a proxy."""
    try:
        answer = json.loads(payload)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and ("result" in answer or "description" in answer):
        return answer
    raise TelegramError("this is no answer of the Bot API")


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update)
    except Exception as error:  # whatever a field that is missing or of another form raises
        log.error("telegram: unreadable update", error=type(error).__name__)
        return {"update_id": update["update_id"]}
    return update
