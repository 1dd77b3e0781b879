"""Tokens in words: shares, figures, what a screen reader says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLocale

from teahouse_desktop.language.languages import translate
from teahouse_desktop.tokens.marks import is_whole, shown
from teahouse_desktop.tokens.palette import Colouring, Step
from teahouse_desktop.tokens.token import Token

LEAST = 0.001
"""Percent; what is less is said to be less."""


def share(value: float) -> str:
    """A probability as a percentage with two digits that say something: `43 %`, `4.3 %`, `0.043 %`."""
    locale = QLocale()
    percent = value * 100
    if percent < LEAST:
        return f"<{locale.toString(LEAST, 'g', 1)} %" if value > 0 else locale.toString(0) + " %"
    if percent >= 99.995:
        return locale.toString(100) + " %"
    if percent > 99:
        return locale.toString(percent, "f", 2) + " %"
    if percent >= 9.95:
        return locale.toString(round(percent)) + " %"
    return locale.toString(percent, "g", 2) + " %"


def number(value: float, digits: int = 2) -> str:
    """A number with so many digits behind the point."""
    return QLocale().toString(value, "f", digits)


def count(value: int) -> str:
    """A whole number, its thousands parted."""
    return QLocale().toString(value)


def bits(value: float) -> str:
    """A measure of surprise or uncertainty."""
    return translate("Tokens", "{number} bits").format(number=number(value))


def quoted(token: Token) -> str:
    """A token's text in quotation marks; a control token by its name, parts of characters as bytes."""
    if token.is_control:
        name = token.piece.decode("utf-8", "replace")
        return translate("Tokens", "the control token {name}").format(name=name)
    if not is_whole(token.piece):
        return translate("Tokens", "the bytes {bytes}").format(bytes=shown(token.piece))
    return translate("Tokens", "“{text}”").format(text=_sayable(token.piece.decode("utf-8")))


def _sayable(text: str) -> str:
    """A text with what cannot be heard named."""
    named = {
        "\n": translate("Tokens", "new line"),
        "\t": translate("Tokens", "tab"),
        " ": translate("Tokens", "space"),
    }
    if text in named:
        return named[text]
    return text.replace("\n", f" {named[chr(10)]} ").replace("\t", f" {named[chr(9)]} ")


def spoken(token: Token, place: int, total: int, *, joined: str = "") -> str:
    """A token as a screen reader says it: “token 12 of 90: “ tea”, 43 %, second of …”."""
    text = translate("Tokens", "Token {place} of {total}: {text}")
    said = [text.format(place=count(place + 1), total=count(total), text=quoted(token))]
    if joined:
        said.append(translate("Tokens", "with its neighbours {text}").format(text=joined))
    said += facts(token)
    return translate("Tokens", ", ").join(said)


def facts(token: Token) -> list[str]:
    """What is known of a token, in words."""
    said = []
    if token.probability is not None:
        said.append(share(token.probability))
    if token.rank is not None:
        said.append(place_in_words(token.rank))
    if token.entropy is not None:
        said.append(translate("Tokens", "entropy {bits}").format(bits=bits(token.entropy)))
    if token.difference is not None:
        said.append(translate("Tokens", "difference {number}").format(number=signed(token.difference)))
    if token.is_learned is not None:
        said.append(_learned(token.is_learned))
    if token.is_picked:
        said.append(translate("Tokens", "chosen by you"))
    return said


def signed(value: float) -> str:
    """A number with its sign."""
    if math.isinf(value):
        return "+∞" if value > 0 else "−∞"
    sign = "+" if value >= 0.005 else "−" if value <= -0.005 else "±"
    return sign + number(abs(value))


def unbounded(value: float, digits: int = 3) -> str:
    """A number that may be infinite."""
    return "∞" if math.isinf(value) else number(value, digits)


def place_in_words(rank: int) -> str:
    """Which of the tokens it was by probability: 0 is the likeliest."""
    if rank == 0:
        return translate("Tokens", "the likeliest")
    if rank == 1:
        return translate("Tokens", "second")
    if rank == 2:
        return translate("Tokens", "third")
    return translate("Tokens", "number {place}").format(place=count(rank + 1))


def tip(token: Token, place: int, total: int, *, joined: str = "") -> str:
    """What stands beside the pointer on a token, in lines."""
    lines = [spoken(token, place, total, joined=joined)]
    lines.append(translate("Tokens", "id {id} · bytes {bytes}").format(id=token.id, bytes=hexadecimal(token)))
    return "\n".join(lines)


def hexadecimal(token: Token) -> str:
    """The bytes of a token."""
    return token.piece.hex(" ").upper() if token.piece else "–"


def colouring_name(colouring: Colouring) -> str:
    """What colours stand for."""
    return {
        "probability": translate("Tokens", "Probability"),
        "entropy": translate("Tokens", "Entropy"),
        "difference": translate("Tokens", "Difference"),
        "learned": translate("Tokens", "Learned"),
        "none": translate("Tokens", "None"),
    }[colouring]


def colouring_help(colouring: Colouring) -> str:
    """One sentence that says what colours stand for."""
    return {
        "probability": translate("Tokens", "How likely the model itself found the token that stands there."),
        "entropy": translate("Tokens", "How undecided the model was before the token, whichever came."),
        "difference": translate("Tokens", "How much likelier the token is in the second than in the first."),
        "learned": translate("Tokens", "Which tokens the training has the model learn to write."),
        "none": translate("Tokens", "The tokens in turn, without a number."),
    }[colouring]


def bound(value: float, colouring: Colouring) -> str:
    """A bound of a colour, in the unit of its numbers."""
    if colouring == "probability":
        return share(value)
    if colouring == "difference":
        return signed(value)
    return number(value, 1)


def step_name(step: Step, colouring: Colouring) -> str:
    """Which numbers a colour stands for."""
    if colouring == "learned":
        return _learned(step.strength > 0)
    if step.least is None and step.most is None:
        return ""
    if step.least is None:
        return translate("Tokens", "below {bound}").format(bound=bound(step.most or 0.0, colouring))
    if step.most is None:
        return translate("Tokens", "from {bound}").format(bound=bound(step.least, colouring))
    text = translate("Tokens", "{least} to {most}")
    return text.format(least=bound(step.least, colouring), most=bound(step.most, colouring))


def _learned(is_learned: bool) -> str:
    return translate("Tokens", "learned") if is_learned else translate("Tokens", "only read")


def listed(texts: Sequence[str]) -> str:
    """Texts one after the other."""
    return translate("Tokens", ", ").join(texts)
