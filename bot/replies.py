"""The words for each act: content and phrases made into messages, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.decide import CRISIS_ACTION
from bot.messages import Choice, Outgoing, Source
from content.catalogue import Content, Text
from content.hours import describe_date, describe_opening, describe_time, describe_week, opening

DESK = "international_info"
CHAT = "chat"  # the schedule by which advisors answer in the chat
SCHEDULES = ("desk", "phone", CHAT)
FALLBACK = "en"
HERE, UNKNOWN = "kajaani", "unknown"  # municipalities for which nothing is added to an answer
PERSON = "action:person"
Advisor = Literal["offered", "awaited", "present"]
CRISIS_CLOSING: dict[Advisor, tuple[str, ...]] = {  # phrases on the advisor who can help besides
    "offered": ("crisis_person", "crisis_first_in_queue"),
    "awaited": ("crisis_first_in_queue",),
    "present": (),
}
ACTIONS = {  # every action a button can name, and the phrase on it
    "start": "command_start",
    "person": "button_person",
    "topics": "button_topics",
    "language": "button_language",
    "hours": "button_hours",
    "privacy": "button_privacy",
    "none": "button_none",
}


@dataclass(frozen=True)
class Replies:
    """`idle_minutes` and `case_days` are the live retention settings that the privacy text states."""

    content: Content
    idle_minutes: int
    case_days: int

    # --- beginning ---------------------------------------------------------

    def greeting(self, language: str) -> Outgoing:
        """Says at once that it is an automatic service (306/2019 section 6 a; AI Act article 50)."""
        text = f"{self._desk_phrase('greeting', language)}\n\n{self._phrase('ask_question', language)}"
        return self._say(text, language, (self._topics(language), self._person(language), self._language(language)))

    def ask_language(self, language: str | None = None) -> Outgoing:
        """The question and the choices in every language and script, the reader's own (if known) first."""
        languages = self.content.catalogue.languages
        codes = sorted((each.code for each in languages), key=lambda code: code != language)
        text = "\n\n".join(self._phrase("ask_language", code) for code in codes)
        choices = tuple(Choice(f"language:{each.code}", each.name) for each in languages)
        return self._say(text, codes[0], choices)

    def language_set(self, language: str) -> Outgoing:
        return self._say(self._phrase("language_changed", language), language)

    # --- answers -----------------------------------------------------------

    def answer(self, intent: str, language: str, municipality: str = HERE) -> Outgoing:
        """In another municipality its own page stands first, under a line that says so, where the question is local."""
        message = self._answer(intent, language)
        if municipality in (HERE, UNKNOWN) or not self.content.catalogue.intents[intent].local:
            return message
        name, url = self.content.organisation_page(municipality, language)
        line = self.content.phrase("in_your_municipality", message.language, municipality=name)
        return replace(message, text=f"{message.text}\n\n{line}", sources=(Source(name, url), *message.sources))

    def question(self, intent: str, language: str) -> str:
        """What the intent asks, in a few words."""
        return self.content.label(intent, language)

    def follow_up(self, intent: str, language: str) -> Outgoing:
        """More on the question answered last: what no answer states is on its official page, or known to a person."""
        text = self.content.phrase("follow_up", language, question=self.question(intent, language))
        again = Choice(f"intent:{intent}", self._phrase("button_answer_again", language))
        pages = self.content.sources(intent, language)
        return self._say(text, language, (again, self._person(language), self._topics(language)), pages)

    def _answer(self, intent: str, language: str) -> Outgoing:
        text = self.content.answer(intent, language)
        if text is None:
            pages = self.content.sources(intent, language)
            return self._say(self._phrase("no_answer_yet", language), language, (self._person(language),), pages)
        related = tuple(self._intent(each, language) for each in text.related)
        other = () if self._is_written(language) else (self._language(language),)
        return self._text(text, language, (*related, self._person(language), *other))

    def crisis_card(
        self, kind: str, language: str, likely: tuple[str, ...] = (), advisor: Advisor = "offered"
    ) -> Outgoing:
        """`likely`: questions that the text may be about as well."""
        card = self.content.crisis_card(kind, language)
        closing = " ".join(self._phrase(key, language) for key in (*CRISIS_CLOSING[advisor], "crisis_continue"))
        offered = (self._person(language),) if advisor == "offered" else ()
        choices = dict.fromkeys((*offered, *(self._intent(each, language) for each in likely)))
        return self._text(replace(card, text=f"{card.text}\n\n{closing}"), language, tuple(choices))

    def offer_crisis(self, message: Outgoing, kind: str) -> Outgoing:
        """One line under another message: the card is a press away."""
        offer = self._phrase("crisis_offer", message.language)
        return replace(
            message,
            text=f"{message.text}\n\n{offer}",
            choices=(Choice(f"action:{CRISIS_ACTION}{kind}", f"⚠ {offer}"), *message.choices),
        )

    def converse(self, intent: str, language: str, channel: str) -> Outgoing:
        """Small talk and questions about the service itself."""
        person, topics = self._person(language), self._topics(language)
        match intent:
            case "greet":
                return self.greeting(language)
            case "bot_identity":
                return self._say(self._desk_phrase("bot_identity", language), language, (person, topics))
            case "privacy":
                return self._say(self._privacy(language, channel), language, (person,))
            case "out_of_scope":
                return self._say(self._phrase("out_of_scope", language), language, (person, topics))
            case "change_language":
                return self.ask_language(language)
            case _:
                return self._say(self._phrase(intent, language), language)

    def clarify(self, intents: tuple[str, ...], language: str) -> Outgoing:
        choices = tuple(self._intent(each, language) for each in intents)
        none = Choice("action:none", self._phrase("button_none", language))
        return self._say(self._phrase("clarify", language), language, (*choices, none))

    def not_understood(self, language: str, offer_person: bool) -> Outgoing:
        key = "not_understood_again" if offer_person else "not_understood"
        buttons = (self._person(language), self._topics(language))
        return self._say(self._phrase(key, language), language, buttons if offer_person else buttons[::-1])

    def say_less(self, language: str) -> Outgoing:
        return self._say(
            self._phrase("understanding_down", language),
            language,
            (*self._topic_choices(language), self._person(language)),
        )

    # --- menus -------------------------------------------------------------

    def topics(self, language: str) -> Outgoing:
        return self._say(self._phrase("choose_topic", language), language, self._topic_choices(language))

    def topic(self, topic: str, language: str) -> Outgoing:
        intents = self.content.topic_intents(topic)
        choices = tuple(self._intent(each, language) for each in intents)
        return self._say(self._phrase("choose_question", language), language, (*choices, self._topics(language)))

    def hours(self, language: str, now: datetime) -> Outgoing:
        lines = [self._desk_phrase("hours_title", language)]
        for name in SCHEDULES:
            schedule = self.content.schedules[name]
            lines.append(f"**{self._phrase(f'hours_{name}', language)}**: {describe_week(schedule, language)}")
            lines.append(self._open_or_opens(name, language, now))
        if not all(self.content.schedules[name].confirmed for name in SCHEDULES):
            lines.append(self._phrase("hours_unconfirmed", language))
        desk = self.content.answer("desk_contact", language)
        return self._say("\n\n".join(lines), language, (self._person(language),), sources=desk.sources if desk else ())

    # --- a person ----------------------------------------------------------

    def waiting(self, language: str, now: datetime) -> Outgoing:
        hours = opening(self.content.schedules[CHAT], now)
        if hours.is_open:
            return self._say(self._phrase("waiting_open", language), language, sender="notice")
        text = self.content.phrase("waiting_closed", language, opening=self._opening(hours.opens, language, now))
        return self._say(text, language, sender="notice")

    def notice(self, key: str, language: str, **values: str | int) -> Outgoing:
        """A fixed phrase that is neither question nor answer."""
        return self._say(self.content.phrase(key, language, **values), language, sender="notice")

    def erased(self, language: str, channel: str) -> Outgoing:
        return self.notice("erased_telegram" if channel == "telegram" else "erased", language)

    def heading(self, language: str) -> str:
        """The title of a saved conversation."""
        return self._desk_phrase("transcript_title", language)

    def label(self, choice: str, language: str) -> str | None:
        """What the button with this id says, as the person's own line in the log; None when there is no such button."""
        kind, _, value = choice.partition(":")
        catalogue = self.content.catalogue
        match kind:
            case "intent" if value in catalogue.intents:
                return self.content.label(value, language)
            case "topic" if value in catalogue.topics:
                return self._phrase(f"topic_{value}", language)
            case "language" if found := catalogue.language(value):
                return found.name
            case "action" if value in ACTIONS:
                return self._phrase(ACTIONS[value], language)
            case "action" if value.removeprefix(CRISIS_ACTION) in catalogue.crises:
                return self._phrase("crisis_offer", language)
            case "notice" if value in self.content.phrases[FALLBACK]:
                return "⟨…⟩"
            case _:
                return None

    # --- parts -------------------------------------------------------------

    def _text(self, text: Text, language: str, choices: tuple[Choice, ...]) -> Outgoing:
        body = text.text
        if text.checked_on and not text.draft:
            checked = describe_date(text.checked_on, text.language)
            body += f"\n\n{self.content.phrase('checked_on', text.language, date=checked)}"
        if text.language != language:
            body = f"{self._phrase('language_partly', language)}\n\n{body}"
        return self._say(body, text.language, choices, sources=text.sources, draft=text.draft)

    def _privacy(self, language: str, channel: str) -> str:
        own = self.content.phrase("privacy", language, minutes=self.idle_minutes, days=self.case_days)
        return f"{own}\n\n{self._phrase('privacy_telegram', language)}" if channel == "telegram" else own

    def _open_or_opens(self, schedule: str, language: str, now: datetime) -> str:
        hours = opening(self.content.schedules[schedule], now)
        if hours.closes:
            return self.content.phrase("open_now", language, time=describe_time(hours.closes, language))
        return self.content.phrase("opens", language, opening=self._opening(hours.opens, language, now))

    def _opening(self, opens: datetime | None, language: str, now: datetime) -> str:
        if opens is None:
            return "–"
        key, values = describe_opening(opens, now, language)
        return self.content.phrase(key, language, **values)

    def _say(
        self,
        text: str,
        language: str,
        choices: tuple[Choice, ...] = (),
        sources: tuple[tuple[str, str], ...] = (),
        draft: bool = False,
        sender: str = "bot",
    ) -> Outgoing:
        written = language if self._is_written(language) else FALLBACK
        pages = tuple(Source(title, url) for title, url in sources)
        return Outgoing(text, written, "notice" if sender == "notice" else "bot", choices, pages, draft)

    def _is_written(self, language: str) -> bool:
        return self.content.catalogue.language(language) is not None

    def _phrase(self, key: str, language: str) -> str:
        return self.content.phrase(key, language)

    def _desk_phrase(self, key: str, language: str) -> str:
        return self.content.phrase(key, language, desk=self.content.organisation_name(DESK, language))

    def _intent(self, intent: str, language: str) -> Choice:
        if intent == "talk_to_human":
            return self._person(language)
        return Choice(f"intent:{intent}", self.content.label(intent, language))

    def _topic_choices(self, language: str) -> tuple[Choice, ...]:
        topics = self.content.catalogue.topics
        return tuple(Choice(f"topic:{each}", self._phrase(f"topic_{each}", language)) for each in topics)

    def _person(self, language: str) -> Choice:
        return Choice(PERSON, self._phrase("button_person", language))

    def _topics(self, language: str) -> Choice:
        return Choice("action:topics", self._phrase("button_topics", language))

    def _language(self, language: str) -> Choice:
        return Choice("action:language", f"🌐 {self._phrase('button_language', language)}")
