"""Keys in the words of a tool tip."""

from __future__ import annotations


def with_keys(words: str, keys: str) -> str:
    """Words with the keys that do the same behind them, where there are any."""
    return f"{words} ({keys})" if keys else words
