"""The encoding of a text file, judged honestly: where it cannot be known, nothing is guessed."""

from __future__ import annotations

import codecs

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the codecs that take them away."""

CHINESE = (("gb18030", "gb2312", 0xD7), ("cp950", "big5", 0xC6))
"""Codec, the older set whose first level holds the common characters, and the last lead byte of that."""

PUNCTUATION_LEADS = range(0xA1, 0xA4)

LEAST_COMMON = 0.9
"""Share of characters of the first level: real Chinese has 97 % and more, misread text far less."""

COMMONEST = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
    "后过发还没开日月本小好多学成行方面前所定同现电无法文件名号码期称数量金额单价编类型备注址部门"
    "這個們來為國說時會對於著後過發還沒開學現電無號碼稱數額單價編類備註門"
)
LEAST_FOR_COMMONEST = 8
"""Han characters from which on some of the commonest must be among them; Korean read as Chinese has none."""

COMMONEST_SHARE = 0.02

LEAST_LEAD = 0.1
"""How much more likely one reading must be than the other: short words may be common in both."""

JUDGED_CHARS = 20_000


def may_be_text(data: bytes) -> bool:
    """Whether nothing speaks against it at first sight; cheap also where there is much."""
    return b"\0" not in data or any(data.startswith(mark) for mark, _codec in MARKS)


def decode(data: bytes) -> str | None:
    """The text; None where the bytes are no text, or in an encoding that cannot be known for certain.

    A byte order mark decides, then strict UTF-8, then GB18030 or Big5 where the characters that come out
    are such as people write.
    """
    for mark, codec in MARKS:
        if data.startswith(mark):
            return _strict(data, codec)
    if not may_be_text(data):
        return None
    text = _strict(data, "utf-8")
    return _chinese(data) if text is None else text


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeError:
        return None


def _chinese(data: bytes) -> str | None:
    read = [(_strict(data, codec), old, last) for codec, old, last in CHINESE]
    judged = [(_common_share(text, old, last), text) for text, old, last in read if text is not None]
    # The commonest characters decide between equals.
    rated = [(share + (LEAST_LEAD if _commonest_share(text) else 0.0), share, text) for share, text in judged]
    (best, share, found), *others = sorted(rated, reverse=True) or [(0.0, 0.0, "")]
    is_clear = share >= LEAST_COMMON and all(best - other >= LEAST_LEAD for other, *_rest in others)
    return found if is_clear and _is_plausible(found) else None


def _common_share(text: str, codec: str, last_lead: int) -> float:
    """Share of the characters outside ASCII that are common ones or punctuation of an older set."""
    foreign = [character for character in text if character > "\x7f"][:JUDGED_CHARS]
    common = sum(_is_common(character, codec, last_lead) for character in foreign)
    return common / len(foreign) if foreign else 0.0


def _is_common(character: str, codec: str, last_lead: int) -> bool:
    try:
        lead = character.encode(codec)[0]
    except UnicodeError:
        return False
    first = 0xB0 if codec == "gb2312" else 0xA4
    return first <= lead <= last_lead or lead in PUNCTUATION_LEADS


def _is_plausible(text: str) -> bool:
    return len(_han(text)) < LEAST_FOR_COMMONEST or _commonest_share(text) >= COMMONEST_SHARE


def _commonest_share(text: str) -> float:
    han = _han(text)
    return sum(character in COMMONEST for character in han) / len(han) if han else 0.0


def _han(text: str) -> list[str]:
    return [character for character in text if "\u4e00" <= character <= "\u9fff"][:JUDGED_CHARS]
