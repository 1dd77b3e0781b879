"""Which model made a reply: an identity of a file's content that costs little."""

from __future__ import annotations

import hashlib
from pathlib import Path

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
