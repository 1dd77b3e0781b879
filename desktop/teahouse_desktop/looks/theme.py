"""The two themes: their colours, as data, and the Qt palette made from them.

Every pair of a text colour and a ground it is drawn on reaches a contrast of 4.5 (WCAG AA); a test
computes it. `GROUNDS` says which pairs there are.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one theme, as `#rrggbb`.

    Attributes:
        window: Ground of the sidebar and the bars.
        base: Ground of the transcript.
        raised: Ground of the composer, menus and cards.
        hover: Ground under the pointer.
        selected: Ground of the chosen row.
        bubble: Ground of what the person wrote.
        code: Ground of code.
        line: Hairlines and frames.
        field_line: Frames of controls, which have to be seen: a contrast of 3.
        muted: Secondary text.
        accent: Buttons, focus rings and marks.
        on_accent: Text and icons on `accent`.
        selection: Ground of selected text.
        syntax: Colours of code by role.
    """

    name: str
    window: str
    base: str
    raised: str
    hover: str
    selected: str
    bubble: str
    code: str
    line: str
    field_line: str
    text: str
    muted: str
    disabled: str
    accent: str
    on_accent: str
    link: str
    danger: str
    warning: str
    selection: str
    syntax: dict[str, str] = field(default_factory=dict)

    @property
    def is_dark(self) -> bool:
        """Whether it is light text on a dark ground."""
        return _luminance(self.base) < _luminance(self.text)


LIGHT = Theme(
    name="light",
    window="#f4f3ef",
    base="#fdfcfa",
    raised="#ffffff",
    hover="#eae8e1",
    selected="#e0e6da",
    bubble="#e9efe6",
    code="#f5f4ef",
    line="#e2e0d8",
    field_line="#8b8d83",
    text="#23241f",
    muted="#5f6159",
    disabled="#a3a49b",
    accent="#2d7252",
    on_accent="#ffffff",
    link="#1f6a8c",
    danger="#ab332b",
    warning="#845600",
    selection="#c9e0d1",
    syntax={
        "keyword": "#8a3d8f",
        "string": "#3f6b1f",
        "number": "#9a4a12",
        "comment": "#666860",
        "function": "#1d5fa8",
        "type": "#7a5b00",
        "builtin": "#14707a",
        "operator": "#4c4f49",
        "tag": "#ab332b",
    },
)

DARK = Theme(
    name="dark",
    window="#191b19",
    base="#1f211f",
    raised="#282b28",
    hover="#2e322e",
    selected="#323a34",
    bubble="#2b332d",
    code="#191b19",
    line="#343834",
    field_line="#767c74",
    text="#e6e7e1",
    muted="#a5a99f",
    disabled="#666b64",
    accent="#7fc7a1",
    on_accent="#10241a",
    link="#82bfe0",
    danger="#f08b80",
    warning="#e0b65c",
    selection="#375a47",
    syntax={
        "keyword": "#d6a1dc",
        "string": "#a9cc85",
        "number": "#e3ad7f",
        "comment": "#969a91",
        "function": "#8dbdf0",
        "type": "#e0c27a",
        "builtin": "#7fcbd0",
        "operator": "#c3c6bd",
        "tag": "#f08b80",
    },
)

THEMES = {theme.name: theme for theme in (LIGHT, DARK)}

GROUNDS: dict[str, tuple[str, ...]] = {
    "text": ("window", "base", "raised", "hover", "selected", "bubble", "code", "selection"),
    "muted": ("window", "base", "raised", "hover", "selected", "bubble", "code"),
    "accent": ("window", "base", "raised", "hover", "bubble"),
    "on_accent": ("accent",),
    "link": ("base", "raised", "bubble"),
    "danger": ("window", "base", "raised", "hover"),
    "warning": ("window", "base", "raised", "hover"),
}
"""Text colour → the grounds it is drawn on."""


def contrast(one: str, other: str) -> float:
    """Contrast of two colours by WCAG 2: from 1 (the same) to 21 (black on white)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def make_palette(theme: Theme) -> QPalette:
    """The Qt palette of a theme; what is disabled is the same with faint text."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.PlaceholderText: theme.muted,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.Link: theme.link,
        role.LinkVisited: theme.link,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Accent: theme.accent,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.field_line,
        role.Shadow: theme.field_line,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.disabled))
    return palette


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
