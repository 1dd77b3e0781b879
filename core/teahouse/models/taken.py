"""Names in the models folder that another model has already: a download never takes its place."""

from __future__ import annotations

from pathlib import Path

from teahouse.errors import ModelError, ModelFileError
from teahouse.language import _


def check_not_another(path: Path, size_bytes: int) -> None:
    """See to it that what lies in a catalogue model's place is nothing of worth: damaged, or not there.

    Args:
        size_bytes: Length of the model that is to lie there. A file that is as long counts as a damaged one.

    Raises:
        ModelError: It is a whole model of another length.
    """
    from teahouse.models.library import usable_header

    try:
        if not path.exists() or path.stat().st_size == size_bytes:
            return
        usable_header(path)
    except (ModelFileError, OSError):
        return
    raise taken_error(path)


def taken_error(path: Path) -> ModelError:
    """The error that says that another model lies there."""
    return ModelError(
        _("There is already another model in {file}. Nothing was downloaded.").format(file=path),
        _("Remove that one first if you want this one."),
        path=str(path),
    )
