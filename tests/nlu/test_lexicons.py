"""The crisis lexicons that Kaspa is shipped with."""

from __future__ import annotations

from functools import cache

import pytest

from nlu.crisis import CrisisDetector
from nlu.lexicons import CRISIS_LEXICONS, load_lexicons


@cache
def _detector() -> CrisisDetector:
    return CrisisDetector(load_lexicons(CRISIS_LEXICONS))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("waxaan rabaa inaan dhinto", "self_harm"),
        ("isdil ayaan ka fikirayaa", "self_harm"),
        ("ninkaygu wuu i garaacaa", "violence"),
        ("gurigu wuu gubanayaa", "emergency"),
        ("jag vill inte leva längre", "self_harm"),
        ("min man slår mig", "violence"),
        ("chefen har tagit mitt pass", "trafficking"),
        ("دیگه نمی‌خوام زنده بمونم", "self_harm"),
        ("شوهرم منو میزنه", "violence"),
        ("mikham khodamo bokosham", "self_harm"),
        ("صاحب کارم پاسپورتم را گرفته", "trafficking"),
        ("دەمەوێ بمرم", "self_harm"),
        ("مێردەکەم لێم دەدات", "violence"),
        ("xom dakujm", "self_harm"),
        ("ma ei taha enam elada", "self_harm"),
        ("ya bolshe ne khochu zhit", "self_harm"),
        ("ja bolshe ne hochu zhyt'", "self_harm"),
        ("muzh menya byot", "violence"),
        ("fire! it is not a drill", "emergency"),
        ("tulipalo! tämä ei ole harjoitus", "emergency"),
        ("brand! det är ingen övning", "emergency"),
        ("dab! tijaabo maaha", "emergency"),
        ("cholovik mene byie", "violence"),
        ("mees peksab mind", "violence"),
        ("ülemus võttis mu passi ära", "trafficking"),
    ],
)
def test_a_call_for_help_is_heard(text: str, kind: str) -> None:
    assert _detector().detect(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "گوشیم مرد",
        "باشگاه بوکس کجاست",
        "مۆبایلەکەم مرد",
        "ما محتاج اسعاف بس لازم طبيب",
        "taleefankaygii wuu dhintay",
        "waxaan rabaa inaan barto feerka",
        "madaxa ayaa i xanuunaya",
        "min telefon dog",
        "telefon umer",
        "fire drill on monday at school",
        "tulipalo on vain harjoitus, pitääkö lähteä ulos",
        "brand övning på måndag",
        "dog shelter in kajaani",
        "i go sleep now, bye",
        "var finns en boxningsklubb",
        "mu telefon suri ära",
        "kus on poksiklubi",
    ],
)
def test_a_look_alike_is_none(text: str) -> None:
    assert _detector().detect(text) is None
