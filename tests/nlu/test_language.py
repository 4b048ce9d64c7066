"""Which language a text is in, and when nobody can say."""

import time

import pytest

from nlu.language import CERTAIN, LanguageIdentifier


@pytest.fixture(scope="module")
def identifier() -> LanguageIdentifier:
    return LanguageIdentifier(
        ["fi", "en", "ru", "uk", "ar", "sv", "fa", "so", "ckb", "et", "es", "fr", "tr", "th", "prs"]
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fi", "miten voin jatkaa oleskelulupaa"),
        ("fi", "tarvitsen asunnon perheelle"),
        ("fi", "mina en ymmarra paatosta"),
        ("en", "how do i renew my residence permit"),
        ("en", "my husband lost his job"),
        ("ru", "где получить справку для школы"),
        ("ru", "мне нужен переводчик в больницу"),
        ("uk", "де отримати довідку для школи"),
        ("uk", "що мені робити"),
        ("uk", "якщо щось зміниться"),
        ("uk", "приiхали вчора"),
        ("ar", "كيف أجدد الإقامة"),
        ("ar", "وين مكتب الهجرة"),
        ("fa", "چطور اقامت خود را تمدید کنم"),
        ("fa", "من كار ندارم و كمك ميخواهم"),
        ("ckb", "چۆن مۆڵەتی مانەوە نوێ بکەمەوە"),
        ("sv", "jag behöver hjälp med mitt tillstånd"),
        ("so", "caawimaad ayaan u baahanahay"),
        ("es", "necesito ayuda con mi permiso"),
        ("fr", "j'ai besoin d'aide pour mon titre de séjour"),
        ("tr", "yardıma ihtiyacım var"),
        ("et", "kuidas ma saan elamisluba pikendada"),
        ("th", "ต้องการความช่วยเหลือ"),
    ],
)
def test_a_text_of_several_words_is_in_its_language(identifier: LanguageIdentifier, language: str, text: str) -> None:
    assert identifier.identify(text).language == language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "kak prodlit vnzh"),
        ("ru", "pomogite mne pozhaluysta"),
        ("ru", "gde mozhno poluchit spravku"),
        ("uk", "yak prodovzhyty posvidku"),
        ("uk", "meni potribno znaity zhytlo"),
        ("ar", "kif ba7sal 3ala iqama"),
        ("ar", "bidi maw3ed ma3 migri"),
        ("fa", "chetor eghamat begiram"),
    ],
)
def test_a_language_typed_in_latin_letters_is_known(identifier: LanguageIdentifier, language: str, text: str) -> None:
    assert identifier.identify(text).language == language


@pytest.mark.parametrize(
    ("language", "greeting"),
    [
        ("fi", "moi"),
        ("fi", "Terve!"),
        ("fi", "paivaa"),
        ("en", "hello"),
        ("en", "Hi"),
        ("ru", "Привет"),
        ("uk", "привіт"),
        ("ar", "مرحبا"),
        ("fa", "سلام"),
    ],
)
def test_a_greeting_is_certain(identifier: LanguageIdentifier, language: str, greeting: str) -> None:
    guess = identifier.identify(greeting)
    assert (guess.language, guess.confidence >= CERTAIN) == (language, True)


@pytest.mark.parametrize("text", ["kela", "TE-toimisto Kajaani", "hetu?", "päiväkoti", "112", "", "…", "ok", "⟨phone⟩"])
def test_service_words_names_and_numbers_are_in_no_language(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text).language is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "мне нужна verokortti"),
        ("ar", "كيف اطلب toimeentulotuki من kela"),
        ("en", "how to get kotikunta and hetu"),
        ("uk", "що таке oleskelulupa"),
        ("fi", "virasto lähetti sanan разрешение minulle"),
    ],
)
def test_finnish_service_words_do_not_make_a_text_finnish(
    identifier: LanguageIdentifier, language: str, text: str
) -> None:
    assert identifier.identify(text).language == language


@pytest.mark.parametrize("text", ["паспорт", "на", "а"])
def test_a_word_of_two_languages_is_asked_about(identifier: LanguageIdentifier, text: str) -> None:
    guess = identifier.identify(text)
    assert (guess.language, guess.confidence < CERTAIN) == (None, True)


@pytest.mark.parametrize("text", ["i need 2 rooms for 3kids in 2weeks", "level a2 or b1 course", "wait 5min please ok"])
def test_a_number_beside_a_word_is_not_arabic(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text).language == "en"


@pytest.mark.parametrize(
    ("conversation", "text"),
    [
        ("fi", "ok thanks"),
        ("ru", "hello"),
        ("ar", "yes"),
        ("uk", "паспорт"),
        ("uk", "спасибо"),
        ("en", "moi"),
        ("ar", "kela"),
        ("sv", ""),
        ("prs", "سلام"),
        ("prs", "چطور اقامت خود را تمدید کنم"),
    ],
)
def test_what_is_not_clearly_in_another_language_stays(
    identifier: LanguageIdentifier, conversation: str, text: str
) -> None:
    assert identifier.identify(text, conversation).language == conversation


@pytest.mark.parametrize(
    ("conversation", "text", "language"),
    [
        ("fi", "i don't understand finnish", "en"),
        ("en", "en ymmärrä mitä tarkoitat", "fi"),
        ("fi", "привіт", "uk"),
        ("ru", "дякую за відповідь", "uk"),
        ("uk", "где вы?", "ru"),
        ("en", "شكرا", "ar"),
        ("ar", "kak prodlit vnzh pomogite", "ru"),
        ("ar", "چۆن دەتوانم", "ckb"),
        ("prs", "how do i renew my permit", "en"),
    ],
)
def test_a_text_clearly_in_another_language_is_in_that(
    identifier: LanguageIdentifier, conversation: str, text: str, language: str
) -> None:
    assert identifier.identify(text, conversation).language == language


def test_dari_is_identified_as_persian(identifier: LanguageIdentifier) -> None:
    assert identifier.identify("تذکره من گم شده است").language == "fa"


@pytest.mark.parametrize("text", ["مجھے مدد چاہیے", "زه مرستې ته اړتیا لرم"])
def test_urdu_and_pashto_are_not_taken_for_persian(identifier: LanguageIdentifier, text: str) -> None:
    assert identifier.identify(text).language is None


def test_a_language_that_was_not_asked_for_is_never_named() -> None:
    assert LanguageIdentifier(["fi", "en"]).identify("что мне делать").language is None


@pytest.mark.parametrize("piece", ["a", "a ", "kak ", "та ", "و ", "3a", "'", "привет hello "])
def test_ten_thousand_letters_take_less_than_a_second_of_work(identifier: LanguageIdentifier, piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    identifier.identify(text)
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("text", "typed_in", "language"),
    [
        ("damawe bizanm chon karti baj war bgrm", {"ckb": 0.99, "so": 0.003}, "ckb"),
        ("damawe bizanm chon karti baj war bgrm", {}, None),
        ("Gdzie jest urząd pracy", {"en": 0.95}, None),  # Polish, which the model has not learnt
    ],
)
def test_the_model_s_word_on_latin_letters_counts_for_languages_with_a_script_of_their_own(
    identifier: LanguageIdentifier, text: str, typed_in: dict[str, float], language: str | None
) -> None:
    assert identifier.identify(text, typed_in=typed_in).language == language
