"""The language a text is written in, or None when it would be a guess that the person had better make."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from nlu.normalise import fold
from nlu.vocabulary import GREETINGS, LATIN_STEMS, LATIN_WORDS, NEUTRAL, WORDS

_NO_OPINION: Mapping[str, float] = {}
CERTAIN = 0.8
"""The confidence from which a language is named; below it the person is asked, or stays in the conversation's."""


@dataclass(frozen=True)
class Guess:
    """A language code such as "fi" or "ckb", None to ask, and the chance (0 to 1) of the likeliest one."""

    language: str | None
    confidence: float


class LanguageIdentifier:
    """Knows the given languages, the commonest first; a text in any other may be taken for one of them.

    Dari (prs) is the person's own choice: its texts are identified as Persian (fa).
    Loading the detector's models takes seconds and about 30 MB a language: `warm` does it ahead, in a thread, say.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = tuple(language for language in languages if language != "prs")
        self._detector = _detector(self._languages)

    def warm(self) -> None:
        """Load the models now, so that the first text need not wait for them."""
        self._detected("kaspa")

    def identify(
        self, text: str, conversation: str | None = None, typed_in: Mapping[str, float] = _NO_OPINION
    ) -> Guess:
        """The language of `text`; what is not clearly in another stays in `conversation`, the one spoken so far.

        `typed_in` is what the model makes of Latin letters: whether they stand for a script of their own.
        """
        spoken = "fa" if conversation == "prs" else conversation
        tokens = [token for token in _tokens(text) if token.folded not in NEUTRAL]
        script = _main_script(tokens)
        tokens = [token for token in tokens if token.script == script][:_ENOUGH]
        chances = self._chances(tokens, script, spoken, typed_in)
        language = max(chances, key=lambda one: chances[one], default=None)
        if language is None:
            return Guess(conversation, 0.0)
        guess = Guess(language if language in self._languages else None, chances[language])
        if spoken is None:
            return guess if guess.confidence >= CERTAIN else Guess(None, guess.confidence)
        return guess if _leaves(spoken, guess, tokens, script) else Guess(conversation, chances.get(spoken, 0.0))

    def _chances(
        self, tokens: list[_Token], script: str, spoken: str | None, typed_in: Mapping[str, float]
    ) -> dict[str, float]:
        """The chance of every language that is written in the script; none when there are no tokens."""
        scores = self._scores(tokens, script) if tokens else {}
        if script == "latin" and tokens:
            for language in typed_in.keys() & set(self._languages):
                scores[language] = scores.get(language, log(_FLOOR)) + _opinion(language, typed_in[language])
        if spoken in scores:
            scores[spoken] += _STAYS
        best = max(scores.values(), default=0.0)
        likelihoods = {language: exp(score - best) for language, score in scores.items()}
        return {language: likelihood / sum(likelihoods.values()) for language, likelihood in likelihoods.items()}

    def _scores(self, tokens: list[_Token], script: str) -> dict[str, float]:
        """Logarithms of likelihoods: what the detector says, and what single words and letters add."""
        typed = " ".join(token.typed for token in tokens)[:_LONG_ENOUGH]
        scores = self._prior(script)
        for language, chance in self._detected(typed).items():
            if language in scores:
                scores[language] += log(max(chance, _FLOOR)) - log(_FLOOR)
        for language, weight in (*_absences(typed, script), *(found for token in tokens for found in _evidence(token))):
            if language in scores:
                scores[language] += weight
        return scores

    def _prior(self, script: str) -> dict[str, float]:
        native = [one for one in (*self._languages, *_STRANGERS) if _SCRIPTS.get(one, "latin") == script]
        prior = dict.fromkeys(native, log(_FLOOR))
        if script == "latin":
            prior |= {language: log(_WITHOUT_KEYBOARD) for language in LATIN_WORDS if language in self._languages}
            # Every short text looks like some rare language: the commonest first.
            return {one: score - 0.5 * log(1 + self._languages.index(one)) for one, score in prior.items()}
        return prior

    def _detected(self, text: str) -> Mapping[str, float]:
        # The detector holds щ to be impossible in Ukrainian (pemistahl/lingua#193, mended in its Kotlin edition only).
        text = text.replace("щ", "ш")
        values = self._detector.compute_language_confidence_values(text) if self._detector else []
        return {value.language.iso_code_639_1.name.lower(): value.value for value in values}


def _opinion(language: str, chance: float) -> float:
    """What the model's word on Latin letters adds. Of languages that it has not learnt it knows nothing."""
    odds = log(max(chance, _FLOOR)) - log(max(1 - chance, _FLOOR))
    return (_SAYS_OWN_SCRIPT if language in _SCRIPTS else _SAYS_LATIN) * max(odds, -2.0)


