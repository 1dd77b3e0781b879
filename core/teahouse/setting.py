"""One declared value: a setting of the app or of a plugin, or a parameter of a command."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from teahouse.errors import SettingError
from teahouse.language import _, listed

Scope = Literal["app", "model", "preset", "conversation"]
Effect = Literal["now", "reload", "restart"]
Value = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared value: a setting of the app or a plugin, or a parameter of a command.

    Args:
        key: `area.name`; a plugin's keys start with its name.
        type: `bool`, `int`, `float` or `str`.
        default: Its value when nobody has chosen one; None for a required command parameter.
        limits: (least, greatest) for numbers, the allowed words for `str` (one may be empty); empty for no
            limits.
        label: A short name, marked with `N_()`.
        help: One plain sentence, marked with `N_()`.
        scopes: Where it may be set.
        is_folder: Whether the text names a folder: a full path, or empty.
        effect: When a change takes effect: at once, when the model is loaded again, or when the program
            is started again.
        rule: Refuses with a SettingError what type and limits cannot tell, such as a grammar that is none;
            must be quick, as it is asked whenever the value is read.
    """

    key: str
    type: type[Value]
    default: Value | None
    label: str
    help: str = ""
    limits: tuple[Any, ...] = ()
    scopes: frozenset[Scope] = frozenset({"app"})
    effect: Effect = "now"
    is_folder: bool = False
    rule: Callable[[Any], object] | None = None

    def check(self, value: object) -> Value:
        """`value` in this setting's type.

        Raises:
            SettingError: It has another type or lies outside the limits; names the allowed ones.
        """
        if self.type is float and isinstance(value, int) and not isinstance(value, bool):
            value = _as_float(value)
        if type(value) is not self.type or value != value:
            raise SettingError(
                _("{key} cannot be {value!r}.").format(key=self.key, value=value),
                _("It takes a value of type {type}.").format(type=self.type.__name__),
                key=self.key,
            )
        self._check_limits(value)
        if self.is_folder:
            self._check_folder(str(value))
        self._check_rule(value)
        return value

    def parse(self, text: str) -> Value:
        """The value that a person typed as `text`."""
        try:
            if self.type is bool:
                return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[
                    text.lower()
                ]
            return self.check(self.type(text))
        except (ValueError, KeyError):
            return self.check(text)

    def _check_rule(self, value: Value) -> None:
        if self.rule is None:
            return
        try:
            self.rule(value)
        except SettingError:
            raise
        except Exception as error:  # a plugin's own code: no value of it may stop whoever reads settings
            raise SettingError(
                _("{key} cannot be checked ({error}).").format(key=self.key, error=error), key=self.key
            ) from error

    def _check_folder(self, folder: str) -> None:
        try:
            is_full = not folder or Path(folder).expanduser().is_absolute()
        except RuntimeError:  # ~somebody who is not known here
            is_full = False
        if not is_full:
            raise SettingError(
                _("{key} takes the full path of a folder, and “{value}” is none.").format(
                    key=self.key, value=folder
                ),
                key=self.key,
            )

    def _check_limits(self, value: Any) -> None:
        if not self.limits:
            return
        if self.type is str:
            if value not in self.limits:
                raise SettingError(
                    _("{key} cannot be “{value}”.").format(key=self.key, value=value),
                    _("Allowed: {values}.").format(values=listed(word or _("empty") for word in self.limits)),
                    key=self.key,
                )
            return
        least, greatest = self.limits
        if not least <= value <= greatest:
            raise SettingError(
                _("{key} cannot be {value}.").format(key=self.key, value=value),
                _("It lies between {least} and {greatest}.").format(least=least, greatest=greatest),
                key=self.key,
            )


def _as_float(value: int) -> float:
    """A whole number as a float; infinite for one with more digits than a float can count."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
