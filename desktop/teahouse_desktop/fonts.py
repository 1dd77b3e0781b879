"""Font families in order of preference; Han text gets a Chinese face, never a Japanese one.

Inter (SIL Open Font License, cut down to Latin, Greek and Cyrillic) comes along in `typefaces` for
Linux desktops without a good Latin face: a Chinese one draws ’ and … as wide as a Han character.
"""

from __future__ import annotations

import sys
from importlib import resources

from PySide6.QtGui import QFont, QFontDatabase

HAN = ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei"]
LATIN = "Inter"
MONO = [
    "JetBrains Mono",
    "Cascadia Mono",
    "SF Mono",
    "Menlo",
    "Consolas",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
]
HAN_MONO = ["Noto Sans Mono CJK SC", *HAN]
SMALLEST_POINTS = 10.0


def text_families(system: str, language: str = "en") -> list[str]:
    """Families for text that is read, `system` being the desktop's own.

    Windows and macOS have a good face of their own; a bare Linux desktop has one of the 1990s. Where
    Chinese is read, Latin letters come from the Chinese face too: both then have the same weight.
    """
    if sys.platform == "win32":
        return [system, "Segoe UI", "Microsoft YaHei UI", "Microsoft YaHei"]
    if sys.platform == "darwin":
        return [system, "PingFang SC"]
    return [*HAN, LATIN, system] if language == "zh_CN" else [LATIN, *HAN, system]


def mono_families() -> list[str]:
    """Families for code."""
    return [*MONO, "PingFang SC", "Microsoft YaHei UI", *HAN_MONO, "monospace"]


def text_font(system: QFont, language: str = "en") -> QFont:
    """The window's font, made from the desktop's: its size, at least 10 points."""
    if sys.platform not in ("win32", "darwin"):
        add_typefaces()
    font = QFont(system)
    font.setFamilies(_installed(text_families(system.family(), language)) or [system.family()])
    font.setPointSizeF(max(SMALLEST_POINTS, system.pointSizeF()))
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def add_typefaces() -> None:
    """Make the typefaces that come along known to Qt, unless the desktop has them."""
    if LATIN not in QFontDatabase.families():
        for face in (resources.files("teahouse_desktop") / "typefaces").iterdir():
            if face.name.endswith(".ttf"):
                QFontDatabase.addApplicationFontFromData(face.read_bytes())


def mono_font(points: float) -> QFont:
    """The font of code."""
    font = QFont()
    font.setFamilies(_installed(mono_families()) or ["monospace"])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(points)
    return font


def _installed(families: list[str]) -> list[str]:
    here = set(QFontDatabase.families())
    return [family for family in dict.fromkeys(families) if family in here]
