"""What the header of a GGUF file says about its model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal, NamedTuple

from teahouse.models.quantization import FILE_TYPES
from teahouse.models.shape import Shape, Value

Kind = Literal["model", "embedder", "adapter", "projector", "vocabulary"]

ENCODERS = ("bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "modern-bert",
            "eurobert", "gemma-embedding", "t5encoder")  # fmt: skip
"""Architectures that turn text into vectors and cannot write."""


class TensorInfo(NamedTuple):
    """One tensor; `offset` counts bytes from the start of the data section."""

    name: str
    dims: tuple[int, ...]
    type: str
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Header(Shape):
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
    def has_tied_output(self) -> bool:
        """Whether the output is computed with the table of the input's tokens."""
        return all(tensor.name != "output.weight" for tensor in self.tensors)

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
