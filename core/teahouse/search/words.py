"""Text as the full-text index sees it: folded, cut into words, unspaced scripts into pairs of characters.

SQLite's tokenizer finds no part of a run of Chinese. So such a run goes into the index as its pairs of
neighbours and its last character: 部署容器 as 部署 署容 容器 器. A query of two characters is then a word,
of more a phrase of words, and of one the beginning of a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

RULES = 1
"""Raised when this module cuts otherwise than before: every index is then made again."""

MAX_CHARS = 500_000
"""Of one message no more is indexed; an attachment may be a whole book."""

MAX_WORD_CHARS = 64
"""Longer words (keys, base64) are found by their beginning."""

# Han, kana, bopomofo; Thai, Lao, Burmese, Khmer: written without spaces between words.
UNSPACED = (
    "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
)
# Marks that belong to letters but that `\w` leaves out: Hebrew, Arabic, Indic.
_MARKS = "\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
LETTER = rf"(?:(?![{UNSPACED}_])[\w{_MARKS}])"
"""One character of a word in a script with spaces; digits are letters here."""
# Arrows, signs, emoji, stars, tiles and flags.
_SYMBOLS = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"

_PIECE = re.compile(rf"(?P<run>[{UNSPACED}]+)|(?P<word>{LETTER}+)|(?P<symbol>[{_SYMBOLS}])")
_SIGNS = re.compile(rf"\+\+|[+#](?!{LETTER})")
_DOTTED = re.compile(r"(?:^|[^\w.])\.[^\W\d]")
_HALF_KANA = re.compile("[\uff66-\uff9f]+")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")


class Piece(NamedTuple):
    """A stretch of folded text: a run without spaces, a word, or a symbol such as an emoji.

    `before` and `after` are the signs of a query's word without which it means another thing: C++, .NET.
    """

    text: str
    is_run: bool = False
    is_symbol: bool = False
    before: str = ""
    after: str = ""

    @property
    def words(self) -> list[str]:
        """Its words in the index, in order."""
        if self.is_run:
            return [self.text[at : at + 2] for at in range(len(self.text))]
        # SQLite's tables do not know the newest symbols: they go in by number.
        return [f"u{ord(self.text):x}" if self.is_symbol else self.text[:MAX_WORD_CHARS]]

    @property
    def has_short_words(self) -> bool:
        """Whether one character of it can be a word with endings glued to it, as in Korean."""
        return not self.is_run and not self.is_symbol and _HANGUL.match(self.text) is not None


class _Folding(dict[int, str]):
    """For `str.translate`: a character without case, width, ligature or Western accent."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return " "
    folded = unicodedata.normalize("NFKC", character).casefold()
    return "".join(_without_accent(one) for one in folded)


def _without_accent(character: str) -> str:
    if not (character < "\u0500" or "\u1e00" <= character <= "\u1fff"):
        return character
    return "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))


FOLDING = _Folding()
"""What each character becomes; others may be dropped or become several."""


def compose(text: str) -> str:
    """`text` with letters and their accents as one character; what snippets are cut from."""
    if text.isascii():
        return text
    full = _HALF_KANA.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return full if unicodedata.is_normalized("NFC", full) else unicodedata.normalize("NFC", full)


def fold(text: str) -> str:
    """Composed text as it is compared."""
    return text.lower() if text.isascii() else text.translate(FOLDING)


def fold_name(name: str) -> str:
    """A folder or tag as it is compared."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def cut(folded: str) -> Iterator[Piece]:
    """The pieces of folded text in order; spaces and punctuation are between them."""
    for match in _PIECE.finditer(folded):
        yield Piece(match[0], match.lastgroup == "run", match.lastgroup == "symbol")


def cut_query(folded: str) -> Iterator[Piece]:
    """The pieces of what was typed to search, with the signs that belong to them."""
    for match in _PIECE.finditer(folded):
        is_word = match.lastgroup == "word"
        yield Piece(
            match[0],
            match.lastgroup == "run",
            match.lastgroup == "symbol",
            *(_signs(folded, *match.span()) if is_word else ("", "")),
        )


def _signs(folded: str, start: int, end: int) -> tuple[str, str]:
    """The signs that belong to a word: a dot before it, plus or number signs after a single letter."""
    after = _SIGNS.match(folded, end) if end - start == 1 else None
    return "." if _DOTTED.match(folded, max(start - 2, 0)) else "", after[0] if after else ""


def index_words(text: str) -> str:
    """What the index is given for a text: its words with spaces between."""
    return " ".join(word for piece in cut(fold(compose(text[:MAX_CHARS]))) for word in piece.words)
