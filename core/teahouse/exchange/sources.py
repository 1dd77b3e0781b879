"""Opening a file of somebody else's: its text in pieces, plain or out of a zip archive, within limits.

Nothing is unpacked onto the disk and no name in an archive is used as a path. Sizes are counted while
reading; what an archive says about itself is not believed.
"""

from __future__ import annotations

import codecs
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from teahouse.errors import ExchangeError
from teahouse.exchange.values import MAX_FILE_BYTES
from teahouse.language import _

PIECE_BYTES = 1 << 20
MAX_DIRECTORY_BYTES = 64 << 20
"""Of an archive's list of files, all of which is read at once."""
MAX_MEMBERS = 1_000
RATIO_FROM_BYTES = 64 << 20
MAX_RATIO = 200
"""Text is packed to a tenth or so; what grows more than this is made to fill memory or disk."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The others unpack without any limit."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of a file, and how much of the file has been read with it (0 to 1)."""

    text: str
    fraction: float


def read_pieces(file: Path) -> Iterator[Piece]:
    """The text of a JSON file, or of the conversations in a zip archive, in pieces.

    Raises:
        ExchangeError: It cannot be read, is too big, or the archive is broken.
    """
    with _errors_in_words(file), file.open("rb") as stream:
        size_bytes = file.stat().st_size
        if size_bytes > MAX_FILE_BYTES:
            raise _too_big(file)
        if stream.peek(4).startswith(b"PK\3\4"):  # a pipe cannot be read twice
            yield from _read_archive(file, stream)
        else:
            yield from _decode(_count(stream, file, size_bytes))


def _count(stream: IO[bytes], file: Path, size_bytes: int) -> Iterator[tuple[bytes, float]]:
    done = 0
    while block := stream.read(PIECE_BYTES):
        done += len(block)
        if done > MAX_FILE_BYTES:
            raise _too_big(file)
        yield block, min(1.0, done / max(1, size_bytes))


def _decode(blocks: Iterator[tuple[bytes, float]]) -> Iterator[Piece]:
    """UTF-8, or UTF-16 where a mark says so; bytes that are neither become U+FFFD."""
    decoder: codecs.IncrementalDecoder | None = None
    for block, fraction in blocks:
        if decoder is None:
            is_wide = block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
            decoder = codecs.getincrementaldecoder("utf-16" if is_wide else "utf-8-sig")("replace")
        yield Piece(decoder.decode(block), fraction)
    if decoder is not None:
        yield Piece(decoder.decode(b"", final=True), 1.0)


# --- archives -------------------------------------------------------------------------------------


def _read_archive(file: Path, stream: IO[bytes]) -> Iterator[Piece]:
    if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
        raise ExchangeError(
            _("{file} lists too many files. Nothing was imported from it.").format(file=file),
            _("Unpack it and import conversations.json alone."),
            path=str(file),
        )
    with zipfile.ZipFile(stream) as archive:
        members = _wanted(archive)
        if not members:
            raise ExchangeError(
                _("{file} holds no conversations that can be read.").format(file=file),
                _("ChatGPT's export holds them in conversations.json."),
                path=str(file),
            )
        done = 0
        for number, member in enumerate(members):
            blocks = _unpack(archive, member, file)
            for piece in _decode(blocks):
                done += len(piece.text)
                if done > MAX_FILE_BYTES:
                    raise _too_big(file)
                yield Piece(piece.text, (number + piece.fraction) / len(members))
            yield Piece("\n", (number + 1) / len(members))


def _wanted(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The members with conversations: named so, as ChatGPT does, else every JSON file."""
    names = {info: PurePosixPath(info.filename).name.casefold() for info in archive.infolist()}
    found = [info for info, name in names.items() if name.endswith((".json", ".jsonl"))]
    named = [info for info in found if names[info].startswith("conversations")]
    return (named or found)[:MAX_MEMBERS]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: Path) -> Iterator[tuple[bytes, float]]:
    if member.compress_type not in PACKINGS:
        raise _broken(file, _("it is packed in an unusual way"))
    done = 0
    with archive.open(member) as stream:
        while block := stream.read(PIECE_BYTES):
            done += len(block)
            if done > max(RATIO_FROM_BYTES, member.compress_size * MAX_RATIO):
                raise _too_big(file)
            yield block, min(1.0, done / max(1, member.file_size))


def _directory_bytes(stream: IO[bytes]) -> int:
    """What the archive's end says of the size of its directory; 0 where there is no such end.

    Source: APPNOTE.TXT 6.3.10, 4.3.14 to 4.3.16.
    """
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 65_557 - 76))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\5\6")
    size = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if size == 0xFFFFFFFF and at >= 76 and tail[at - 76 : at - 72] == b"PK\6\6":
        size = int.from_bytes(tail[at - 36 : at - 28], "little")
    return size


# --- words ----------------------------------------------------------------------------------------


@contextmanager
def _errors_in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExchangeError(
            _("{file} cannot be read ({reason}).").format(file=file, reason=error.strerror or error),
            _("Check that the file is there and that you may read it."),
            path=str(file),
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _broken(file, str(error)) from error
    except (RuntimeError, NotImplementedError) as error:  # zipfile: a password, an unknown packing
        raise _broken(file, str(error)) from error


def _broken(file: Path, reason: str) -> ExchangeError:
    return ExchangeError(
        _("The archive {file} cannot be read ({reason}). Conversations read before that are kept.").format(
            file=file, reason=reason
        ),
        _("Unpack it and import conversations.json alone."),
        path=str(file),
    )


def _too_big(file: Path) -> ExchangeError:
    return ExchangeError(
        _("{file} holds more than an import takes. Conversations read before that are kept.").format(
            file=file
        ),
        _("Split the file, or unpack it and import conversations.json alone."),
        path=str(file),
    )
