"""The words of tool tips: keys behind them, and names that people gave before them."""

from __future__ import annotations

from html import escape


def with_keys(words: str, keys: str) -> str:
    """Words with the keys that do the same behind them, where there are any."""
    return f"{words} ({keys})" if keys else words


def with_name(name: str, words: str) -> str:
    """A name that may be cut where it is shown, above what else there is to say; never taken for markup."""
    return "<qt>" + "<br>".join(escape(line) for line in (name, *words.split("\n")) if line) + "</qt>"
