"""The one way to open a stranger's archive: names that lead elsewhere, links and floods are refused."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812  an exception, named like one

from teahouse.errors import PluginError
from teahouse.language import _

FILES_AT_MOST = 50_000
UNPACKED_AT_MOST_BYTES = 4 << 30
BLOCK_BYTES = 1 << 20


@contextmanager
def open_archive(path: Path) -> Iterator[tuple[ZipFile, Sequence[ZipInfo]]]:
    """A zip file and the files in it, all of whose names are safe to unpack.

    Raises:
        PluginError: It cannot be read, or holds what does not belong into a package.
    """
    try:
        with ZipFile(path) as archive:
            yield archive, _checked(archive.infolist())
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError) as error:
        raise PluginError(
            _("{file} is damaged: {error}.").format(file=path.name, error=error), path=str(path)
        ) from error
    except OSError as error:
        raise PluginError(
            _("{file} cannot be read: {error}.").format(file=path.name, error=error.strerror or error),
            path=str(path),
        ) from error


def unpack_to(path: Path, folder: Path) -> None:
    """Unpack an archive into a folder.

    Raises:
        PluginError: See `open_archive`; or the folder cannot be written.
    """
    with open_archive(path) as (archive, infos):
        for info in infos:
            target = folder / info.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                for block in blocks(archive, info):
                    out.write(block)


def blocks(archive: ZipFile, info: ZipInfo) -> Iterator[bytes]:
    """The content of a file piece by piece; never more than its directory says."""
    with archive.open(info) as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block


def _checked(infos: Sequence[ZipInfo]) -> list[ZipInfo]:
    files = [info for info in infos if not info.is_dir()]
    if len(infos) > FILES_AT_MOST or sum(info.file_size for info in files) > UNPACKED_AT_MOST_BYTES:
        raise PluginError(_("It was refused: unpacked it would be larger than any plugin has to be."))
    for info in infos:
        if reason := _reason_against(info):
            raise PluginError(
                _("It was refused: the file {name} in it {reason}.").format(name=info.filename, reason=reason)
            )
    names = [info.filename.casefold() for info in files]
    if len(set(names)) != len(names):
        raise PluginError(_("It was refused: two files in it have the same name."))
    return files


def _reason_against(info: ZipInfo) -> str:
    name, mode = info.filename, info.external_attr >> 16
    steps = PurePosixPath(name.replace("\\", "/"))
    # `orig_filename` still has what zipfile cuts off behind a NUL or turns round on Windows.
    is_odd = "\\" in info.orig_filename or "\0" in info.orig_filename or ":" in name or not name.strip("/")
    if ".." in steps.parts or steps.is_absolute() or is_odd:
        return _("leads out of its folder")
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("is a link")
    return _("is encrypted") if info.flag_bits & 0x1 else ""
