"""The converter: which files it takes. That its output has the right bytes, the download checks by hash."""

from __future__ import annotations

import struct
from pathlib import Path

import gguf
import numpy as np
import pytest

from teahouse.errors import ModelFileError
from teahouse.models.gguf import read_header
from teahouse_documents.embedding.converter import convert

WIDTH, INNER, LAYERS, ROWS = 32, 64, 1, 6
PIECES = [b"<s>", b"<pad>", b"</s>", b"<unk>", b"a"]


def source() -> bytes:
    """A tiny file of the layout, with a row in the table that no token has."""
    rng = np.random.default_rng(0)
    tensors: list[tuple[str, int, bytes]] = []

    def matrix(name: str, rows: int, columns: int) -> None:
        tensors.append((name, 2, rng.bytes(rows * columns // 32 * 18)))

    def vector(name: str, length: int) -> None:
        tensors.append((name, 0, rng.normal(size=length).astype("<f4").tobytes()))

    matrix("emb.word", ROWS, WIDTH)
    matrix("emb.pos", 8, WIDTH)
    matrix("emb.type", 1, WIDTH)
    vector("emb.ln.w", WIDTH)
    vector("emb.ln.b", WIDTH)
    for name in ("q", "k", "v", "ao"):
        matrix(f"l0.{name}.w", WIDTH, WIDTH)
        vector(f"l0.{name}.b", WIDTH)
    matrix("l0.fi.w", INNER, WIDTH)
    vector("l0.fi.b", INNER)
    matrix("l0.fo.w", WIDTH, INNER)
    vector("l0.fo.b", WIDTH)
    for name in ("aln", "oln"):
        vector(f"l0.{name}.w", WIDTH)
        vector(f"l0.{name}.b", WIDTH)
    head = b"E5S1" + struct.pack("<i7ifi", 1, WIDTH, LAYERS, 2, INNER, ROWS, 8, 1, 1e-5, 32)
    text = b"".join(PIECES)
    ends = np.cumsum([0, *map(len, PIECES)]).astype("<u4").tobytes()
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(text)) + ends
    head += np.zeros(len(PIECES), "<f4").tobytes() + text + struct.pack("<iI", 0, 0)
    table_bytes = 4 + sum(2 + len(name) + 21 for name, _kind, _data in tensors)
    offset, table = len(head) + table_bytes, struct.pack("<i", len(tensors))
    for name, kind, data in tensors:
        table += (
            struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, 0, offset, len(data))
        )
        offset += len(data)
    return head + table + b"".join(data for _name, _kind, data in tensors)


def test_the_weights_are_copied_byte_for_byte(tmp_path: Path) -> None:
    data = source()
    (tmp_path / "in").write_bytes(data)
    convert(tmp_path / "in", tmp_path / "out.gguf")
    header = read_header(tmp_path / "out.gguf")
    assert (header.kind, header.name, header.embedding_length) == ("embedder", "multilingual-e5-small", WIDTH)
    tensors = {tensor.name: tensor for tensor in gguf.GGUFReader(tmp_path / "out.gguf").tensors}
    word = tensors["token_embd.weight"]
    assert list(word.shape) == [WIDTH, len(PIECES)]
    assert bytes(word.data.tobytes()) in data
    assert bytes(tensors["blk.0.ffn_down.weight"].data.tobytes()) in data
    assert len(tensors) == 5 + 16
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["in", "out.gguf"]
    first = (tmp_path / "out.gguf").read_bytes()
    convert(tmp_path / "in", tmp_path / "out.gguf")
    assert (tmp_path / "out.gguf").read_bytes() == first


@pytest.mark.parametrize("length", [0, 3, 4, 40, 100, 300])
def test_another_file_is_refused(tmp_path: Path, length: int) -> None:
    (tmp_path / "in").write_bytes(source()[:length])
    with pytest.raises(ModelFileError):
        convert(tmp_path / "in", tmp_path / "out.gguf")
