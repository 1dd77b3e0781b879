"""Font families in order of preference; Han text gets a Chinese face, never a Japanese one.

Inter (SIL Open Font License, cut down to Latin, Greek and Cyrillic) comes along in `typefaces` for
Linux desktops without a good Latin face: a Chinese one draws ’ and … as wide as a Han character.
"""

from __future__ import annotations

import sys
from importlib import resources

from PySide6.QtGui import QFont, QFontDatabase

HAN = ["Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "WenQuanYi Micro Hei"]
HAN_ELSEWHERE = ["PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei"]
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
CHINESE = (
    "sc", "cn", "gb", "hans", "yahei", "simsun", "nsimsun", "simhei", "simkai", "fangsong", "kaiti",
    "dengxian", "songti", "heiti", "wenquanyi", "wqy", "lxgw", "harmonyos", "misans", "puhuiti", "uming",
    "ukai",
)  # fmt: skip
"""Words in the names of faces whose Han characters have the forms that are used in China."""

NOT_CHINESE = ("tc", "hk", "tw", "jp", "kr")


def text_families(system: str, language: str = "en", own: str = "") -> list[str]:
    """Families for text that is read.

    Windows and macOS have a good face of their own; a bare Linux desktop has one of the 1990s. Where
    Chinese is read, Latin letters come from the Chinese face too: both then have the same weight.

    Args:
        system: The desktop's own family.
        own: The family that the person chose. It goes first, unless its Han characters would have other
            than Chinese forms: those behind a Chinese face.
    """
    if sys.platform == "win32":
        usual = [system, "Segoe UI", "Microsoft YaHei UI", "Microsoft YaHei"]
    elif sys.platform == "darwin":
        usual = [system, "PingFang SC"]
    else:
        usual = [*HAN, LATIN, system] if language == "zh_CN" else [LATIN, *HAN, system]
    return _before(own, usual, [*HAN, *HAN_ELSEWHERE])


def mono_families(own: str = "") -> list[str]:
    """Families for code, the one that the person chose first."""
    usual = [*MONO, "PingFang SC", "Microsoft YaHei UI", *HAN_MONO, "monospace"]
    return _before(own, usual, HAN_MONO)


def text_font(system: QFont, language: str = "en", *, own: str = "", factor: float = 1.0) -> QFont:
    """The window's font, made from the desktop's: its size, at least 10 points.

    Args:
        own: The family that the person chose.
        factor: By how much it is larger than that.
    """
    is_plain = sys.platform not in ("win32", "darwin")
    if is_plain:
        add_typefaces()
    font = QFont(system)
    families = _installed(text_families(system.family(), language, own))
    font.setFamilies(families or [system.family()])
    font.setPointSizeF(max(SMALLEST_POINTS, system.pointSizeF()) * factor)
    # Fitted to whole pixels, the strokes of Han characters grow by a sixth: beside Latin they look bold.
    hinting = QFont.HintingPreference
    font.setHintingPreference(hinting.PreferNoHinting if is_plain else hinting.PreferVerticalHinting)
    return font


def add_typefaces() -> None:
    """Make the typefaces that come along known to Qt, unless the desktop has them."""
    if LATIN not in QFontDatabase.families():
        for face in (resources.files("teahouse_desktop") / "typefaces").iterdir():
            if face.name.endswith(".ttf"):
                QFontDatabase.addApplicationFontFromData(face.read_bytes())


def mono_font(points: float, own: str = "") -> QFont:
    """The font of code."""
    font = QFont()
    font.setFamilies(_installed(mono_families(own)) or ["monospace"])
    font.setStyleHint(QFont.StyleHint.Monospace)
    font.setPointSizeF(points)
    return font


def offered(*, is_fixed: bool = False) -> list[str]:
    """Families that can be chosen: those that are drawn smoothly, and that leave Han text Chinese.

    Args:
        is_fixed: Only those whose letters are equally wide.
    """
    return [
        family
        for family in QFontDatabase.families()
        if not QFontDatabase.isPrivateFamily(family)
        and QFontDatabase.isSmoothlyScalable(family)
        and (not is_fixed or QFontDatabase.isFixedPitch(family))
        and not is_foreign_han(family)
    ]


def is_foreign_han(family: str) -> bool:
    """Whether a family has Han characters in forms that are not those of China."""
    words = family.casefold().split()
    if any(word in NOT_CHINESE for word in words):
        return True
    if any(known in words or (len(known) > 3 and known in family.casefold()) for known in CHINESE):
        return False
    kinds = QFontDatabase.WritingSystem
    foreign = {kinds.Japanese, kinds.TraditionalChinese, kinds.Korean}
    return bool(foreign & set(QFontDatabase.writingSystems(family)))


def _before(own: str, usual: list[str], han: list[str]) -> list[str]:
    if not own:
        return usual
    return [*han, own, *usual] if is_foreign_han(own) else [own, *usual]


def _installed(families: list[str]) -> list[str]:
    here = set(QFontDatabase.families())
    return [family for family in dict.fromkeys(families) if family in here]
