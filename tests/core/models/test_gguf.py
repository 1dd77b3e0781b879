"""The GGUF reader: what it reads, what it refuses, and that nothing makes it do anything else."""

from __future__ import annotations

import os
import random
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ModelFileError
from teahouse.models import reader
from teahouse.models.gguf import read_header
from teahouse.models.header import Header, TensorInfo
from teahouse.models.shape import Skipped
from tests.core.models import ggufs


@pytest.fixture
def path(home: Path) -> Path:
    return home / "модель 茶.gguf"


def refusal(path: Path, content: bytes | None = None) -> ModelFileError:
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelFileError) as caught:
        read_header(path)
    error = caught.value
    assert str(path) in error.text
    assert error.data["path"] == str(path)
    assert error.data["reason"] in error.text
    assert error.hint
    return error


def with_value(key: str, item: Any) -> bytes:
    return ggufs.file_bytes({**ggufs.CHAT, key: item})


# --- what it reads --------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [2, 3])
def test_a_sound_file_is_read_whole(path: Path, version: int) -> None:
    header = read_header(ggufs.write(path, version=version))
    assert header.version == version
    assert header.architecture == "llama"
    assert header.name == "Tiny 茶"
    assert (header.context_length, header.layers, header.embedding_length) == (512, 1, 32)
    assert header.vocabulary_size == 3
    assert header.quantization == "Q4_0"
    assert header.parameter_count == 32 * 3 + 32 * 32 + 32
    assert header.kind == "model"
    assert header.is_chat
    assert header.chat_template == "{{ messages }}"
    assert header.metadata["tokenizer.ggml.tokens"] == ("<s>", "</s>", "茶")
    assert header.metadata["tokenizer.ggml.add_bos_token"] is True
    assert header.tensors[1] == TensorInfo("blk.0.attn_q.weight", (32, 32), "Q4_0", 384, 576)
    assert header.data_offset % 32 == 0
    assert header.size_bytes == path.stat().st_size


def test_long_lists_and_texts_are_counted_but_not_kept(path: Path) -> None:
    tokens = [f"token {n}" for n in range(60_000)] + ["x" * (reader.CHUNK_BYTES + 5), "", "end"]
    metadata = {
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": list(range(60_003)),
        "tokenizer.huggingface.json": "j" * (reader.MAX_TEXT_BYTES + 1),
        **{key: item for key, item in ggufs.CHAT.items() if key != "tokenizer.ggml.tokens"},
    }
    header = read_header(ggufs.write(path, metadata))
    assert header.vocabulary_size == 60_003
    assert header.metadata["tokenizer.ggml.tokens"] == Skipped("text", 60_003)
    assert header.metadata["tokenizer.ggml.token_type"] == Skipped("I", 60_003)
    assert header.metadata["tokenizer.huggingface.json"] == Skipped("byte", reader.MAX_TEXT_BYTES + 1)
    assert header.name == "Tiny 茶"
    assert len(header.tensors) == 3


@pytest.mark.parametrize("form", ["B", "b", "H", "h", "I", "i", "f", "?", "Q", "q", "d"])
def test_every_kind_of_number_is_read(path: Path, form: str) -> None:
    kind = {letter: number for number, letter in reader.NUMBERS.items()}[form]
    raw = struct.pack("<I" + form, kind, 1)
    path.write_bytes(with_value("a.number", raw))
    assert read_header(path).metadata["a.number"] == 1


def test_another_alignment_is_followed(path: Path) -> None:
    metadata = {**ggufs.CHAT, "general.alignment": 64}
    one = ggufs.tensor("token_embd.weight", (32, 3), 0, 0)
    two = ggufs.tensor("output_norm.weight", (32,), 0, 384)
    head = ggufs.header_bytes(metadata, (one, two))
    path.write_bytes(head.ljust(ggufs.pad(len(head), 64), b"\0") + bytes(384 + 128))
    assert read_header(path).data_offset == ggufs.pad(len(head), 64)


def test_the_last_tensor_needs_no_padding(path: Path) -> None:
    tensors = (ggufs.tensor("output_norm.weight", (3,), 0, 0),)
    ggufs.write(path, None, tensors, data_bytes=12)
    assert read_header(path).tensors[0].size_bytes == 12


