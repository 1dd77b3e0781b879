"""Which models there are, and why some cannot be trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teahouse import AppError
from teahouse_torch.settings import TrainingSettings
from teahouse_training.panel.values import Trainable
from teahouse_training.panel.words import _

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.library import Model
    from teahouse_training.room import Room


def list_trainable(app: App) -> tuple[Trainable, ...]:
    """All models that can chat, the usual one first; reads the disk."""
    found = [model for model in app.models.list() if model.can_chat and model.path is not None]
    usual = str(app.settings.get("models.default"))
    found.sort(key=lambda model: model.name != usual)
    return tuple(Trainable(model.name, "", _problem(model)) for model in found)


def room_of(app: App, name: str, settings: TrainingSettings, *, longest: int) -> Room:
    """The memory that training a model needs and that there is; reads the disk.

    Args:
        longest: Tokens of the longest example, which may be more than a row usually has.
    """
    from teahouse_training.gathering import find_model
    from teahouse_training.room import room_for

    return room_for(app, find_model(app, name), settings, longest=longest)


def _problem(model: Model) -> str:
    """Why a model cannot be trained; empty where it can."""
    from teahouse_torch.memory import estimate

    if model.problem:
        return model.problem
    if model.header is None:
        return _("Its file cannot be read.")
    try:
        estimate(model.header, TrainingSettings())
    except AppError as error:
        return error.text
    return ""
