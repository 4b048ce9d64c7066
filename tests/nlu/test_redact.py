"""What is taken out of a text and what stays readable."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.redact import Redacted, redact

PUBLIC = ("112", "116 117", "044 797 0676", "09 2525 0111", "+358 2954 63177", "help@migri.fi")


@pytest.mark.parametrize("separator", "-+ABCDEFYXWVU–—−‐‑-")
def test_an_identity_code_goes_with_every_separator(separator: str) -> None:
    assert redact(f"hetu 131052{separator}308T ok").text == "hetu ⟨id⟩ ok"


@pytest.mark.parametrize(
    "code",
    [
        "131052 - 308T",
        "131052-308t",
        "010594y9032",
        "١٣١٠٥٢-٣٠٨T",
        "۱۳۱۰۵۲–۳۰۸T",
        "13 10 52-308T",
        "13.10.1952-308T",
        "131052308T",
        "131052 308T",
        "131052-308",
        "131052-308 T",
        "131052-\u200f308T",
        "131052\u00ad308T",
        "010190А123Х",
        "131052-308Z",
    ],
)
def test_an_identity_code_goes_however_it_is_typed(code: str) -> None:
    assert redact(f"мой код {code}, спасибо").text == "мой код ⟨id⟩, спасибо"


@pytest.mark.parametrize(
    "phone",
    [
        "0401234567",
        "040 123 4567",
        "040-1234567",
        "040/123 45 67",
        "040.123.4567",
        "(040) 1234567",
        "+358 40 1234567",
        "+358 (0)40 123 4567",
        "00358401234567",
        "+380 (67) 123-45-67",
        "8 (912) 345-67-89",
        "+964 750 123 4567",
        "٠٤٠ ١٢٣ ٤٥٦٧",
        "＋358 40 1234567",
        "040 112 3456",
        "617 1234",
    ],
)
def test_a_phone_number_goes(phone: str) -> None:
    assert redact(f"اتصل {phone} من فضلك", PUBLIC).text == "اتصل ⟨phone⟩ من فضلك"


@pytest.mark.parametrize(
    "text",
    [
        "soita 112",
        "116 117, 116117, 116 006, 116 016",
        "112 116 117 112",
        "044 797 0676 tai 0447970676",
        "+358 44 797 0676, 00358447970676, +358 (0)44 7970676",
        "٠٤٤ ٧٩٧ ٠٦٧٦",
        "0295463177",
    ],
)
def test_a_public_number_stays_in_every_spelling(text: str) -> None:
    assert redact(text, PUBLIC).text == text


def test_a_public_number_beside_a_private_one_stays() -> None:
    assert redact("112 0401234567 ja 044 797 0676 0507654321", PUBLIC).text == "112 ⟨phone⟩ ja 044 797 0676 ⟨phone⟩"


def test_a_number_of_an_organisation_that_was_not_named_goes() -> None:
    assert redact("044 797 0676").text == "⟨phone⟩"


@pytest.mark.parametrize(
    "text",
    [
        "800 euro, 1 200,50 €, 1 200 000, 1234567 €, € 900",
        "kortti maksaa 1600-2000 euroa tai 12 000 - 16 000 e",
        "7.12.2026, 07.12.26, 7/12/2026, 2026-12-07, 7 12 2026, 20261207",
        "1.1.2026-31.12.2026 ja 1.–5.6.2026 ja 1.1.-31.12.2026",
        "klo 10.30-15.00, 10:30, 9-15",
        "2024 2025 2026, 2019-2026, 12/2027",
        "۱۴۰۵/۰۵/۱۲",
        "87100 Kajaani; 12 87100 Kajaani",
        "4 year, lines 1-7, 306/2019",
        "дети 3 5 7 9 лет",
        "permit ends 12/2027 and passport 7.12.2026",
    ],
)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    "account",
    [
        "FI21 1234 5600 0007 85",
        "fi2112345600000785",
        "FI 21 1234 5600 0007 85",
        "GB29 NWBK 6016 1331 9268 19",
        "DE89370400440532013000",
        "UA21-3223-1300-0002-6007-2335-6600-1",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
    ],
)
def test_an_account_goes_and_the_words_around_it_stay(account: str) -> None:
    assert redact(f"tilini {account} on auki").text == "tilini ⟨iban⟩ on auki"


@pytest.mark.parametrize(
    "address", ["a.b-c@gmail.com", "Олена@пошта.укр", "name (at) kajaani.fi", "x[at]y.fi", "a @ b.fi", "me@gmail"]
)
def test_an_e_mail_address_goes(address: str) -> None:
    assert redact(f"write {address} please").text == "write ⟨email⟩ please"


def test_a_public_e_mail_address_stays() -> None:
    assert redact("Help@migri.fi", PUBLIC).text == "Help@migri.fi"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("passport FP1234567", "passport ⟨passport⟩"),
        ("passin numero 123456", "passin numero ⟨passport⟩"),
        ("паспорт 75 1234567", "паспорт ⟨passport⟩"),
        ("закордонний паспорт АВ123456", "закордонний паспорт ⟨passport⟩"),
        ("جواز سفري رقم A12345678", "جواز سفري رقم ⟨passport⟩"),
        ("oleskelulupakortti RP1234567", "oleskelulupakortti ⟨permit⟩"),
        ("asiakasnumeroni on 1234567", "asiakasnumeroni on ⟨permit⟩"),
        ("my customer number: 1234567", "my customer number: ⟨permit⟩"),
        ("1234567 is my customer number", "⟨permit⟩ is my customer number"),
        ("номер клиента 1234567", "номер клиента ⟨permit⟩"),
        ("номер справи 123456", "номер справи ⟨permit⟩"),
        ("رقم العميل ١٢٣٤٥٦٧", "رقم العميل ⟨permit⟩"),
        ("UMA 1234/567/2026", "UMA ⟨permit⟩"),
        ("номер AB1234567", "номер ⟨passport⟩"),
    ],
)
def test_a_document_number_goes_by_its_label_or_its_shape(text: str, redacted: str) -> None:
    assert redact(text).text == redacted


def test_the_kinds_found_are_told() -> None:
    assert redact("131052-308T 0401234567, me@a.fi").kinds == {"id", "phone", "email"}


def test_a_text_without_personal_data_has_no_kinds() -> None:
    assert redact("miten uusin oleskeluluvan?").kinds == frozenset()


def test_letters_that_nobody_sees_stay_where_they_were() -> None:
    assert redact("\u2066+358401234567\u2069 می‌خواهم").text == "\u2066⟨phone⟩\u2069 می‌خواهم"


CODES = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.dates().map(lambda day: day.strftime("%d%m%y")),
    st.sampled_from(["", " ", "\u00a0", "  "]),
    st.sampled_from("-+ABCDEFYXWVU–−"),
    st.sampled_from(["", " ", "\u200e"]),
    st.integers(0, 999).map("{:03}".format),
    st.sampled_from("0123456789ABCDEFHJKLMNPRSTUVWXY"),
    st.just(""),
)
DIGITS = [str.maketrans("0123456789", digits) for digits in ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")]
AROUND = st.text() | st.text("0123456789-ABab .+٣", max_size=12)


@settings(deadline=None)  # a busy machine is no fault
@given(AROUND, CODES, AROUND, st.sampled_from(DIGITS), st.booleans())
def test_a_planted_identity_code_never_survives(
    before: str, code: str, after: str, digits: dict[int, int], lower: bool
) -> None:
    typed = (code.lower() if lower else code).translate(digits)
    assert typed not in redact(before + typed + after, PUBLIC).text


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(), st.from_regex(r"0[45]0 ?[0-9]{3} ?[0-9]{4}", fullmatch=True), st.text())
def test_a_planted_phone_number_never_survives(before: str, phone: str, after: str) -> None:
    assert phone not in redact(f"{before} {phone} {after}").text


WORDS = ("hetu", "passport", "my number", "номер клиента", "рахунок", "87100 Kajaani", "7.12.2026", "12:30", "\u200f")
DATA = ("131052-308T", "FP1234567", "040 123 4567", "me@a.fi", "112", "800 €", "FI21 1234 5600 0007 85", "٠٤٠١٢٣٤٥٦٧")


@settings(deadline=None)  # a busy machine is no fault
@given(st.lists(st.sampled_from(WORDS + DATA)).map(", ".join))
def test_redacting_again_finds_nothing(text: str) -> None:
    assert redact(redact(text, PUBLIC).text, PUBLIC).kinds == frozenset()


@settings(deadline=None)  # a busy machine is no fault
@given(st.text(st.characters(exclude_categories=["Nd", "Cs"], exclude_characters="@")))
def test_a_text_without_digits_and_addresses_is_not_touched(text: str) -> None:
    assert "(at)" in text.lower() or "[at]" in text.lower() or redact(text).text == text


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "0401234567 ",
        "+358 ",
        "(1-",
        "12.3",
        "a",
        "a@",
        "@",
        "a.",
        "FI21 ",
        "FI21ABCD",
        "A1",
        "A1 ",
        "010190-",
        "010190-123A",
        " ",
        "passport 123456 ",
        "112 ",
        "1/",
        "1.1.-",
        "12:30 ",
        "1 €",
        "٠١٢ ",
        "ﷺ",
        "ab12345 ",
        "\u200f1",
    ],
)
def test_ten_thousand_hostile_characters_take_less_than_a_second_of_work(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    redact(text, PUBLIC)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("asun Kauppakatu 5 A 12, Kajaani", "asun ⟨address⟩, Kajaani"),
        ("muutin lönnrotinkadulle 7 as 3", "muutin ⟨address⟩"),
        ("i live at Ketunpolku 3 b", "i live at ⟨address⟩"),
        ("87100 Kajaani; Kauppakatu 12 87100 Kajaani", "87100 Kajaani; ⟨address⟩ 87100 Kajaani"),
        ("osoite: Teppanan-Hannulantie 14, 87100 Kajaani", "osoite: ⟨address⟩, 87100 Kajaani"),
        ("я живу Кауппакату 12 кв 5", "я живу ⟨address⟩"),
        ("ساكن كاوباكاتو ١٢ أ ٥ التدفئة", "ساكن ⟨address⟩ التدفئة"),
        ("ماڵم لە کاوپاکاتو ١٢ ئا ٥ گەرمە", "ماڵم لە ⟨address⟩ گەرمە"),
        ("از خیابان کویووکویا ۳ رفتیم", "از خیابان ⟨address⟩ رفتیم"),
    ],
)
def test_a_street_address_goes(text: str, redacted: str) -> None:
    assert redact(text) == Redacted(redacted, frozenset({"address"}))


@pytest.mark.parametrize(
    "text",
    [
        "Pohjolankatu 13 on teidän osoite?",
        "bussi lähtee Kauppakatu 12:30",
        "linja 5 menee kauppakadulle",
        "tie 5 on poikki",
        "my necktie costs 20 euro",
    ],
)
def test_a_public_address_or_none_stays(text: str) -> None:
    assert redact(text, keep=("Pohjolankatu 13, Kajaani",)).text == text