@pytest.mark.parametrize(
    ("metadata", "tensors", "kind"),
    [
        ({"general.type": "adapter"}, ggufs.TENSORS, "adapter"),
        ({"general.type": "mmproj"}, ggufs.TENSORS, "projector"),
        ({"general.architecture": "clip"}, ggufs.TENSORS, "projector"),
        ({"general.architecture": "bert"}, ggufs.TENSORS, "embedder"),
        ({}, (), "vocabulary"),
        ({}, ggufs.TENSORS, "model"),
    ],
)
def test_the_kind_of_a_file_is_told(path: Path, metadata: dict[str, Any], tensors: Any, kind: str) -> None:
    header = read_header(ggufs.write(path, {**ggufs.CHAT, **metadata}, tensors))
    assert header.kind == kind
    assert header.is_chat is (kind == "model")


def test_a_model_without_template_cannot_chat(path: Path) -> None:
    metadata = {key: item for key, item in ggufs.CHAT.items() if key != "tokenizer.chat_template"}
    header = read_header(ggufs.write(path, metadata))
    assert not header.has_chat_template
    assert not header.is_chat
    assert header.chat_template == ""


def test_facts_of_the_wrong_type_count_as_missing(path: Path) -> None:
    odd = {
        "llama.context_length": "long",
        "general.name": 7,
        "llama.block_count": True,
        "general.file_type": 999,
    }
    header = read_header(ggufs.write(path, {**ggufs.CHAT, **odd}))
    assert (header.context_length, header.name, header.layers) == (0, "", 0)
    assert header.quantization == "Q4_0", "falls back to the type with the most bytes"


def test_invalid_utf8_in_a_value_is_shown_replaced(path: Path) -> None:
    path.write_bytes(with_value("general.author", struct.pack("<I", 8) + ggufs.text(b"a\xffb")))
    assert read_header(path).metadata["general.author"] == "a\ufffdb"


@pytest.mark.gguf
def test_the_real_starter_is_read(starter: Path) -> None:
    header = read_header(starter)
    assert header.architecture == "qwen2"
    assert header.quantization == "Q4_K_M"
    assert header.vocabulary_size == 151_936
    assert header.context_length == 32_768
    assert len(header.tensors) == 291
    assert header.is_chat
    assert "<|im_start|>" in header.chat_template
    last = header.tensors[-1]
    assert header.data_offset + last.offset + last.size_bytes <= header.size_bytes


@pytest.mark.gguf
def test_the_real_starter_cut_short_is_refused(starter: Path, path: Path) -> None:
    with starter.open("rb") as stream:
        path.write_bytes(stream.read(8_000_000))
    assert "8000000 bytes" in refusal(path).text


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"GG", "not a GGUF file"),
        (b"GGUF", "ends in the middle"),
        (b"\x00" * 4096, "begins with zeros"),
        (b"PK\x03\x04" + b"x" * 100, "zip archive"),
        (b"\x80\x02}q", "pickle"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS"),
        (b"tjgg\x01\0\0\0", "GGJT"),
        (struct.pack("<Q", 80) + b'{"__metadata__":{}}', "safetensors"),
        (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
        (ggufs.file_bytes(version=1), "version 1, which is too old"),
        (ggufs.file_bytes(version=4), "version 4, which is too new"),
        (random.Random(5).randbytes(5000), "not a GGUF file"),
    ],
)
def test_foreign_files_are_named(path: Path, content: bytes, reason: str) -> None:
    assert reason in refusal(path, content).text


def test_places_that_are_no_file_are_refused(home: Path) -> None:
    assert "does not exist" in refusal(home / "none.gguf").text
    assert "folder" in refusal(home).text
    assert "cannot be read" in refusal(Path("a\0b.gguf")).text
    assert "cannot be read" in refusal(home / ("n" * 300)).text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang_the_reader(home: Path) -> None:
    os.mkfifo(home / "pipe.gguf")
    assert "regular file" in refusal(home / "pipe.gguf").text


