"""The web chat as a person meets it, in a real browser."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.chat import QUESTION, Chat, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for the module lives in one loop

NOTE_HOW_MESSAGES_ARE_ANNOUNCED = """
window.announced = [];
addEventListener("DOMContentLoaded", () => {
  const log = document.getElementById("log");
  new MutationObserver((records) => {
    for (const { addedNodes } of records)
      for (const { className } of addedNodes) window.announced.push([log.ariaLive, className]);
  }).observe(log, { childList: true });
});
"""
TOO_SMALL = """() => [...document.querySelectorAll("button, select, textarea, .sources a, .languages button")]
  .filter((one) => one.checkVisibility() && (one.offsetHeight < 44 || one.offsetWidth < 44))
  .map((one) => one.outerHTML)"""
OVERFLOW = """() => ["html", "#chat", "#log"].map((one) => document.querySelector(one))
  .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.outerHTML.slice(0, 80))"""


# --- Asking -----------------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_below_it(chat: Chat) -> None:
    await chat.ask(QUESTION)

    await expect(chat.bubbles("you")).to_have_text(QUESTION)
    await expect(chat.answer.last.locator(".who")).to_have_text(await chat.word("page_bot"))


async def test_buttons_lead_to_an_answer_with_its_official_page(chat: Chat) -> None:
    await chat.choose("English")
    await chat.press("action:topics", "topic:health", "intent:urgent_care")

    source = chat.answer.locator(".sources a").first
    await expect(source).to_have_attribute("href", re.compile("^https://hyvinvointialue.kainuu.fi/"))
    await expect(source).to_have_attribute("rel", "noopener")


async def test_enter_sends_and_shift_enter_begins_a_line(chat: Chat) -> None:
    await chat.input.press_sequentially("one")
    await chat.input.press("Shift+Enter")
    await chat.input.press_sequentially("two")
    await chat.input.press("Enter")

    await expect(chat.bubbles("you").locator(".text")).to_have_text("one\ntwo", use_inner_text=True)


async def test_enter_that_completes_a_word_of_an_input_method_does_not_send(chat: Chat) -> None:
    await chat.input.fill("こんにち")
    await chat.input.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})

    await expect(chat.input).to_have_value("こんにち")


async def test_what_a_person_types_is_never_markup(chat: Chat) -> None:
    text = "<img src=x onerror=alert(1)> **bold** <b>x</b>"
    await chat.ask(text)

    await expect(chat.bubbles("you").locator(".text")).to_have_text(text)
    await expect(chat.log.locator("img, b")).to_have_count(0)


async def test_a_person_can_be_asked_for_before_anything_else(chat: Chat) -> None:
    await chat.body.locator("footer .person").click()

    await expect(chat.bubbles("notice")).to_have_count(1)


async def test_earlier_buttons_are_quieter_and_still_work(chat: Chat) -> None:
    await chat.choose("English")
    await chat.press("action:topics", "topic:health")
    older = chat.log.locator(".choices.older button[data-choice='topic:work']")
    await older.click()

    await expect(chat.answer.locator("button[data-choice='intent:tax_card']")).to_be_visible()


# --- Languages --------------------------------------------------------------------------------------------------------


async def test_languages_are_offered_each_in_its_own_script(chat: Chat) -> None:
    buttons = chat.body.locator("#welcome button")

    offered = await buttons.evaluate_all("all => all.map((one) => [one.lang, one.dir, one.textContent])")
    assert ["ar", "rtl", "العربية"] in offered
    assert ["fi", "ltr", "Suomi"] in offered


async def test_the_language_can_be_changed_in_the_middle_and_is_confirmed_once(chat: Chat) -> None:
    await chat.choose("English")
    await chat.body.locator("#language").select_option("fi")

    await expect(chat.answer.locator(".bubble").first).to_have_attribute("lang", "fi")
    await expect(chat.body.locator("html")).to_have_attribute("lang", "fi")
    await expect(chat.body.locator(".name p")).to_have_text(await chat.word("page_automatic", "fi"))


async def test_right_to_left_holds_for_the_page_and_for_each_bubble(chat: Chat) -> None:
    await chat.choose("العربية")
    await chat.ask("Kela?")

    await expect(chat.body.locator("html")).to_have_attribute("dir", "rtl")
    await expect(chat.bubbles("bot").first).to_have_attribute("lang", "ar")
    await expect(chat.bubbles("bot").first).to_have_attribute("dir", "rtl")
    await expect(chat.bubbles("you")).to_have_attribute("dir", "auto")


async def test_phone_numbers_can_be_called_and_stand_from_left_to_right(chat: Chat) -> None:
    await chat.choose("العربية")
    await chat.press("action:topics", "topic:health", "intent:urgent_care")

    number = chat.answer.locator('bdi[dir="ltr"] a', has_text="116 117").first
    await expect(number).to_have_attribute("href", "tel:116117")


async def test_each_line_of_the_question_for_the_language_is_marked_as_its_own(chat: Chat) -> None:
    await chat.choose("English")
    await chat.press("action:language")

    arabic = chat.answer.locator(".text p[lang=ar]")
    await expect(arabic).to_have_attribute("dir", "rtl")


async def test_the_page_can_be_opened_in_a_language(page: Page, server_url: str) -> None:
    await page.goto(f"{server_url}/chat?language=uk")

    await expect(page.locator("html")).to_have_attribute("lang", "uk")


# --- Little room ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["English", "العربية"])
async def test_320_pixels_are_enough_without_scrolling_sideways(chat: Chat, language: str) -> None:
    await chat.page.set_viewport_size({"width": 320, "height": 568})
    assert await chat.page.evaluate(OVERFLOW) == []
    await chat.choose(language)
    await chat.press("action:topics", "topic:health", "intent:urgent_care")
    await chat.ask("https://kaspa.example/" + "a" * 200)

    assert await chat.page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("height", [568, 900, 2000])
async def test_a_crisis_card_with_an_answer_under_it_stays_in_sight(chat: Chat, height: int) -> None:
    await chat.choose("English")
    await chat.page.set_viewport_size({"width": 320, "height": height})
    await chat.write("my husband beats me and i need a tax card")
    card, answer = chat.answer.nth(0), chat.answer.nth(1)
    await expect(answer).to_contain_text("tax card")
    await expect(card).to_contain_text("112")
    header = await chat.body.locator("header").bounding_box()
    box = await card.bounding_box()
    assert header
    assert box
    assert header["y"] + header["height"] - 1 <= box["y"] < height / 2


async def test_everything_to_press_is_at_least_44_pixels(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 320, "height": 568})
    assert await chat.page.evaluate(TOO_SMALL) == []
    await chat.choose("English")
    await chat.press("action:topics", "topic:health", "intent:urgent_care")
    await chat.body.locator("#menu-button").click()

    assert await chat.page.evaluate(TOO_SMALL) == []


async def test_at_400_percent_the_input_and_half_of_the_screen_stay_for_reading(chat: Chat) -> None:
    await chat.page.set_viewport_size({"width": 320, "height": 256})
    await chat.choose("English")
    await chat.ask(QUESTION)

    footer = await chat.body.locator("footer").bounding_box()
    assert footer is not None
    assert footer["y"] >= 128
    assert footer["y"] + footer["height"] <= 256


# --- Nothing lost, nothing twice --------------------------------------------------------------------------------------


async def test_a_reload_shows_the_same_conversation(chat: Chat) -> None:
    await chat.choose("English")
    await chat.ask(QUESTION)
    before = await chat.log.locator(".bubble").all_inner_texts()
    await chat.page.reload()

    await expect(chat.log.locator(".bubble")).to_have_text(before, use_inner_text=True)


async def test_a_reload_reads_nothing_aloud_again_but_the_next_answer(chat: Chat) -> None:
    await chat.choose("English")
    await chat.ask(QUESTION)
    await chat.page.add_init_script(NOTE_HOW_MESSAGES_ARE_ANNOUNCED)
    await chat.page.reload()
    await expect(chat.log).to_have_attribute("aria-live", "polite")
    await chat.press("action:person")

    announced = await chat.page.evaluate("window.announced")
    assert [live for live, _ in announced[:3]] == ["off", "off", "off"]
    assert ["polite", "message notice"] in announced


async def test_what_is_written_without_a_connection_is_sent_once_when_it_is_back(chat: Chat) -> None:
    await chat.choose("English")
    await chat.page.context.set_offline(True)
    await chat.write(QUESTION)
    await expect(chat.notice).to_have_text(await chat.word("page_offline"))
    await chat.page.context.set_offline(False)

    await expect(chat.answer.first).to_be_visible()
    await expect(chat.notice).to_be_empty()
    await chat.page.reload()
    await expect(chat.bubbles("you")).to_have_text([QUESTION])


async def test_what_was_not_sent_before_a_reload_is_sent_after_it(chat: Chat) -> None:
    await chat.choose("English")
    await chat.page.route("**/messages", lambda route: route.abort())
    await chat.write(QUESTION)
    await expect(chat.notice).not_to_be_empty()
    await chat.page.unroute("**/messages")
    await chat.page.reload()

    await expect(chat.answer.first).to_be_visible()
    await expect(chat.bubbles("you")).to_have_text([QUESTION])


async def test_an_answer_lost_on_the_way_does_not_send_the_message_twice(chat: Chat) -> None:
    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await chat.choose("English")
    await chat.page.route("**/messages", lose, times=1)
    await chat.ask(QUESTION)

    await expect(chat.log.locator(".unsent")).to_have_count(0)
    await chat.page.reload()
    await expect(chat.bubbles("you")).to_have_text([QUESTION])


async def test_an_answer_that_overtakes_the_receipt_still_stands_below_the_question(chat: Chat) -> None:
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        response = await route.fetch()
        await answered.wait()
        await route.fulfill(response=response)

    await chat.choose("English")
    await chat.page.route("**/messages", hold, times=1)
    await chat.ask(QUESTION)
    answered.set()

    await expect(chat.bubbles("you")).to_have_text([QUESTION])


async def test_answers_come_where_the_stream_is_cut_off(chat: Chat) -> None:
    await chat.page.route("**/stream", lambda route: route.abort())
    await chat.choose("English")
    await chat.ask(QUESTION)

    await expect(chat.answer.last).to_be_visible()


async def test_where_a_proxy_holds_up_the_stream_it_is_given_up_after_two_trials(chat: Chat) -> None:
    held: list[Route] = []
    await chat.page.clock.install()
    await chat.page.route("**/stream", lambda route: held.append(route))
    await chat.choose("English")
    for trial in (1, 2):
        await chat.page.clock.fast_forward(10_000)
        await chat.ask(f"{QUESTION} {trial}")
    await chat.page.clock.fast_forward(10_000)
    await chat.ask(QUESTION)

    assert len(held) == 2


async def test_a_refused_message_stays_in_the_input_and_the_reason_is_told(chat: Chat) -> None:
    async def refuse(route: Route) -> None:
        body = json.dumps({"title": "Too fast", "status": 429, "detail": "Please wait a moment."})
        await route.fulfill(status=429, content_type="application/problem+json", body=body)

    await chat.choose("English")
    await chat.page.route("**/messages", refuse, times=1)
    await chat.write(QUESTION)

    await expect(chat.notice).to_have_text("Please wait a moment.")
    await expect(chat.input).to_have_value(QUESTION)
    await expect(chat.bubbles("you")).to_have_count(0)


# --- Privacy ----------------------------------------------------------------------------------------------------------


async def test_nothing_is_stored_and_nothing_begun_before_the_person_does_something(
    page: Page, server_url: str
) -> None:
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    chat = await opened(page, server_url)
    await chat.input.fill("only typed")

    assert await chat.stored() == {}
    assert await page.context.cookies() == []
    assert [url for url in requests if "/api/" in url] == []


async def test_the_device_remembers_the_conversation_only_while_a_person_is_awaited(chat: Chat) -> None:
    await chat.ask(QUESTION)
    assert list(await chat.stored()) == ["sessionStorage"]
    await chat.body.locator("footer .person").click()
    await expect(chat.bubbles("notice")).to_have_count(1)

    assert list(await chat.stored()) == ["sessionStorage", "localStorage"]


async def test_an_adviser_s_answer_can_be_fetched_in_another_tab_tomorrow(chat: Chat, server_url: str) -> None:
    await chat.body.locator("footer .person").click()
    await expect(chat.bubbles("notice")).to_have_count(1)
    tomorrow = await opened(await chat.page.context.new_page(), server_url)
    await chat.page.close()

    await expect(tomorrow.bubbles("notice")).to_have_count(1)


async def test_erasing_removes_the_conversation_from_server_and_browser(chat: Chat, server_url: str) -> None:
    await chat.ask(QUESTION)
    await chat.body.locator("footer .person").click()
    await expect(chat.bubbles("notice")).to_have_count(1)
    kept = (await chat.stored())["sessionStorage"]
    await chat.menu("#erase")
    await chat.body.locator("#erase-dialog .danger").click()

    await expect(chat.notice).to_have_text(await chat.word("page_erased"))
    await expect(chat.body.locator("#welcome")).to_be_visible()
    await expect(chat.log.locator(".message")).to_have_count(0)
    assert await chat.stored() == {}
    assert await status_of(chat.page, server_url, kept) == 404


async def test_erasing_can_be_thought_better_of(chat: Chat) -> None:
    await chat.ask(QUESTION)
    await chat.menu("#erase")
    await chat.page.keyboard.press("Escape")

    await expect(chat.body.locator("#erase-dialog")).to_be_hidden()
    await expect(chat.bubbles("you")).to_have_text([QUESTION])


async def test_a_conversation_that_has_ended_says_so_and_the_next_message_begins_another(
    chat: Chat, server_url: str
) -> None:
    await chat.ask(QUESTION)
    kept = (await chat.stored())["sessionStorage"]
    await chat.page.request.delete(
        f"{server_url}/api/conversations/{kept['id']}", headers={"Authorization": f"Bearer {kept['token']}"}
    )
    await expect(chat.bubbles("notice")).to_have_text(await chat.word("page_ended"))
    assert await chat.stored() == {}
    await chat.ask("And now?")

    await expect(chat.bubbles("notice")).to_have_count(0)
    await expect(chat.bubbles("you")).to_have_text(["And now?"])
    assert (await chat.stored())["sessionStorage"]["id"] != kept["id"]


async def test_the_conversation_can_be_saved_as_a_file(chat: Chat) -> None:
    await chat.ask(QUESTION)
    async with chat.page.expect_download() as download:
        await chat.menu("#save")

    saved = await (await download.value).path()
    assert QUESTION in saved.read_text(encoding="utf-8")


async def status_of(page: Page, server_url: str, kept: dict[str, str]) -> int:
    url = f"{server_url}/api/conversations/{kept['id']}/messages"
    return (await page.request.get(url, headers={"Authorization": f"Bearer {kept['token']}"})).status
