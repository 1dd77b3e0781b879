"""What a person tells a reply while it is written: other adapters, and in step mode each token.

The engine's child understands `{"adapters": [[path, scale], …], "told": …}`, told to any running `generate`,
and `{"pick": id}`, `{"sample": true}` and `{"run": true}`, told to one with `is_stepped`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from teahouse.workers.line import Line


class Steering:
    """The wishes for one reply; any thread may make them. What comes before the model asks is kept.

    Args:
        is_stepped: Step mode: the model waits before each token for what is chosen here.
    """

    def __init__(self, *, is_stepped: bool = True) -> None:
        self.line = Line()
        self.is_stepped = is_stepped

    def pick(self, token: int) -> None:
        """Write this token next, whatever the chain has drawn.

        One that the reply's grammar forbids is refused: the model asks again, with `refused` in its event.
        """
        self.line.put({"pick": token})

    def sample(self) -> None:
        """Write the token that the chain has drawn."""
        self.line.put({"sample": True})

    def run(self) -> None:
        """Ask no more: the rest of the reply is sampled."""
        self.line.put({"run": True})

    def set_adapters(self, adapters: Sequence[tuple[str, float]], told: Any = None) -> None:
        """Go on with exactly these, (path, scale) each, from the next token that is not drawn yet.

        Args:
            told: JSON that comes back in the event `adapters`.
        """
        self.line.put({"adapters": [list(each) for each in adapters], "told": told})