def test_a_file_that_may_not_be_read_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ggufs.write(path)

    def deny(*_args: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "Permission denied" in refusal(path).text


def test_one_part_of_several_is_refused_with_the_way_out(path: Path) -> None:
    error = refusal(path, ggufs.file_bytes({"split.no": 1, "split.count": 3, "split.tensors.count": 3}))
    assert "part 2 of a model in 3 files" in error.text
    assert "--merge" in error.hint


def test_a_split_of_one_is_a_whole_model(path: Path) -> None:
    path.write_bytes(with_value("split.count", 1))
    assert read_header(path).architecture == "llama"


@pytest.mark.parametrize("counts", [(2**63, 3), (3, 2**64 - 1), (2**40, 1), (70_000, 1), (3, 20_000)])
def test_absurd_counts_are_refused(path: Path, counts: tuple[int, int]) -> None:
    assert "claims" in refusal(path, ggufs.file_bytes(counts=counts)).text


@pytest.mark.parametrize("count", [2**64 - 1, 2**32, 2**24 + 1, 10**6])
@pytest.mark.parametrize("element", [0, 4, 8, 12])
def test_absurd_lists_are_refused(path: Path, count: int, element: int) -> None:
    refusal(path, with_value("a.list", struct.pack("<IIQ", 9, element, count)))


@pytest.mark.parametrize("length", [2**64 - 1, 2**62, 10**9])
def test_absurd_texts_are_refused(path: Path, length: int) -> None:
    refusal(path, with_value("a.text", struct.pack("<IQ", 8, length)))
    assert (
        "a key"
        in refusal(path, ggufs.header_bytes({}, (), counts=(0, 1)) + struct.pack("<Q", length) * 9).text
    )


def test_lists_of_lists_are_refused(path: Path) -> None:
    inner = struct.pack("<IQ", 9, 1) * 50
    assert "unknown type 9" in refusal(path, with_value("a.nest", struct.pack("<I", 9) + inner)).text


def test_unknown_value_types_are_refused(path: Path) -> None:
    assert "unknown type 13" in refusal(path, with_value("a.value", struct.pack("<II", 13, 0))).text


def test_a_key_twice_is_refused(path: Path) -> None:
    raw = ggufs.header_bytes({"a": 1}, (), counts=(0, 2)) + ggufs.text("a") + ggufs.value(2)
    assert "“a” twice" in refusal(path, raw).text


def test_a_file_without_architecture_is_refused(path: Path) -> None:
    assert "architecture" in refusal(path, ggufs.file_bytes({"general.name": "x"})).text
    assert "architecture" in refusal(path, with_value("general.architecture", 5)).text


@pytest.mark.parametrize("alignment", [0, 3, 48, 2**31, "32"])
def test_a_wrong_alignment_is_refused(path: Path, alignment: Any) -> None:
    assert "alignment" in refusal(path, with_value("general.alignment", alignment)).text


@pytest.mark.parametrize(
    ("tensor", "reason"),
    [
        (ggufs.tensor("t", (32,), 43, 0), "type 43, which is not known"),
        (ggufs.tensor("t", (32,), 4, 0), "type 4, which is not known"),
        (ggufs.tensor("t", (32,), 2**32 - 1, 0), "not known"),
        (ggufs.tensor("t", (33,), 2, 0), "shape 33"),
        (ggufs.tensor("t", (2**62, 2, 2), 0, 0), "shape"),
        (ggufs.tensor("t", (1, 1, 1, 1, 1), 0, 0), "5 dimensions"),
        (ggufs.tensor("t", (32,), 0, 32), "does not lie where it should"),
        (ggufs.tensor("t", (32,), 0, 2**64 - 32), "does not lie where it should"),
        (ggufs.tensor("t" * 64, (32,), 0, 0), "64 bytes long"),
        (ggufs.tensor("t", (1 << 20,), 0, 0), "bytes where its header needs"),
    ],
)
def test_wrong_tensors_are_refused(path: Path, tensor: bytes, reason: str) -> None:
    assert reason in refusal(path, ggufs.file_bytes(None, (tensor,))).text


def test_a_tensor_twice_is_refused(path: Path) -> None:
    twice = (ggufs.tensor("t", (32,), 0, 0), ggufs.tensor("t", (32,), 0, 128))
    assert "“t” twice" in refusal(path, ggufs.file_bytes(None, twice)).text


def test_missing_data_is_told_in_bytes(path: Path) -> None:
    whole = ggufs.file_bytes()
    error = refusal(path, whole[:-1])
    assert f"it has {len(whole) - 1} bytes where its header needs {len(whole)}" in error.text
    assert "download it again" in error.hint


def test_too_much_metadata_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_KEPT_BYTES", 1000)
    big = {f"k{n}": "x" * 100 for n in range(20)}
    assert "values" in refusal(path, ggufs.file_bytes({**ggufs.CHAT, **big})).text


def test_a_header_beyond_the_limit_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_HEADER_BYTES", 20_000_000)
    # A sparse file: the header claims 30 MB of it without a byte being written.
    head = ggufs.header_bytes({"a": struct.pack("<IIQ", 9, 0, 2**24 - 1)}, (), counts=(0, 3))
    path.write_bytes(head)
    os.truncate(path, 40_000_000)
    second = head + bytes(2**24 - 1) + ggufs.text("b") + struct.pack("<IIQ", 9, 0, 2**24 - 1)
    with path.open("r+b") as stream:
        stream.write(second)
    assert "larger than 19 MB" in refusal(path).text


# --- whatever it is given -------------------------------------------------------------------------


def test_every_truncation_is_refused(path: Path) -> None:
    whole = ggufs.file_bytes()
    offsets = [*range(0, len(ggufs.header_bytes())), *range(len(ggufs.header_bytes()), len(whole), 37)]
    assert len(offsets) >= 50
    for offset in offsets:
        refusal(path, whole[:offset])


EXTREMES = [0, 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1, 2**20, 65_536]


def mutate(whole: bytes, header_length: int, dice: random.Random) -> bytes:
    """One to four damages of the kinds that bad disks, bad networks and bad people cause."""
    raw = bytearray(whole)
    for _number in range(dice.randint(1, 4)):
        at = dice.randrange(header_length)
        damage = dice.randrange(5)
        if damage == 0:
            raw[at % len(raw)] ^= 1 << dice.randrange(8)
        elif damage == 1:
            raw[at : at + 8] = struct.pack("<Q", dice.choice(EXTREMES))
        elif damage == 2:
            raw[at : at + 4] = struct.pack("<I", dice.choice(EXTREMES) & 0xFFFFFFFF)
        elif damage == 3:
            del raw[at : at + dice.randint(1, 40)]
        else:
            raw[at:at] = raw[dice.randrange(header_length) :][: dice.randint(1, 40)]
    return bytes(raw)


def overwrite(path: Path, content: bytes) -> None:
    """Like `write_bytes`, without emptying the file first, which makes some file systems flush each time."""
    with path.open("r+b", buffering=0) as stream:
        stream.write(content)
        stream.truncate()


def test_ten_thousand_mutations_end_in_a_header_or_a_clear_error(path: Path) -> None:
    dice, whole, length = random.Random(20_261_121), ggufs.file_bytes(), len(ggufs.header_bytes())
    path.write_bytes(whole)
    read, refused = 0, 0
    tracemalloc.start()
    try:
        for _number in range(10_000):
            overwrite(path, mutate(whole, length, dice))
            try:
                assert isinstance(read_header(path), Header)
                read += 1
            except ModelFileError as error:
                assert str(path) in error.text
                refused += 1
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert read + refused == 10_000
    assert read > 100, "some damage is harmless, or the test would prove nothing"
    assert refused > 5_000
    assert peak_bytes < 64 << 20


def test_a_large_vocabulary_takes_no_memory(path: Path) -> None:
    tokens = struct.pack("<IIQ", 9, 8, 400_000) + struct.pack("<Q3s", 3, b"tok") * 400_000
    path.write_bytes(with_value("tokenizer.list", tokens))
    tracemalloc.start()
    try:
        assert read_header(path).metadata["tokenizer.list"] == Skipped("text", 400_000)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 2 << 20
