"""Bytes of a file, and the text in them: no more than a document has, in its own encoding."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from teahouse.chat.encodings import decode
from teahouse.language import Translator
from teahouse_documents.loaders.refusal import Refused, refuse, too_large

_ = Translator("teahouse_documents")

TEXT_BYTES = 64 * 2**20
"""More text than any book."""

SAMPLE_BYTES = 256 * 1024
MOST_CONTROLS = 0.01
PLAIN_CONTROLS = frozenset("\t\n\r\f\v\b\x1b\x1a\x85\ufeff")
MOST_REPLACED = 0.001
"""Share of damaged characters that a text may have and still be read."""

FOREIGN = re.compile(r"[^\x00-\x7f]")
KANA, HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")
NEIGHBOURS = (("cp932", KANA, 0.25), ("euc_jp", KANA, 0.25), ("cp949", HANGUL, 0.7))
"""Codec, the letters of its language, and their least share of what is not ASCII."""

BRIEF_CHARS = 60
FIRST_LEVEL = re.compile(rb"[\xa1-\xa3\xb0-\xd7].", re.S)
"""Punctuation and the common characters of GB2312."""

UTF_16_BY_ZEROS = ((0, "utf-16-be"), (1, "utf-16-le"))
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
"""What is written where these are named: newer programs use the wider sets."""


def read_bytes(path: Path, most_bytes: int = TEXT_BYTES) -> bytes:
    """All of a file.

    Raises:
        Refused: It is larger than this.
    """
    if path.stat().st_size > most_bytes:
        raise too_large(most_bytes)
    return path.read_bytes()


def read_text(path: Path) -> str:
    """The text of a file.

    Raises:
        Refused: It is too large, or no text.
    """
    return decode_bytes(read_bytes(path))


def decode_bytes(data: bytes, named: str = "") -> str:
    """The text of bytes: by the byte order mark, as UTF-8, as `named`, then by what the characters say.

    Args:
        named: Encoding that the file itself names, in whatever spelling.

    Raises:
        Refused: They are no text.
    """
    text = decode(data)  # certain, or nothing
    if text is None and named:
        text = _strict(data, named)
    if text is None:
        text = _utf_16(data) or _brief(data) or _nearly(data) or _neighbours(data) or _guess(data)
    if text is None or not _is_text(text):
        raise binary()
    return text


def binary() -> Refused:
    """Bytes that are no text."""
    text = _("It is not text, or text in an encoding that cannot be told.")
    return refuse("binary", text, _("Save it as text in UTF-8, then add that."))


def _strict(data: bytes, named: str) -> str | None:
    codec = WIDER.get(named.strip().lower().replace("_", "-"), named.strip())
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _utf_16(data: bytes) -> str | None:
    """UTF-16 without a mark: Latin text has a zero in every second byte."""
    sample = data[:SAMPLE_BYTES]
    zeros = [sample[start::2].count(0) for start in (0, 1)]
    for start, codec in UTF_16_BY_ZEROS:
        # spaces and line ends are half zeros in Chinese text too
        if zeros[start] > 4 * zeros[1 - start] and zeros[start] >= len(sample) // 64 > 0:
            return _strict(data, codec)
    return None


def _brief(data: bytes) -> str | None:
    """A few Chinese words, as the header of a table: too few to be certain, but common characters only."""
    text = None if b"\0" in data else _strict(data, "gb18030")
    foreign = FOREIGN.findall(text or "")
    if text is None or not 0 < len(foreign) <= BRIEF_CHARS:
        return None
    return text if all(FIRST_LEVEL.match(one.encode("gb18030")) for one in foreign) else None


def _nearly(data: bytes) -> str | None:
    """UTF-8 or GB18030 with a few damaged characters, as where a log was cut."""
    if b"\0" in data:
        return None
    for codec in ("utf-8", "gb18030"):
        text = data.decode(codec, "replace")
        foreign = len(FOREIGN.findall(text))
        is_sound = text.count("\ufffd") <= min(MOST_REPLACED * len(text), 0.02 * foreign)
        # nearly all bytes are something in GB18030: what is left must read as Chinese
        if is_sound and (codec == "utf-8" or decode(data.decode(codec, "ignore").encode(codec))):
            return text
    return None


def _neighbours(data: bytes) -> str | None:
    """Japanese and Korean, where their own letters come out."""
    for codec, letters, least in NEIGHBOURS:
        text = _strict(data, codec)
        if text is not None and len(letters.findall(text)) > least * len(FOREIGN.findall(text)) > 0:
            return text
    return None


def _guess(data: bytes) -> str | None:
    """By the statistics of charset-normalizer."""
    if b"\0" in data[:SAMPLE_BYTES]:
        return None
    import charset_normalizer

    logging.getLogger("charset_normalizer").setLevel(logging.ERROR)
    best = charset_normalizer.from_bytes(data[:SAMPLE_BYTES]).best()
    if best is None or best.chaos > 0.2:
        return None
    return data.decode(best.encoding, "replace")


def _is_text(text: str) -> bool:
    sample = text[:SAMPLE_BYTES]
    odd = sum(
        1 for c in sample if (c < " " or "\x7f" <= c < "\xa0" or c == "\ufffd") and c not in PLAIN_CONTROLS
    )
    return odd <= MOST_CONTROLS * len(sample)
