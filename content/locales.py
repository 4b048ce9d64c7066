"""How a language is written: the locale of its dates and the direction of its script (CLDR). Pure."""

from __future__ import annotations

from typing import Literal

from babel import Locale, UnknownLocaleError

_LOCALES = {"en": "en_GB", "prs": "fa_AF"}  # English as in Europe; Dari, which Babel has under Persian


def locale_of(language: str) -> Locale:
    """English for a language that Babel does not know."""
    try:
        return Locale.parse(_LOCALES.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(_LOCALES["en"])


def direction_of(language: str) -> Literal["ltr", "rtl"]:
    return "rtl" if locale_of(language).text_direction == "rtl" else "ltr"
