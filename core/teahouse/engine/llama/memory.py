"""What mirostat and adaptive-p remember from token to token, kept beside llama.cpp to be told.

Both follow `llama-sampler.cpp`: mirostat's mu (arXiv 2007.14966) and adaptive-p's moving average of the
probabilities of the tokens chosen (pull request 17927).
"""

from __future__ import annotations

import math

from teahouse.engine.llama.candidates import Row
from teahouse.engine.sampling import Sampling


class Memories:
    """Both, from the beginning of a reply on."""

    def __init__(self, sampling: Sampling) -> None:
        self._sampling = sampling
        self.mu = 2.0 * sampling.mirostat_tau
        weight = 1.0 / (1.0 - sampling.adaptive_decay)
        self._weighted_sum, self._total_weight = sampling.adaptive_target * weight, weight
        self._pending: tuple[int, float] | None = None

    @property
    def adapted_target(self) -> float:
        """The probability that adaptive-p aims at now: above the wanted one after likelier tokens."""
        target = min(max(self._sampling.adaptive_target, 0.0), 1.0)
        return min(max(2.0 * target - self._weighted_sum / self._total_weight, 0.0), 1.0)

    def drew(self, stage: str, before: Row, drawn: tuple[int, float] | None) -> None:
        """A chooser has drawn a token.

        Args:
            before: Probability of each token before the chooser acted.
            drawn: Its id, and its probability after the chooser has acted.
        """
        if drawn is None:
            return
        token, share = drawn
        if stage == "mirostat":
            surprise = -math.log2(share) if share > 0 else 0.0
            self.mu -= self._sampling.mirostat_eta * (surprise - self._sampling.mirostat_tau)
        elif stage == "adaptive_p":
            self._pending = (token, float(before[token]))

    def accept(self, token: int) -> None:
        """A token has been written; adaptive-p counts those only that it has drawn itself."""
        if self._pending is not None and self._pending[0] == token:
            self._weighted_sum = self._pending[1] + self._sampling.adaptive_decay * self._weighted_sum
            self._total_weight = 1.0 + self._sampling.adaptive_decay * self._total_weight
        self._pending = None
