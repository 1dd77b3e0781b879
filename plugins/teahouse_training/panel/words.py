"""What the panel's modules share: how the plugin's texts are translated, and numbers in words."""

from __future__ import annotations

from math import floor, log10

from PySide6.QtCore import QLocale

from teahouse import Translator

_ = Translator("teahouse_training")

LEAST_PLAIN = 1e-4
"""Below it Qt would write a power of ten."""
MOST_DIGITS = 9


def number(value: float, digits: int = 2) -> str:
    """A number with so many digits behind the point."""
    return QLocale().toString(float(value), "f", digits)


def count(value: int) -> str:
    """A whole number, its thousands parted."""
    return QLocale().toString(int(value))


def short(value: float) -> str:
    """A number with three digits that say something: `0.0003`, `12.4`; never as a power of ten."""
    if 0 < abs(value) < LEAST_PLAIN:
        return QLocale().toString(float(value), "f", min(MOST_DIGITS, 2 - floor(log10(abs(value)))))
    return QLocale().toString(float(value), "g", 3)


def percent(value: float) -> str:
    """Percent with its sign: `+4.2 %`."""
    shown = round(value, 1) + 0.0
    return f"{'+' if shown > 0 else '−' if shown < 0 else '±'}{number(abs(shown), 1)} %"


def in_a_row(facts: tuple[str, ...]) -> str:
    """Facts beside each other; a line may end behind one, never before the dot."""
    return "\N{NO-BREAK SPACE}· ".join(fact for fact in facts if fact)


def title_of_text(name: str) -> str:
    """What a general text is called: by its language."""
    return {"en": _("English text"), "zh": _("Chinese text")}.get(name, name)
