"""The crisis lexicon's pattern language, and which kind counts."""

import time

import pytest

from nlu.crisis import KINDS, BadLexicon, CrisisDetector, Lexicon, parse_lexicon


def lexicon(language: str = "en", /, **kinds: dict[str, list[str]]) -> Lexicon:
    """A lexicon with the kinds given; the others match one word that no test says."""
    return parse_lexicon(language, {kind: kinds.get(kind, {"match": [f"never{kind}"]}) for kind in KINDS})


def detects(pattern: str, text: str, *exceptions: str) -> bool:
    entry = {"match": [pattern], "except": list(exceptions)}
    return CrisisDetector([lexicon(violence=entry)]).detect(text) == "violence"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("kill me", "he will KILL me!"),
        ("kill* me", "he is killing me"),
        ("kill* me", "kill me"),
        ("(hit|beat) me", "they beat me"),
        ("(hit|beat up) me", "they beat up me"),
        ("hit (so hard|) me", "hit me"),
        ("hit (so hard|) me", "hit so hard me"),
        ("he .. me", "he me"),
        ("he .. me", "he often really hits me"),
        ("(he (does|did)|she) hit", "he did hit"),
        ("don't hit", "dont hit"),
        ("dont hit", "don’t hit"),
        ("te-toimisto", "TE toimisto"),
        ("lyö minua", "lyo minua"),
        ("ضربني", "ضَرَبَنـــي"),
        ("б'є мене", "бє мене"),
        ("i", "i"),
        (".. me", "me"),
    ],
)
def test_a_pattern_finds(pattern: str, text: str) -> None:
    assert detects(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("kill me", "kill meg"),
        ("kill me", "skill me"),
        ("kill me", "killme"),
        ("(hit|beat) me", "hit beat"),
        ("he .. me", "he once or twice hits me"),
        ("hit (so hard|) me", "hit so me"),
        ("a.b", "ab"),
        ("kill me", ""),
        ("kill me", "?!"),
    ],
)
def test_a_pattern_passes_over(pattern: str, text: str) -> None:
    assert not detects(pattern, text)


def test_what_an_exception_covers_is_not_looked_at() -> None:
    assert not detects("hits me", "he never hits me", "never hits me")


def test_a_second_match_beside_an_exception_still_counts() -> None:
    assert detects("hits me", "he never hits me but she hits me", "never hits me")


def test_taking_out_an_exception_does_not_make_neighbours() -> None:
    assert not detects("hits me", "hits the wall and me", "the wall and")


def test_an_exception_of_one_language_holds_for_the_patterns_of_another() -> None:
    russian = lexicon("ru", self_harm={"match": ["не хочу жить"], "except": ["не хочу жить в"]})
    ukrainian = lexicon("uk", self_harm={"match": ["не хочу жить"]})
    assert CrisisDetector([russian, ukrainian]).detect("не хочу жить в центре") is None


def test_an_exception_of_one_kind_leaves_the_other_kinds_alone() -> None:
    both = lexicon(violence={"match": ["fire"], "except": ["fire"]}, emergency={"match": ["fire"]})
    assert CrisisDetector([both]).detect("fire") == "emergency"


def test_every_language_is_tried_on_every_text() -> None:
    detector = CrisisDetector(
        [lexicon("fi", violence={"match": ["lyo"]}), lexicon("en", emergency={"match": ["fire"]})]
    )
    assert [detector.detect(text) for text in ("hei se lyö", "fire", "moi")] == ["violence", "emergency", None]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("violence child_danger", "child_danger"),
        ("no_shelter trafficking", "trafficking"),
        ("trafficking violence", "violence"),
        ("child_danger self_harm", "self_harm"),
        ("self_harm emergency", "emergency"),
    ],
)
def test_the_gravest_of_several_kinds_counts(text: str, kind: str) -> None:
    every = lexicon(**{name: {"match": [name.replace("_", " ")]} for name in KINDS})
    assert CrisisDetector([every]).detect(text) == kind


@pytest.mark.parametrize(
    "pattern",
    ["", "..", "(a|)", "(a|b", "a|b", "a)", "kill(ed|ing) me", "(a|b)c", "*", "a*b", "...", "a..b", "?", "(|.. )"],
)
def test_a_pattern_that_cannot_be_read_is_a_fault(pattern: str) -> None:
    with pytest.raises(BadLexicon, match=r"en\.violence\.match: "):
        lexicon(violence={"match": [pattern]})


def test_all_faults_are_told_at_once() -> None:
    data = {kind: {"match": ["word"]} for kind in KINDS}
    data |= {"violence": {"match": ["a)", 7], "excpt": []}, "robbery": {}, "emergency": {"match": []}}  # type: ignore[list-item]
    del data["no_shelter"]
    with pytest.raises(BadLexicon) as raised:
        parse_lexicon("en", data)
    assert [fault.split(": ")[0] for fault in raised.value.faults] == [
        "en.robbery",
        "en.emergency.match",
        "en.violence.excpt",
        "en.violence.match",
        "en.no_shelter",
        "en.violence.match",
    ]


@pytest.mark.parametrize("data", [None, [], "violence", {}, {"violence": "hit"}, {"violence": {"match": "hit"}}])
def test_a_file_of_another_shape_is_a_fault(data: object) -> None:
    with pytest.raises(BadLexicon):
        parse_lexicon("en", data)


def test_ten_thousand_hostile_characters_take_less_than_a_second_of_work() -> None:
    hostile = {"match": [f"(a|a a|) .. (a|b) .. {n} b*" for n in range(1, 6)]}
    detector = CrisisDetector([lexicon(violence=hostile)])
    began = time.process_time()
    detector.detect("a " * 5_000)
    assert time.process_time() - began < 1


def test_a_thousand_patterns_take_less_than_five_milliseconds_a_text() -> None:
    many = [f"({first}{n}|{first}{n} b|c{n}) .. (x|y|) z{n}*" for n in range(100) for first in "abdefghijk"]
    detector = CrisisDetector([lexicon(violence={"match": many})])
    text = "a1 word and another word b2 c3 not z5 and so on and on until here"
    detector.detect(text)
    began = time.process_time()
    detector.detect(text)
    assert time.process_time() - began < 0.005
