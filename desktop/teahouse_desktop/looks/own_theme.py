"""A theme made from a few colours that a person chose, mended until everything on it can be read.

Accent, ground and text are the inputs; every other colour is mixed from them. Whatever would fall below
its contrast (4.5 for text, 3 for frames) is moved towards black or white until it does not, so that no
choice makes the window unreadable; `Mended` says what was moved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from teahouse_desktop.looks.theme import DARK, GROUNDS, LIGHT, Theme, contrast

BLACK, WHITE = "#000000", "#ffffff"
TEXT_CONTRAST, STRONG_CONTRAST, FRAME_CONTRAST = 4.5, 7.0, 3.0
GROUND_CONTRAST = 9.0
"""Between the ground and black or white: the grounds made from it and faint text need room between."""

STEPS = 50
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class OwnColours:
    """What a person chose, as `#rrggbb`; empty for what Teahouse chooses."""

    accent: str = ""
    ground: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """A chosen colour that is shown otherwise, because it could not be read.

    Attributes:
        which: `accent`, `ground` or `text`.
        shown: The colour in its place.
        least: The contrast that it lacked.
    """

    which: str
    shown: str
    least: float


def is_colour(text: str) -> bool:
    """Whether a text is a colour as `#rrggbb`."""
    return _COLOUR.fullmatch(text) is not None


def make_theme(colours: OwnColours, *, is_strong: bool = False, name: str = "own") -> Theme:
    """The theme made from a person's colours; what is no colour counts as not chosen.

    Args:
        is_strong: Lines, faint and coloured text as strong as the colours allow.
    """
    return _derive(*_chosen(colours), is_strong=is_strong, name=name)


def mended(colours: OwnColours) -> list[Mended]:
    """Which of the chosen colours are shown otherwise."""
    theme = make_theme(colours)
    shown = {"accent": theme.accent, "ground": theme.base, "text": theme.text}
    least = {"accent": TEXT_CONTRAST, "ground": GROUND_CONTRAST, "text": TEXT_CONTRAST}
    return [
        Mended(which, colour, least[which])
        for which, colour in shown.items()
        if is_colour(wanted := getattr(colours, which)) and wanted.lower() != colour
    ]


def make_contrast_theme(*, is_dark: bool) -> Theme:
    """The theme of the highest contrast: black and white with one colour."""
    if is_dark:
        return make_theme(OwnColours("#ffd54a", BLACK, WHITE), is_strong=True, name="contrast")
    return make_theme(OwnColours("#00409e", WHITE, BLACK), is_strong=True, name="contrast")


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: `share` 0 is the one, 1 the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, grounds: tuple[str, ...], least: float) -> str:
    """The colour itself, or the nearest one towards black or white with this contrast on every ground."""
    pole = max((BLACK, WHITE), key=lambda end: min(contrast(end, ground) for ground in grounds))
    for step in range(STEPS + 1):
        moved = mix(colour, pole, step / STEPS)
        if all(contrast(moved, ground) >= least for ground in grounds):
            return moved
    return pole


# --- inside -----------------------------------------------------------------------------------------


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _chosen(colours: OwnColours) -> tuple[str, str, str]:
    """Accent, ground and text: chosen, or fitting to what was."""
    ground, text = (one.lower() if is_colour(one) else "" for one in (colours.ground, colours.text))
    if not ground:
        is_dark = bool(text) and contrast(text, WHITE) < contrast(text, BLACK)
        ground = (DARK if is_dark else LIGHT).base
    ground = _open(ground)
    usual = DARK if contrast(ground, WHITE) > contrast(ground, BLACK) else LIGHT
    accent = colours.accent.lower() if is_colour(colours.accent) else usual.accent
    return accent, ground, text or usual.text


def _open(ground: str) -> str:
    """A ground in the middle between black and white leaves no room for text: it is moved outwards."""
    text, away = max(((BLACK, WHITE), (WHITE, BLACK)), key=lambda ends: contrast(ends[0], ground))
    for step in range(STEPS + 1):
        moved = mix(ground, away, step / STEPS)
        if contrast(moved, text) >= GROUND_CONTRAST:
            return moved
    return away


def _derive(accent: str, ground: str, text: str, *, is_strong: bool, name: str) -> Theme:
    usual = DARK if contrast(ground, WHITE) > contrast(ground, BLACK) else LIGHT
    pole = WHITE if usual is DARK else BLACK
    text = readable(text, (ground, mix(ground, pole, 0.14)), TEXT_CONTRAST)
    bare = replace(
        usual,
        name=name,
        base=ground,
        window=mix(ground, pole, 0.04) if usual is LIGHT else mix(ground, BLACK, 0.2),
        raised=mix(ground, WHITE, 0.6) if usual is LIGHT else mix(ground, WHITE, 0.05),
        hover=mix(ground, pole, 0.08),
        selected=mix(mix(ground, pole, 0.03), accent, 0.12),
        bubble=mix(ground, accent, 0.09),
        code=mix(ground, pole, 0.03) if usual is LIGHT else mix(ground, BLACK, 0.2),
        line=mix(ground, pole, 0.75 if is_strong else 0.13),
        field_line=mix(ground, pole, 1.0 if is_strong else 0.45),
        selection=mix(ground, accent, 0.3),
        text=text,
        muted=mix(text, ground, 0.1 if is_strong else 0.32),
        disabled=mix(text, ground, 0.45 if is_strong else 0.58),
        accent=accent,
    )
    return _mend(bare, pole, STRONG_CONTRAST if is_strong else TEXT_CONTRAST)


def _mend(theme: Theme, pole: str, least: float) -> Theme:
    """Grounds first, so that text can be read on them; then every text on its grounds."""
    for name in ("selected", "bubble", "selection"):
        theme = _with(theme, name, _calm(theme, name, pole))
    for name, grounds in GROUNDS.items():
        if name != "on_accent":
            on = tuple(getattr(theme, ground) for ground in grounds)
            theme = _with(theme, name, readable(getattr(theme, name), on, least))
    bars = (theme.window, theme.base, theme.raised)
    on_accent = max((BLACK, WHITE), key=lambda end: contrast(end, theme.accent))
    return replace(
        theme,
        on_accent=on_accent,
        field_line=readable(theme.field_line, bars, FRAME_CONTRAST),
        syntax={role: readable(colour, (theme.code,), least) for role, colour in theme.syntax.items()},
    )


def _with(theme: Theme, name: str, colour: str) -> Theme:
    changed: dict[str, Any] = {name: colour}
    return replace(theme, **changed)


def _calm(theme: Theme, name: str, pole: str) -> str:
    """A tinted ground with less of its tint, until text of the theme can be read on it."""
    wanted = 7.0 if name != "selection" else TEXT_CONTRAST
    for step in range(STEPS):
        moved = mix(getattr(theme, name), theme.base, step / STEPS)
        if contrast(theme.text, moved) >= TEXT_CONTRAST and contrast(pole, moved) >= wanted:
            return moved
    return theme.base
