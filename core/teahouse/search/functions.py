"""What a search asks of a text that SQLite's own functions cannot tell; on every connection of the store."""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

from teahouse.search.texts import unpack
from teahouse.search.words import compose, fold, fold_name

ALIKE = {"+": "+＋﹢⁺₊\ufb29", "#": "#＃﹟"}
"""What folds to the sign at the end of a pattern: most texts have none of it and need not be folded."""


def add_to(connection: sqlite3.Connection) -> None:
    """Let a connection know them."""
    connection.create_function("fold_name", 1, _fold_stored, deterministic=True)
    connection.create_function("has_signs", 2, _has_signs, deterministic=True)


@lru_cache(maxsize=2048)
def _fold_stored(name: object) -> str:
    # As bytes: SQLite gives a function no text that is damaged.
    return fold_name(name.decode(errors="replace")) if isinstance(name, bytes) else ""


def _has_signs(data: object, pattern: str) -> bool:
    """Whether the text of an entry has a match; see `marks.sign_patterns`."""
    text = unpack(data)
    alike = ALIKE.get(pattern[-1:], "")
    if text is None or (alike and not any(sign in text for sign in alike)):
        return False
    return re.search(pattern, fold(compose(text))) is not None
