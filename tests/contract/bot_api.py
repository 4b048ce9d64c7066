"""What the Bot API says of itself: its methods with their fields, its updates, and objects of every type.

bot_api.json is an extract of the Bot API as data, https://github.com/PaulSonOfLars/telegram-bot-api-spec
(MIT License, Copyright (c) 2020 Paul Larsen).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_SPEC: dict[str, Any] = json.loads((Path(__file__).parent / "bot_api.json").read_text(encoding="utf-8"))
_SIMPLE: dict[str, Any] = {"Integer": 1, "Float": 1.5, "String": "x", "Boolean": True, "True": True}
METHODS: Mapping[str, Any] = _SPEC["methods"]
UPDATES: Mapping[str, str] = _SPEC["updates"]
MESSAGE_FIELDS: Mapping[str, Any] = _SPEC["types"]["Message"]["optional"]


def call_faults(method: str, fields: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a call; the values are as they came, text or an uploaded file."""
    if method not in METHODS:
        yield f"{method}: there is no such method"
        return
    known = METHODS[method]["fields"]
    for name, about in known.items():
        if about["required"] and name not in fields:
            yield f"{method}: the field {name} is missing"
    for name, value in fields.items():
        if name not in known:
            yield f"{method}: there is no field {name}"
        elif not any(_fits(value, type) for type in known[name]["types"]):
            yield f"{method}: the field {name} is no {' or '.join(known[name]['types'])}"


def example(type: str) -> Any:
    """A small object of the type, with its required fields only."""
    if type.startswith("Array of "):
        return [example(type.removeprefix("Array of "))]
    if type in _SIMPLE:
        return _SIMPLE[type]
    about = _SPEC["types"][type]
    if "first_of" in about:
        return example(about["first_of"])
    return {name: field.get("always", example(field["types"][0])) for name, field in about["required"].items()}


def user(id: int, language: str | None = None) -> dict[str, Any]:
    return {"id": id, "is_bot": False, "first_name": "A", **({"language_code": language} if language else {})}


def chat(id: int) -> dict[str, Any]:
    """Groups and channels have ids below zero."""
    return {"id": id, "type": "private" if id > 0 else "supergroup"}


def message(chat_id: int, language: str | None = None, **fields: Any) -> dict[str, Any]:
    """A message of the person in a private chat, or of user 1 in a group."""
    sender = user(abs(chat_id), language)
    return {"message_id": 1, "date": 1_788_253_200, "chat": chat(chat_id), "from": sender, **fields}


def _fits(value: Any, type: str) -> bool:
    if type == "InputFile" or not isinstance(value, str):
        return type == "InputFile" and not isinstance(value, str)
    if type == "String":
        return True
    try:
        parsed = json.loads(value)
    except ValueError:
        return False
    kinds = {"Integer": int, "Float": float, "Boolean": bool}
    kind = list if type.startswith("Array of ") else kinds.get(type, dict)
    return isinstance(parsed, kind) and (kind is not int or not isinstance(parsed, bool))
