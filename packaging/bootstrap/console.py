"""Lines for people, and the error that ends a target."""

from __future__ import annotations


class Stop(Exception):
    """A target cannot go on; the text says what happened and what to do."""

    def __init__(self, text: str, *, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def say(text: str) -> None:
    """Print one line now: a step that follows may take minutes."""
    print(text, flush=True)


def duration(seconds: float) -> str:
    """`75` as `1:15`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
