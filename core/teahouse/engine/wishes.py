"""What a person has told the reply that is being written, inside the model's child process."""

from __future__ import annotations

from collections import deque
from typing import Any

from teahouse.workers.child import Call

Wish = dict[str, Any]


class Wishes:
    """Sorts what `steering.Steering` tells: tokens in their order, of adapters the last."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._choices: deque[Wish] = deque()
        self._adapters: Wish | None = None

    def choice(self, timeout_s: float) -> Wish | None:
        """What a person chooses as the next token; None when they choose nothing within this time."""
        if self._choices or self._take(timeout_s):
            return self._choices.popleft() if self._choices else None
        return None

    def adapters(self) -> Wish | None:
        """The adapters that are wanted from here on; None when nobody has said so since the last time."""
        while self._take(0.0):
            pass
        wanted, self._adapters = self._adapters, None
        return wanted

    def _take(self, timeout_s: float) -> bool:
        wish = self._call.told(timeout_s)
        if wish is None:
            return False
        if "adapters" in wish:
            self._adapters = wish
        else:
            self._choices.append(wish)
        return True
