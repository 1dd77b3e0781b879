"""Whether there is memory for a run, and what would make room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.engine.devices import free_memory
from teahouse_torch.settings import TrainingSettings
from teahouse_training.values import ShortOfMemory

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.library import Model
    from teahouse_torch.memory import Estimate

_ = Translator("teahouse_training")


@dataclass(frozen=True, slots=True)
class Room:
    """Memory that a run needs and that there is, in bytes; None where it cannot be known.

    Attributes:
        loaded: Names of the models in memory, and how much they would give back.
    """

    needed_bytes: int | None
    free_bytes: int | None
    loaded: tuple[str, ...] = ()
    loaded_bytes: int = 0

    @property
    def is_short(self) -> bool:
        """Whether it is known that there is too little now."""
        if self.needed_bytes is None or self.free_bytes is None:
            return False
        return self.needed_bytes > self.free_bytes

    @property
    def is_enough_without_models(self) -> bool:
        """Whether there would be enough if the loaded models were unloaded."""
        if self.needed_bytes is None or self.free_bytes is None:
            return True
        return self.needed_bytes <= self.free_bytes + self.loaded_bytes

    def check(self) -> None:
        """Refuse where there is too little.

        Raises:
            ShortOfMemory: With `data["loaded"]`, the models that could be unloaded, and whether that is
                enough in `data["would_do"]`.
        """
        if not self.is_short:
            return
        text = _("Training needs about {needed} GB of memory, and {free} GB are free. Nothing was started.")
        hint = (
            _("Unload the chat's model meanwhile: it is loaded again afterwards.")
            if self.loaded and self.is_enough_without_models
            else _("Close other programs, or train with shorter examples or on a smaller model.")
        )
        raise ShortOfMemory(
            text.format(needed=_gb(self.needed_bytes), free=_gb(self.free_bytes)),
            hint,
            needed_bytes=self.needed_bytes,
            free_bytes=self.free_bytes,
            loaded=list(self.loaded),
            would_do=self.is_enough_without_models,
        )


def room_for(app: App, model: Model, settings: TrainingSettings, *, longest: int = 0) -> Room:
    """Memory for training a model with these settings; not for the window's thread."""
    estimate = estimate_of(model, settings, longest=longest)
    names = tuple(app.engines.loaded)
    sizes = [one.size_bytes for one in app.models.list() if one.name in names]
    return Room(estimate.total_bytes if estimate else None, free_memory(), names, sum(sizes))


def estimate_of(model: Model, settings: TrainingSettings, *, longest: int = 0) -> Estimate | None:
    """What a training takes; None where there is no file to tell.

    Args:
        longest: Tokens of the longest example.
    """
    from teahouse_torch.memory import estimate

    return None if model.header is None else estimate(model.header, settings, longest=longest)


def _gb(size_bytes: int | None) -> str:
    return f"{(size_bytes or 0) / 1e9:.1f}"