# Latin letters of a language that the model has not learnt (Albanian, Polish) look to it like one that it has.
_SAYS_OWN_SCRIPT, _SAYS_LATIN = 2.0, 0.3
_ENOUGH, _LONG_ENOUGH = 100, 1000  # words, letters; more make nobody surer
_FLOOR = 0.001
_WITHOUT_KEYBOARD = 0.03  # the chance, before looking, that Latin letters are Russian, Arabic and so on
_STAYS = 1.5
_WORD, _WORD_OF_ONE, _GREETING = 1.5, 3.0, 4.0


def _detector(languages: Sequence[str]) -> LanguageDetector | None:
    known = {language.iso_code_639_1.name.lower() for language in Language.all()}
    codes = [IsoCode639_1.from_str(language) for language in languages if language in known]
    if len(codes) < 2:
        return None
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()


def _leaves(spoken: str, guess: Guess, tokens: list[_Token], script: str) -> bool:
    """Whether a text is clearly in another language: by several words, by its script or by its letters."""
    language = guess.language
    if language is None or language == spoken or guess.confidence < _SURE_TO_LEAVE:
        return False
    is_other_script = script not in ("latin", _SCRIPTS.get(spoken, "latin"))
    return len(tokens) >= 3 or is_other_script or any(_shows(language, token) for token in tokens)


_SURE_TO_LEAVE = 0.9

_SCRIPTS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "mn", "kk"), "cyrillic"),
    **dict.fromkeys(("ar", "fa", "ckb", "ur", "ps"), "arabic"),
    **dict.fromkeys(("ti", "am"), "ethiopic"),
    **dict.fromkeys(("ne", "hi", "mr"), "devanagari"),
    **{"th": "thai", "my": "myanmar", "bn": "bengali", "zh": "han", "ja": "han", "ko": "hangul", "ta": "tamil"},
    **{"el": "greek", "he": "hebrew", "ka": "georgian", "hy": "armenian"},
}
_STRANGERS = ("ur", "ps")  # told apart by their letters, so that nobody takes them for Persian
_LETTERS_OF = {
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0600-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "ethiopic": "\u1200-\u139f",
    "devanagari": "\u0900-\u097f",
    "thai": "\u0e00-\u0e7f",
    "myanmar": "\u1000-\u109f",
    "bengali": "\u0980-\u09ff",
    "han": "\u3040-\u30ff\u4e00-\u9fff",
    "hangul": "\uac00-\ud7af",
    "tamil": "\u0b80-\u0bff",
    "greek": "\u0370-\u03ff",
    "hebrew": "\u0590-\u05ff",
    "georgian": "\u10a0-\u10ff",
    "armenian": "\u0530-\u058f",
}
_NOT_LATIN = re.compile("|".join(f"(?P<{script}>[{letters}])" for script, letters in _LETTERS_OF.items()))
_LATIN = re.compile("[a-zß-öø-ɏḀ-ỿ]")


@dataclass(frozen=True)
class _Token:
    typed: str
    folded: str
    script: str


_IGNORED = re.compile(r"⟨\w+⟩|https?://\S+|(?<!\S)[^\s@]*+@\S*|www\.\S+")
_TOKEN = re.compile(r"[\w\u0300-\u036f\u064b-\u0652\u200c'’ʼ]+")


def _tokens(text: str) -> Iterator[_Token]:
    for word in _TOKEN.findall(_IGNORED.sub(" ", text).lower()):
        script = _NOT_LATIN.search(word)
        if script and script.lastgroup:
            typed = word.replace("i", "і") if script.lastgroup == "cyrillic" else word
            yield _Token(typed, fold(typed), script.lastgroup)
        elif _LATIN.search(word):
            yield _Token(word, fold(word), "latin")


