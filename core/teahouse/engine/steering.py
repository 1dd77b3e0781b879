"""Step mode from the person's side: the model waits before each token for what is chosen here.

The engine's child understands `{"pick": id}`, `{"sample": true}` and `{"run": true}`, told to a running
`generate` with `is_stepped`.
"""

from __future__ import annotations

from teahouse.workers.line import Line


class Steering:
    """The choices of one reply; any thread may make them. What comes before the model asks is kept."""

    def __init__(self) -> None:
        self.line = Line()

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
