"""The queue and the cases: what an advisor does, what reaches the person, what is written down."""

from __future__ import annotations

import json
import re

import pytest

from tests.flows.console_office import Browser, Office, Person, hidden_fields, person, staffed, stream, words_of
from tests.house import House


@pytest.fixture
async def office(house: House) -> Office:
    return await staffed(house)


# --- The queue ------------------------------------------------------------------------------------------------------


async def test_the_queue_has_acute_cases_first_and_then_the_longest_wait(office: Office) -> None:
    for minutes, language in ((5, "ru"), (5, "uk"), (1, "ar")):
        last = await person(office.house, language)
        office.house.clock.move(minutes=minutes)
    async with office.house.database.transaction() as conn:
        await office.house.desk.alarm(conn, await last.case())
    page = (await (await office.at_work("aino")).get("/staff/")).text
    assert re.findall(r'id="open-[^"]+">(\w+)', page) == ["Arabic", "Russian", "Ukrainian"]


async def test_an_acute_case_without_a_topic_says_what_it_is(office: Office) -> None:
    someone = await person(office.house, about="greet")
    advisor = await office.at_work("aino")
    assert "Russian – no topic yet" in await advisor.text("/staff/")
    async with office.house.database.transaction() as conn:
        await office.house.desk.alarm(conn, await someone.case())
    assert "Russian – danger or crisis" in await advisor.text("/staff/")


async def test_the_queue_says_how_long_somebody_waits_and_how_many(office: Office) -> None:
    await person(office.house)
    office.house.clock.move(minutes=83)
    text = await (await office.at_work("aino")).text("/staff/")
    assert "1 person is waiting." in text
    assert "Waiting for 1 h 23 min" in text


async def test_the_title_shows_the_number_waiting(office: Office) -> None:
    await person(office.house)
    assert "<title>(1) Queue" in (await (await office.at_work("aino")).get("/staff/")).text


async def test_claiming_opens_the_case_and_tells_the_person(office: Office) -> None:
    someone = await person(office.house)
    case = await someone.case()
    answer = await (await office.at_work("aino")).press("/staff/", f"/staff/cases/{case}/claim")
    assert answer.headers["location"] == f"/staff/cases/{case}"
    assert (await someone.hears())[-1] == ("notice", office.house.content.phrase("advisor_joined", "ru"))


async def test_who_claims_second_is_told_kindly_who_was_faster(office: Office) -> None:
    case = await (await person(office.house)).case()
    aino, pekka = await office.at_work("aino"), await office.at_work("pekka")
    old_page = hidden_fields((await pekka.get("/staff/")).text, f"/staff/cases/{case}/claim")
    await aino.press("/staff/", f"/staff/cases/{case}/claim")
    answer = await pekka.post(f"/staff/cases/{case}/claim", old_page)
    assert (answer.status_code, "aino was faster and helps this person now." in words_of(answer)) == (409, True)


async def test_the_stream_tells_at_once_that_somebody_waits(office: Office) -> None:
    browser = await office.at_work("aino")
    async with stream(office, browser, "/staff/queue/stream") as next_event:
        before = json.loads((await next_event())[1])
        await person(office.house)
        kind, data = await next_event()
    assert (before["waiting"], kind, json.loads(data)["say"]) == (0, "queue", "1 person is waiting.")


async def test_the_stream_ends_with_the_session(office: Office) -> None:
    browser = await office.at_work("aino")
    async with stream(office, browser, "/staff/queue/stream") as next_event:
        await next_event()
        await browser.press("/staff/", "/staff/sign-out")
        await person(office.house)
        assert (await next_event())[0] == "signed-out"


# --- One case -------------------------------------------------------------------------------------------------------


async def claimed(office: Office, language: str = "ru", text: str = "permits") -> tuple[Person, str, Browser]:
    """A person, the case's page, and aino who has claimed it."""
    someone = await person(office.house, language, text)
    case = await someone.case()
    aino = await office.at_work("aino")
    await aino.press("/staff/", f"/staff/cases/{case}/claim")
    return someone, f"/staff/cases/{case}", aino