def _main_script(tokens: list[_Token]) -> str:
    """Latin words turn up in the middle of every language, others only in their own: a third of the text is enough."""
    counts = Counter(token.script for token in tokens)
    other = max((script for script in counts if script != "latin"), key=lambda script: counts[script], default="latin")
    return other if counts[other] * 2 >= counts["latin"] else "latin"


# Letters and endings in the languages' own scripts. From two up, the letter is in no other language that we know.
_LETTERS = (
    ("uk", re.compile("[іїєґ]"), 4.0),
    ("ru", re.compile("[ыэёъ]"), 4.0),
    ("uk", re.compile("[сцз]ьк|ьо|йо|(?:нн|тт)я$|ти(?:ся|сь)?$|[лв]ася$|[аи]вся$"), 1.5),
    ("ru", re.compile("тся$|лся$|ни[еяю]$|(?:ая|ое|ее)$|[аиеуя]л$"), 1.5),
    ("ckb", re.compile("[ەۆێڕڵڤ]"), 5.0),
    ("ur", re.compile("[ٹڈڑےںہ]"), 6.0),
    ("ps", re.compile("[ټډړږښځڅې]"), 6.0),
    ("fa", re.compile("[پچژگیک]"), 2.0),
    ("ckb", re.compile("[پچژگیک]"), 2.0),
    ("ar", re.compile("[ةأإؤىكي]|^ال"), 1.0),
)
# About one letter in twelve is its own in Ukrainian, one in forty in Russian, one in ten in Persian: a text that has
# none of them speaks, by this much a letter, for the language that shows its own less often.
_ABSENT = {
    "cyrillic": ("ru", re.compile("[іїєґыэёъ]"), 0.04),
    "arabic": ("ar", re.compile("[پچژگیکەۆێڕڵڤ]"), 0.08),
}

# What follows a number that counts something, as in "3months", "2lasta", "5let".
_COUNTED = (
    "week month year day hour min kid child people person room time euro kuuka viik vuo tunt paiv huone las henk hlo "
    "kert raz let god rok mes dn$ kk$ kpl$ km$ th$ nd$ rd$ am$ pm$"
).replace(" ", "|")
_DIGIT_LETTER = rf"^[a-z]+[2356789][a-z]+|^[23567](?!{_COUNTED})[a-z]{{2,}}|^[a-z]{{3,}}[2357]$"
_SHAPES = (
    ("ar", re.compile(_DIGIT_LETTER), 5.0),  # 3 for ع, 7 for ح, 2 for ء, 5 for خ and so on
    ("ar", re.compile("^b[tdjskmnz][a-z]{2}|^y[bdfhjkmqrstz][a-z]|^(?:el|al)$"), 1.5),
    ("ru", re.compile("zh|shch|[^aeo]iy$|yy$|[^aeiou]ya$|yu$|en[iy]e$|ogo$"), 1.0),
    ("uk", re.compile("zh|shch|[^aeo]iy$|yy$|[^aeiou]ya$|yu$|nnya$|o[gh]o$"), 1.0),
    ("uk", re.compile("[aiyu]ty$|nn[yi]a$|oho$|[bvgdzklmnprstfh]y[bvgdzklmnprstfhc]"), 1.0),
    ("ru", re.compile("en[iy]e$|eniya$|[aeiy]tsa$"), 1.0),
)


def _shows(language: str, token: _Token) -> bool:
    """Whether a token has a letter that gives the language away."""
    return any(language == one and weight >= 2 and letters.search(token.typed) for one, letters, weight in _LETTERS)


def _absences(typed: str, script: str) -> Iterator[tuple[str, float]]:
    if script in _ABSENT:
        language, letters, weight = _ABSENT[script]
        if not letters.search(typed):
            yield language, weight * len(typed)


def _evidence(token: _Token) -> Iterator[tuple[str, float]]:
    latin = token.script == "latin"
    yield from ((language, _GREETING) for language, known in GREETINGS.items() if token.folded in known)
    lists = (WORDS, LATIN_WORDS) if latin else (WORDS,)
    knowing = [language for each in lists for language, known in each.items() if token.folded in known]
    yield from ((language, _WORD_OF_ONE if len(knowing) == 1 else _WORD) for language in knowing)
    for language, shape, weight in _SHAPES if latin else _LETTERS:
        if shape.search(token.folded if latin else token.typed):
            yield language, weight
    if latin:
        yield from ((language, _WORD) for language, stems in LATIN_STEMS.items() if token.folded.startswith(stems))
