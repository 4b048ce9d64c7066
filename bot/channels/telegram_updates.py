"""What an update of Telegram's asks for, as a value. Pure; every kind that is not ours asks for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType, UpdateType

from bot.messages import Incoming

ALLOWED = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)
COMMANDS = ("start", "language", "human", "topics", "hours", "privacy", "save", "delete")  # in the menu, in this order
TEXT_ONLY = "notice:text_only"
EDITED = "notice:edited"

_COMMAND = re.compile(r"/(?P<name>\w+)(?:@\w+)?\s*(?P<rest>.*)", re.DOTALL)
_CHOICES = {
    "start": "action:start",
    "help": "action:start",  # /help and /settings are known to people from other bots
    "language": "action:language",
    "settings": "action:language",
    "human": "action:person",
    "topics": "action:topics",
    "hours": "action:hours",
    "privacy": "action:privacy",
}
_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


@dataclass(frozen=True)
class Heard:
    """Something said or pressed. Several pictures sent as one `album` come as one update each."""

    chat: int
    language: str | None
    incoming: tuple[Incoming, ...]
    album: str | None = None


@dataclass(frozen=True)
class Save:
    """The person wants the conversation as a file."""

    chat: int
    language: str | None


@dataclass(frozen=True)
class Erase:
    """The person wants everything gone."""

    chat: int
    language: str | None


@dataclass(frozen=True)
class Gone:
    """The person blocked the bot."""

    chat: int


@dataclass(frozen=True)
class Decline:
    """Somebody wants the bot in a group, where others would read what is asked."""

    chat: int
    language: str | None


Event = Heard | Save | Erase | Gone | Decline


def read(update: Update, me: User) -> Event | None:
    """None for everything that is to be passed over. `me` is the bot."""
    key = str(update.update_id)
    if update.message:
        return _message(key, update.message, me)
    if update.edited_message:
        return _edited(key, update.edited_message)
    if update.callback_query:
        return _pressed(key, update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    return None


def _message(key: str, message: Message, me: User) -> Event | None:
    chat, language = message.chat.id, _language(message.from_user)
    if not _is_private(message.chat):
        return Decline(chat, language) if _mentions(message, me) else None
    if message.text:
        return _text(key, chat, language, message.text)
    if not _is_content(message):
        return None
    notice = Incoming(f"{key}:notice", choice=TEXT_ONLY)
    caption = (Incoming(key, text=message.caption),) if message.caption else ()
    return Heard(chat, language, (*caption, notice), message.media_group_id)


def _text(key: str, chat: int, language: str | None, text: str) -> Event:
    command = _COMMAND.fullmatch(text)
    if command is None:
        return Heard(chat, language, (Incoming(key, text=text),))
    name = command["name"].lower()
    match name:
        case "save":
            return Save(chat, language)
        case "delete":
            return Erase(chat, language)
    if name in _CHOICES:
        return Heard(chat, language, (Incoming(key, choice=_CHOICES[name]),))
    # A command that we do not have is still somebody's words: "/kela housing allowance".
    words = f"{name.replace('_', ' ')} {command['rest']}".strip()
    return Heard(chat, language, (Incoming(key, text=words or text),))


def _edited(key: str, message: Message) -> Event | None:
    # A live location that moves is an edited message too, every few seconds.
    if not _is_private(message.chat) or not (message.text or message.caption):
        return None
    return Heard(message.chat.id, _language(message.from_user), (Incoming(key, choice=EDITED),))


def _pressed(key: str, query: CallbackQuery) -> Event | None:
    if query.message is None or not query.data or not _is_private(query.message.chat):
        return None
    return Heard(query.message.chat.id, _language(query.from_user), (Incoming(key, choice=query.data),))


def _membership(change: ChatMemberUpdated) -> Event | None:
    is_in = change.new_chat_member.status not in _OUTSIDE
    if _is_private(change.chat):
        return None if is_in else Gone(change.chat.id)
    was_in = change.old_chat_member.status not in _OUTSIDE
    return Decline(change.chat.id, _language(change.from_user)) if is_in and not was_in else None


def _is_private(chat: Chat) -> bool:
    return chat.type == ChatType.PRIVATE


def _is_content(message: Message) -> bool:
    """Whether a person sent it; the rest are notes of Telegram's own, such as a pinned message."""
    # The library does not know rich messages yet (Bot API 10.1).
    return bool(message.effective_attachment or message.checklist or "rich_message" in message.api_kwargs)


def _mentions(message: Message, me: User) -> bool:
    name = f"@{me.username}".lower()
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND, MessageEntity.TEXT_MENTION]
    found = {**message.parse_entities(kinds), **message.parse_caption_entities(kinds)}
    return any(
        words.lower().endswith(name) or (entity.user is not None and entity.user.id == me.id)
        for entity, words in found.items()
    )


def _language(user: User | None) -> str | None:
    """The language of the person's Telegram, without its region: fi, not fi-FI."""
    return user.language_code.partition("-")[0].lower() if user and user.language_code else None
