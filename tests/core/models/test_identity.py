"""The identity of a model file: equal for copies, different for other content, cheap."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ModelFileError
from teahouse.models.identity import SAMPLE_BYTES, SAMPLES, model_hash
from tests.core.models import ggufs


@pytest.fixture
def path(home: Path) -> Path:
    return ggufs.write(home / "модель 茶.gguf")


def test_a_copy_has_the_same_identity(path: Path, home: Path) -> None:
    copy = home / "copy.gguf"
    copy.write_bytes(path.read_bytes())
    assert model_hash(copy) == model_hash(path)
    assert len(model_hash(path)) == 64


@pytest.mark.parametrize("at", [0.0, 0.5, 1.0])
def test_other_data_is_another_identity(path: Path, home: Path, at: float) -> None:
    raw = bytearray(path.read_bytes())
    start = len(raw) - ggufs.DATA_BYTES
    raw[start + int((ggufs.DATA_BYTES - 1) * at)] ^= 1
    other = home / "other.gguf"
    other.write_bytes(raw)
    assert model_hash(other) != model_hash(path)


def test_another_header_is_another_identity(path: Path, home: Path) -> None:
    other = ggufs.write(home / "other.gguf", {**ggufs.CHAT, "tokenizer.chat_template": "{{ other }}"})
    assert model_hash(other) != model_hash(path)


def test_a_large_file_is_only_sampled(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elements = 1 << 26
    big = ggufs.write(home / "big.gguf", None, (ggufs.tensor("t", (elements,), 0, 0),), data_bytes=32)
    with big.open("r+b") as stream:
        stream.truncate(big.stat().st_size - 32 + elements * 4)
    read_bytes = []
    open_file = Path.open

    def counting(self: Path, *args: Any, **options: Any) -> Any:
        stream = open_file(self, *args, **options)
        if not options:
            read = stream.read
            stream.read = lambda count: read_bytes.append(count) or read(count)  # type: ignore[method-assign,func-returns-value]
        return stream

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", counting)
        first = model_hash(big)
    assert 0 < sum(read_bytes) < (SAMPLES + 1) * SAMPLE_BYTES < big.stat().st_size // 10
    with big.open("r+b") as stream:
        stream.seek(-1, 2)
        stream.write(b"x")
    assert model_hash(big) != first


def test_a_broken_file_has_none(path: Path) -> None:
    path.write_bytes(b"GGUF")
    with pytest.raises(ModelFileError, match="in the middle"):
        model_hash(path)
