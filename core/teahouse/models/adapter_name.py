"""What an adapter can be called: its file's name, which people also type among others."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.errors import AdapterError
from teahouse.language import _, sentences
from teahouse.models.shelf import LONGEST_NAME_BYTES, UNFIT

BETWEEN = ",="
"""What stands between adapters, and before a scale, where some are chosen."""


def checked_name(name: str) -> str:
    """A name that an adapter can have.

    Raises:
        AdapterError: It cannot.
    """
    name = name.removesuffix(".gguf")
    is_long = len(name.encode("utf-8", "surrogatepass")) > LONGEST_NAME_BYTES
    if not name or is_long or not _can_be_typed(name) or set(UNFIT) & set(name):
        raise AdapterError(
            _("An adapter cannot be called “{name}”.").format(name=name),
            _("Choose a shorter name without {characters} and without a dot or space at its ends.").format(
                characters=" ".join(sorted({*UNFIT, *BETWEEN}))
            ),
            name=name,
        )
    return name


def name_problem(name: str) -> str:
    """Why an adapter whose file somebody put there cannot be chosen, as a clause; empty where it can."""
    return "" if _can_be_typed(name) else _("nobody can choose it by this name, so it needs another one")


def missing(name: str, available: Sequence[str]) -> AdapterError:
    """The error for a name that no adapter has."""
    there = _("Adapters here: {names}.").format(names=", ".join(available)) if available else ""
    return AdapterError(
        sentences(_("There is no adapter named “{name}”.").format(name=name), there),
        _("Add one with “teahouse adapters add FILE”, or train one."),
        adapter=name,
        available=list(available),
    )


def _can_be_typed(name: str) -> bool:
    return name.isprintable() and not set(BETWEEN) & set(name) and name == name.strip(" .")
