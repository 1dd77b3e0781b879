"""Which model made a reply: an identity of a file's content that costs little."""

from __future__ import annotations

import hashlib
from pathlib import Path

from teahouse.errors import ModelFileError
from teahouse.language import _
from teahouse.models.gguf import read_header

SAMPLES = 64
SAMPLE_BYTES = 64 << 10


def model_hash(path: Path) -> str:
    """SHA-256 over the header's bytes, the file's length and 64 blocks of 64 KiB spread evenly over the data.

    It tells models and quantizations apart without reading gigabytes at each load. It is no proof of
    integrity: a byte changed between the blocks goes unseen.

    Raises:
        ModelFileError: The file is no usable GGUF.
    """
    header = read_header(path)
    digest = hashlib.sha256(b"teahouse model 1\n%d\n" % header.size_bytes)
    spread = max(header.size_bytes - SAMPLE_BYTES - header.data_offset, 0)
    with path.open("rb") as stream:
        digest.update(stream.read(header.data_offset))
        for number in range(SAMPLES):
            stream.seek(header.data_offset + spread * number // (SAMPLES - 1))
            digest.update(stream.read(SAMPLE_BYTES))
    return digest.hexdigest()


class Contents:
    """SHA-256 of files, remembered as long as they stay as they are."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], str] = {}

    def of(self, path: Path | str) -> str:
        """Of one file.

        Raises:
            ModelFileError: It cannot be read.
        """
        try:
            status = Path(path).stat()
            key = (str(path), status.st_size, status.st_mtime_ns)
            if key not in self._known:
                with Path(path).open("rb") as stream:
                    self._known[key] = hashlib.file_digest(stream, "sha256").hexdigest()
            return self._known[key]
        except OSError as error:
            raise ModelFileError(
                _("{file} cannot be read: {reason}.").format(file=path, reason=error.strerror),
                _("Check the path and who may read the file."),
                path=str(path),
            ) from error
