"""What the header of a GGUF file says about its model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

from teahouse.models.quantization import FILE_TYPES

Kind = Literal["model", "embedder", "adapter", "projector", "vocabulary"]

ENCODERS = ("bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "modern-bert",
            "eurobert", "gemma-embedding", "t5encoder")  # fmt: skip
"""Architectures that turn text into vectors and cannot write."""

MOST_LAYERS = 1024
"""llama.cpp loads no model with more; a file that claims more makes no longer lists here."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A value too long to keep: a list of `count` elements, or a text of `count` bytes."""

    type: str
    count: int


Scalar = bool | int | float | str
Value = Scalar | Skipped | tuple[Scalar | Skipped, ...]


class TensorInfo(NamedTuple):
    """One tensor; `offset` counts bytes from the start of the data section."""

    name: str
    dims: tuple[int, ...]
    type: str
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Header:
    """A checked GGUF header.

    Attributes:
        version: Of the format, 2 or 3.
        size_bytes: Length of the whole file.
        data_offset: Where the tensors' data starts, in bytes from the start of the file.
        metadata: Every key; long values are `Skipped`.
    """

    version: int
    size_bytes: int
    data_offset: int
    metadata: Mapping[str, Value]
    tensors: tuple[TensorInfo, ...]

    @property
    def architecture(self) -> str:
        """`qwen2`, `llama`, …: the family of networks; never empty."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The model's own name; empty where it has none."""
        return self.text("general.name")

    @property
    def kind(self) -> Kind:
        """What the file holds; only a `model` can chat."""
        declared = self.text("general.type")
        if declared == "adapter" or "adapter.type" in self.metadata:
            return "adapter"
        if declared in ("mmproj", "clip") or self.architecture == "clip":
            return "projector"
        if not self.tensors:
            return "vocabulary"
        return "embedder" if self.architecture in ENCODERS else "model"

    @property
    def is_chat(self) -> bool:
        """Whether it can write and brings the template that chatting needs."""
        return self.kind == "model" and self.has_chat_template

    @property
    def has_chat_template(self) -> bool:
        """Whether the file carries a chat template."""
        return bool(self.metadata.get("tokenizer.chat_template"))

    @property
    def chat_template(self) -> str:
        """The template's Jinja source; empty where there is none."""
        return self.text("tokenizer.chat_template")

    @property
    def parameter_count(self) -> int:
        """Numbers in all tensors."""
        return sum(prod(tensor.dims) for tensor in self.tensors)

    @property
    def context_length(self) -> int:
        """Tokens the model was trained to keep in view; 0 if the file does not say."""
        return self._of_architecture("context_length")

    @property
    def layers(self) -> int:
        """Number of blocks; 0 if the file does not say."""
        return self._of_architecture("block_count")

    @property
    def embedding_length(self) -> int:
        """Width of the hidden state; 0 if the file does not say."""
        return self._of_architecture("embedding_length")

    @property
    def heads(self) -> tuple[int, ...]:
        """Attention heads of each layer; 0 where the file does not say."""
        return self._of_layers("attention.head_count", (0,))

    @property
    def kv_heads(self) -> tuple[int, ...]:
        """Heads of each layer whose keys and values are kept; those of `heads` if the file does not say."""
        return self._of_layers("attention.head_count_kv", self.heads)

    @property
    def key_length(self) -> int:
        """Numbers in one head's key; 0 if it cannot be known."""
        return self._of_architecture("attention.key_length") or self._head_width

    @property
    def value_length(self) -> int:
        """Numbers in one head's value; 0 if it cannot be known."""
        return self._of_architecture("attention.value_length") or self._head_width

    @property
    def is_latent(self) -> bool:
        """Whether keys and values are kept as one latent vector (MLA): then no values are kept."""
        return self._of_architecture("attention.key_length_mla") > 0

    @property
    def sliding_window(self) -> int:
        """Tokens that windowed layers look back on; 0 without such layers."""
        return self._of_architecture("attention.sliding_window")

    @property
    def feed_forward_length(self) -> int:
        """Width of the widest feed-forward part that one token passes, all its experts together."""
        dense = max(self._of_layers("feed_forward_length", (0,)), default=0)
        return max(dense, self._of_architecture("expert_feed_forward_length") * self.used_experts)

    @property
    def experts(self) -> int:
        """Experts in a layer; 0 for a dense model."""
        return self._of_architecture("expert_count")

    @property
    def used_experts(self) -> int:
        """Experts that one token passes; 0 for a dense model."""
        return self._of_architecture("expert_used_count")

    @property
    def has_tied_output(self) -> bool:
        """Whether the output is computed with the table of the input's tokens."""
        return all(tensor.name != "output.weight" for tensor in self.tensors)

    @property
    def vocabulary_size(self) -> int:
        """Number of tokens; 0 if the file does not say."""
        tokens = self.metadata.get("tokenizer.ggml.tokens")
        if isinstance(tokens, Skipped):
            return tokens.count
        return len(tokens) if isinstance(tokens, tuple) else self._of_architecture("vocab_size")

    @property
    def file_type(self) -> int | None:
        """`general.file_type`, a key of `quantization.FILE_TYPES`; None if the file does not say."""
        return self.number("general.file_type") if "general.file_type" in self.metadata else None

    @property
    def quantization(self) -> str:
        """`Q4_K_M`, `F16`, …: as declared, else the type that holds the most bytes; empty without tensors."""
        if self.file_type in FILE_TYPES:
            return FILE_TYPES[self.file_type]
        held: Counter[str] = Counter()
        for tensor in self.tensors:
            held[tensor.type] += tensor.size_bytes
        return held.most_common(1)[0][0] if held else ""

    def text(self, key: str) -> str:
        """A text of the metadata; empty where it is missing or something else."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """A whole number of the metadata, 0 or more; 0 where it is missing or something else."""
        value = self.metadata.get(key)
        return max(value, 0) if isinstance(value, int) and not isinstance(value, bool) else 0

    @property
    def _head_width(self) -> int:
        most = max(self.heads, default=0)
        return self.embedding_length // most if most else 0

    def _of_layers(self, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """A number that the file gives once for all layers or for each of them."""
        value = self.metadata.get(f"{self.architecture}.{name}")
        found = value if isinstance(value, tuple) else (value,) if isinstance(value, int) else ()
        numbers = tuple(n if isinstance(n, int) and n > 0 else 0 for n in found) or default
        count = min(self.layers, MOST_LAYERS)
        return (numbers + (numbers[-1] if numbers else 0,) * count)[:count]

    def _of_architecture(self, name: str) -> int:
        return self.number(f"{self.architecture}.{name}")