async def test_the_case_shows_the_whole_talk_with_language_and_direction(office: Office) -> None:
    text = "أين Kela في Kajaani؟"
    _, page, aino = await claimed(office, "ar", text)
    assert f'<div class="words" lang="ar" dir="auto"><p>{text}</p></div>' in (await aino.get(page)).text


async def test_what_a_person_writes_is_never_markup(office: Office) -> None:
    _, page, aino = await claimed(office, "en", "<img src=x onerror=alert(1)> **bold**")
    assert "<p>&lt;img src=x onerror=alert(1)&gt; **bold**</p>" in (await aino.get(page)).text


async def test_an_answer_reaches_the_person(office: Office) -> None:
    someone, page, aino = await claimed(office)
    answer = await aino.press(page, f"{page}/say", text="Здравствуйте!\r\nЯ Айно.")
    assert (answer.status_code, (await someone.hears())[-1]) == (303, ("advisor", "Здравствуйте!\nЯ Айно."))


async def test_an_answer_sent_twice_by_a_double_click_is_one_answer(office: Office) -> None:
    someone, page, aino = await claimed(office)
    fields = hidden_fields((await aino.get(page)).text, f"{page}/say") | {"text": "Hello"}
    await aino.post(f"{page}/say", fields)
    await aino.post(f"{page}/say", fields)
    assert (await someone.hears()).count(("advisor", "Hello")) == 1


async def test_the_same_words_may_be_said_again(office: Office) -> None:
    someone, page, aino = await claimed(office)
    await aino.press(page, f"{page}/say", text="Yes")
    await aino.press(page, f"{page}/say", text="Yes")
    assert (await someone.hears()).count(("advisor", "Yes")) == 2


async def test_a_text_over_the_limit_is_refused_and_not_lost(office: Office) -> None:
    someone, page, aino = await claimed(office)
    text = "ж" * 4001
    answer = await aino.press(page, f"{page}/say", text=text)
    assert (answer.status_code, f">{text}</textarea>" in answer.text) == (422, True)
    assert "advisor" not in dict(await someone.hears())


async def test_the_longest_text_that_is_allowed_goes_through(office: Office) -> None:
    someone, page, aino = await claimed(office)
    await aino.press(page, f"{page}/say", text="ж" * 4000)
    assert (await someone.hears())[-1] == ("advisor", "ж" * 4000)


async def test_without_the_claim_the_case_can_be_read_but_not_answered(office: Office) -> None:
    _, page, _ = await claimed(office)
    html = (await (await office.at_work("pekka")).get(page)).text
    assert ('id="talk"' in html, "<textarea" in html, f'action="{page}/claim"' in html) == (True, False, False)


async def test_an_answer_by_who_does_not_have_the_case_is_refused_and_shown_as_not_sent(office: Office) -> None:
    someone, page, _ = await claimed(office)
    pekka = await office.at_work("pekka")
    csrf = hidden_fields((await pekka.get(page)).text, "/staff/sign-out")
    answer = await pekka.post(f"{page}/say", csrf | {"text": "my words"})
    assert (answer.status_code, "This was not sent: my words" in words_of(answer)) == (409, True)
    assert ("advisor", "my words") not in await someone.hears()


async def test_handing_back_puts_the_case_into_the_queue_again(office: Office) -> None:
    _, page, aino = await claimed(office)
    await aino.press(page, f"{page}/release")
    assert f'action="{page}/claim"' in (await aino.get("/staff/")).text


async def test_closing_counts_the_contact_and_takes_the_case_off_the_queue(office: Office) -> None:
    someone, page, aino = await claimed(office)
    await aino.press(page, f"{page}/close")
    assert await office.counted() == {"webchat": 1}
    assert "Nobody is waiting." in await aino.text("/staff/")
    assert (await someone.hears())[-1][0] == "notice"


