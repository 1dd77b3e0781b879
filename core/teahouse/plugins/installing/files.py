"""Files of wheels on their way: copies of our own, checked, with what is being done with them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from teahouse.errors import DownloadError, PluginError
from teahouse.language import _
from teahouse.plugins.installing.wheel import sha256_of

WHEEL_AT_MOST_BYTES = 4 << 30
Stage = Literal["find", "fetch", "read", "try", "install", "remove"]


@dataclass(frozen=True, slots=True)
class Step:
    """What is being done: `find` what it needs, `fetch` it, `read` it, `try` it in a child, `install` it.

    Attributes:
        done_bytes: That have arrived.
    """

    stage: Stage
    done_bytes: int = 0


def copied(path: Path, folder: Path) -> Path:
    """A copy of our own: what was read and shown is what is installed."""
    try:
        if path.stat().st_size > WHEEL_AT_MOST_BYTES:
            raise PluginError(_("{file} is too large for a plugin.").format(file=path.name))
        return Path(shutil.copyfile(path, folder / path.name))
    except OSError as error:
        text = _("{file} cannot be read: {error}.")
        raise PluginError(
            text.format(file=path.name, error=error.strerror or error), path=str(path)
        ) from error


def check_hash(path: Path, wanted: str) -> None:
    """Refuse a file that is not the one that was promised.

    Raises:
        DownloadError: Its hash is another one.
    """
    found = sha256_of(path)
    if found != wanted.lower():
        raise DownloadError(
            _("{file} is not the file that was promised: its SHA-256 is {found}, not {wanted}.").format(
                file=path.name, found=found, wanted=wanted
            ),
            _("Nothing was installed. Somebody has changed it, or the list is old."),
        )
