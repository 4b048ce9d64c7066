"""The eight municipalities, as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.lexicons import load_municipalities

FINDER = load_municipalities(Path("nlu/lexicon/municipalities.yml"))


@pytest.mark.parametrize(
    ("text", "municipality"),
    [
        ("Asun Kuhmossa, kuka auttaa", "kuhmo"),
        ("muutin ristijärvelle", "ristijarvi"),
        ("ristijarvella", "ristijarvi"),
        ("bor i Paldamo", "paltamo"),
        ("я живу в Соткамо", "sotkamo"),
        ("мы в суомуссалми", "suomussalmi"),
        ("живу в Каяані", "kajaani"),
        ("я з пуоланки", "puolanka"),
        ("أسكن في كوهمو", "kuhmo"),
        ("انا بسوتكامو", "sotkamo"),
        ("در پالتامو زندگی می‌کنم", "paltamo"),
        ("لە سۆتکامۆ دەژیم", "sotkamo"),
        ("لە هیرینسالمی", "hyrynsalmi"),
        ("waxaan ku noolahay Hyrynsalmi", "hyrynsalmi"),
        ("elan Puolangal", "puolanka"),
        ("i live in suomusalmi", "suomussalmi"),
        ("vuokatissa töissä", "sotkamo"),
        ("asun Kuhmossa, pitääkö tulla Kajaaniin", "kuhmo"),
        ("en asu Kajaanissa", "kajaani"),
        ("i move from kuhmo to sotkamo", None),
        ("how do i get a tax card", None),
        ("каяння", None),
        ("kajak vuokraus", None),
    ],
)
def test_the_one_municipality_that_a_text_names_is_found(text: str, municipality: str | None) -> None:
    assert FINDER.find(text) == municipality