async def test_after_the_close_nothing_more_can_be_said_in_the_case(office: Office) -> None:
    someone, page, aino = await claimed(office)
    form = hidden_fields((await aino.get(page)).text, f"{page}/say")
    await aino.press(page, f"{page}/close")
    answer = await aino.post(f"{page}/say", form | {"text": "one more thing"})
    assert (answer.status_code, "The case is closed already." in words_of(answer)) == (409, True)
    assert ("advisor", "one more thing") not in await someone.hears()


async def test_the_same_person_can_ask_for_a_person_again_after_the_close(office: Office) -> None:
    someone, page, aino = await claimed(office)
    await aino.press(page, f"{page}/close")
    await someone.presses("action:person")
    assert "1 person is waiting." in await aino.text("/staff/")


async def test_when_the_person_erases_the_page_says_so_and_shows_nothing_of_it(office: Office) -> None:
    someone, page, aino = await claimed(office, text="my secret")
    await someone.erases()
    html = await aino.text(page)
    assert ("The person has erased this conversation." in html, "my secret" in html) == (True, False)


async def test_an_answer_to_a_person_who_has_erased_is_refused_kindly(office: Office) -> None:
    someone, page, aino = await claimed(office)
    form = hidden_fields((await aino.get(page)).text, f"{page}/say")
    await someone.erases()
    answer = await aino.post(f"{page}/say", form | {"text": "hello?"})
    assert (answer.status_code, "has erased the conversation" in words_of(answer)) == (409, True)


async def test_a_case_that_never_was_is_a_kind_page(office: Office) -> None:
    answer = await (await office.at_work("aino")).get("/staff/cases/nothing")
    assert (answer.status_code, "<h1>No such case</h1>" in answer.text) == (404, True)


async def test_a_new_line_is_in_the_stream_at_once(office: Office) -> None:
    someone, page, aino = await claimed(office)
    last = max(map(int, re.findall(r'data-id="(\d+)"', (await aino.get(page)).text)))
    async with stream(office, aino, f"{page}/stream?after={last}") as next_event:
        assert [(await next_event())[0], (await next_event())[0]] == ["case", "queue"]
        await someone.says("are you there?")
        kind, data = await next_event()
    assert (kind, "<p>are you there?</p>" in data) == ("line", True)


async def test_the_stream_tells_that_the_person_has_erased(office: Office) -> None:
    someone, page, aino = await claimed(office)
    async with stream(office, aino, f"{page}/stream?after=9999") as next_event:
        assert json.loads((await next_event())[1])["mode"] == "mine"
        await next_event()
        await someone.erases()
        assert json.loads((await next_event())[1])["mode"] == "withdrawn"


async def test_lines_missed_can_be_fetched_after_a_number(office: Office) -> None:
    _, page, aino = await claimed(office)
    numbers = re.findall(r'data-id="(\d+)"', (await aino.get(page)).text)
    missed = (await aino.get(f"{page}/lines?after={numbers[-3]}")).text
    assert re.findall(r'data-id="(\d+)"', missed) == numbers[-2:]


async def test_who_did_what_is_written_down_without_what_was_said(office: Office) -> None:
    _, page, aino = await claimed(office)
    await aino.press(page, f"{page}/say", text="confidential")
    await aino.press(page, f"{page}/close")
    case = page.rpartition("/")[2]
    done = [("aino", action, case) for action in ("claim", "view", "answer", "close")]
    assert await office.audit() == done


async def test_reading_is_written_down_again_after_a_while(office: Office) -> None:
    _, page, aino = await claimed(office)
    for minutes in (0, 5, 6):
        office.house.clock.move(minutes=minutes)
        await aino.get(page)
    assert [action for _, action, _ in await office.audit()] == ["claim", "view", "view"]
