"""Documents that are zip archives: opened with the bounds that keep one from filling the memory."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from teahouse.language import Translator
from teahouse_documents.loaders.files import read_bytes
from teahouse_documents.loaders.refusal import broken, locked, refuse, too_large, too_packed

_ = Translator("teahouse_documents")

FILE_BYTES = 512 * 2**20
MEMBERS = 20_000
MEMBER_BYTES = 256 * 2**20
TOTAL_BYTES = 1024 * 2**20
RATIO = 200
RATIO_FROM_BYTES = 32 * 2**20
"""Below this size any ratio is harmless: blank pages and tables of zeros pack well."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
OLE_SAMPLE_BYTES = 64 * 2**20
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    UnicodeError,
    ValueError,
    OSError,
)


class Archive:
    """The members of an open archive."""

    def __init__(self, opened: zipfile.ZipFile, kind: str) -> None:
        self._zip = opened
        self._kind = kind
        self._names = {info.filename: info for info in opened.infolist()}

    @property
    def names(self) -> list[str]:
        """Of all members."""
        return list(self._names)

    def has(self, name: str) -> bool:
        """Whether there is such a member."""
        return name in self._names

    def read(self, name: str) -> bytes:
        """A member's bytes.

        Raises:
            Refused: It is not there, damaged, encrypted or too large.
        """
        info = self._names.get(name)
        if info is None:
            raise broken(self._kind)
        if info.flag_bits & 1:
            raise locked()
        try:
            with self._zip.open(info) as stream:
                data = stream.read(MEMBER_BYTES + 1)
        except READ_ERRORS as error:
            raise broken(self._kind) from error
        if len(data) > MEMBER_BYTES:
            raise too_packed()
        return data


@contextmanager
def open_archive(path: Path, kind: str) -> Iterator[Archive]:
    """An archive whose members may be read.

    Args:
        kind: What the file should be (`DOCX`), for the words.

    Raises:
        Refused: It is none, encrypted, or made to fill the memory.
    """
    if path.stat().st_size > FILE_BYTES:
        raise too_large(FILE_BYTES)
    try:
        opened = zipfile.ZipFile(path)
    except READ_ERRORS as error:
        raise _no_archive(path, kind) from error
    with opened:
        check(opened.infolist())
        yield Archive(opened, kind)


def check(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what says of itself that it unpacks to too much.

    Raises:
        Refused: It does.
    """
    total = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    is_bomb = total > RATIO_FROM_BYTES and total > RATIO * max(packed, 1)
    if len(members) > MEMBERS or total > TOTAL_BYTES or is_bomb:
        raise too_packed()
    if any(info.file_size > MEMBER_BYTES and info.filename.endswith((".xml", ".rels")) for info in members):
        raise too_packed()


def _no_archive(path: Path, kind: str) -> Exception:
    """Why a file is no archive: office programs put what has a password into an older container."""
    data = read_bytes(path, FILE_BYTES)[:OLE_SAMPLE_BYTES]
    if not data.startswith(OLE):
        return broken(kind)
    if ENCRYPTED_PACKAGE in data:
        return locked()
    text = _("It is in an older format that only carries a new name.")
    return refuse("broken", text, _("Save it in the new format, then add that."))
