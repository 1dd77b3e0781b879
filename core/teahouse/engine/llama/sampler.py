"""llama.cpp's native sampler chain for one reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp as lib
import numpy as np

from teahouse.engine.llama.candidates import Candidates, Row, check_numbers
from teahouse.engine.llama.stages import Stage, make_stages, window_of
from teahouse.engine.llama.vocab import Vocab
from teahouse.engine.sampling import FORBIDDING, Sampling
from teahouse.errors import EngineError
from teahouse.language import _

LookAt = Callable[[Stage, Candidates], None]
REMEMBERING = {"penalties": "repeat_window", "dry": "dry_window"}
"""Stages that look at the prompt too, and how far."""


class Sampler:
    """The chain of one reply.

    The random stages draw once at each token, also where another one is forced: the same seed and the same
    beginning give the same continuation, whether the beginning was sampled or forced.

    Args:
        context: The native context.
    """

    def __init__(self, context: Any, vocab: Vocab, sampling: Sampling) -> None:
        self.sampling = sampling
        self.stages: list[Stage] = []
        self._context, self._vocab = context, vocab
        self._chain = lib.llama_sampler_chain_init(lib.llama_sampler_chain_default_params())
        self._sleeping: tuple[int, Stage] | None = None
        self._drawn: int | None = None
        try:
            for stage in make_stages(sampling, vocab):
                lib.llama_sampler_chain_add(self._chain, stage.native)
                self.stages.append(stage)
        except BaseException:
            self.close()
            raise

    # --- what has been said -------------------------------------------------------------------------

    def see(self, ids: Sequence[int]) -> None:
        """Let the stages that look back see a prompt."""
        for stage in self.stages:
            if stage.name in REMEMBERING:
                window = window_of(getattr(self.sampling, REMEMBERING[stage.name]), self._vocab)
                for token in ids[-window:]:  # none is 0: the stage would not act
                    lib.llama_sampler_accept(stage.native, token)

    def accept(self, token: int) -> None:
        """Let every stage see a token of the reply.

        Raises:
            EngineError: The grammar does not allow it; nothing has changed.
        """
        if not self.allows(token):
            raise EngineError(
                _("The grammar does not allow “{text}” here.").format(
                    text=self._vocab.piece(token, has_control=True).decode("utf-8", "replace")
                ),
                _("Take the grammar away, or begin the reply anew."),
                token=token,
            )
        lib.llama_sampler_accept(self._chain, token)
        self._drawn = None

    def allows(self, token: int) -> bool:
        """Whether the grammar lets this token stand here: told another, llama.cpp ends the process."""
        grammar = next((stage for stage in self.stages if stage.name == "grammar"), None)
        if grammar is None:
            return True
        alone = Candidates(np.zeros(1, np.float32), ids=[token])
        alone.apply(grammar.native)
        return bool(np.isfinite(alone.table["logit"][0]))

    def wake(self) -> None:
        """From here on the reply must match the grammar."""
        if self._sleeping is None:
            return
        place, grammar = self._sleeping
        self._sleeping = None
        self._remove_all()
        self.stages.insert(place, grammar)
        self._add_all()

    def sleep(self) -> None:
        """Leave the grammar out of the chain until `wake`."""
        place = next((n for n, stage in enumerate(self.stages) if stage.name == "grammar"), None)
        if place is not None:
            self._remove_all()
            self._sleeping = (place, self.stages.pop(place))
            self._add_all()

    # --- choosing -----------------------------------------------------------------------------------

    def sample(self) -> int:
        """Choose the token after the last one read, and accept it.

        Raises:
            EngineError: Nothing is left to choose from.
        """
        if self._drawn is None and not self._can_forbid:
            check_numbers(self.row().max())
            return int(lib.llama_sampler_sample(self._chain, self._context, -1))
        token = self.draw()
        self.accept(token)
        return token

    def draw(self) -> int:
        """What the chain chooses; a second call before the next `accept` gives the same.

        Raises:
            EngineError: Nothing is left to choose from.
        """
        if self._drawn is None:
            self.draw_from(self.row())
        assert self._drawn is not None
        return self._drawn

    def draw_from(self, row: Row, look: LookAt | None = None, *, skipped: Sequence[str] = ()) -> None:
        """Let the stages act on logits, one after the other.

        Args:
            row: Float32 (vocabulary,).
            look: Called with each stage and what is left after it.
            skipped: Names of stages that are left out.
        """
        check_numbers(row.max())
        candidates = Candidates(row)
        for stage in self.stages:
            if stage.name not in skipped:
                candidates.apply(stage.native)
            if look is not None:
                look(stage, candidates)
        chosen = candidates.table[candidates.place]
        if not np.isfinite(chosen["logit"]):
            raise EngineError(
                _("No token is left to go on with: everything is forbidden here."),
                _("What was written is kept. Change what is banned, the grammar or the schema."),
            )
        self._drawn = int(chosen["id"])

    def row(self) -> Row:
        """Logits after the last token read, float32 (vocabulary,); valid until more is read."""
        pointer = lib.llama_get_logits_ith(self._context, -1)
        return np.ctypeslib.as_array(pointer, shape=(self._vocab.size,))

    def close(self) -> None:
        """Free the chain with its stages."""
        if self._sleeping is not None:
            lib.llama_sampler_free(self._sleeping[1].native)
            self._sleeping = None
        lib.llama_sampler_free(self._chain)
        self.stages.clear()

    # --- inside -----------------------------------------------------------------------------------

    @property
    def _can_forbid(self) -> bool:
        return any(stage.name in FORBIDDING for stage in self.stages)

    def _remove_all(self) -> None:
        while lib.llama_sampler_chain_n(self._chain):
            lib.llama_sampler_chain_remove(self._chain, 0)

    def _add_all(self) -> None:
        for stage in self.stages:
            lib.llama_sampler_chain_add(self._chain, stage.native)
