"""Things that are imported and made when they are first asked for: the window opens faster without them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Generic, TypeVar

T = TypeVar("T")


def load(path: str) -> Any:
    """What `module:name` stands for; the module is one of this package."""
    module, _, name = path.partition(":")
    return getattr(import_module(f"{__package__}.{module}"), name)


class Late(Generic[T]):
    """An attribute made by `module:class` from its owner's `place` when it is first read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, owner: Any, kind: type) -> T:
        made: T = load(self.path)(owner.place)
        vars(owner)[self._name] = made  # found before this descriptor from now on
        return made
