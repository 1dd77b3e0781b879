"""Which adapters are set on a loaded model, and that what was read with others is never used for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from teahouse.engine.cache import StateCache

if TYPE_CHECKING:
    from teahouse.engine.llama.model import LlamaModel

Choices = Sequence[tuple[str, float]]
"""Adapters: (path, scale) each."""


class AdaptedStates:
    """The adapters of a model together with its states, which depend on them."""

    def __init__(self, model: LlamaModel, states: StateCache) -> None:
        assert model.adapters is not None
        self._adapters, self._states = model.adapters, states
        self._default: Choices = ()

    @property
    def states(self) -> StateCache:
        """What was read; those in it that were computed with others are never used."""
        return self._states

    def keep(self, adapters: Choices) -> bool:
        """Set these, and let them hold where none are named; returns whether anything has changed.

        Raises:
            ModelFileError: One does not fit; nothing has changed.
        """
        has_changed = self.set(adapters)
        self._default = tuple(adapters)
        return has_changed

    def set(self, adapters: Choices) -> bool:
        """Set these until others are named; returns whether anything has changed.

        Raises:
            ModelFileError: One does not fit; nothing has changed.
        """
        has_changed = self._adapters.choose([(path, scale) for path, scale in adapters])
        if has_changed:
            self._states.switch(self._adapters.key)
        return has_changed

    @contextmanager
    def use(self, adapters: Choices | None) -> Iterator[None]:
        """With these set, or with those that hold where None is given; they stay set.

        Raises:
            ModelFileError: One does not fit; nothing has changed.
        """
        self.set(self._default if adapters is None else adapters)
        yield

    @contextmanager
    def aside(self, adapters: Choices | None) -> Iterator[None]:
        """The same, but afterwards what was set before is set, and the context holds what it held then."""
        before = self._adapters.files
        with self._states.aside():
            try:
                with self.use(adapters):
                    yield
            finally:
                if self._adapters.put(before):
                    self._states.switch(self._adapters.key)
