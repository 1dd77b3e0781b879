"""The numbers of a network as the metadata of its file tells them: layers, heads, widths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST_LAYERS = 1024
"""llama.cpp loads no model with more; a file that claims more makes no longer lists here."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A value too long to keep: a list of `count` elements, or a text of `count` bytes."""

    type: str
    count: int


Scalar = bool | int | float | str
Value = Scalar | Skipped | tuple[Scalar | Skipped, ...]


class Shape:
    """What can be read from `metadata` alone.

    Attributes:
        metadata: Every key; long values are `Skipped`.
    """

    __slots__ = ()
    metadata: Mapping[str, Value]

    @property
    def architecture(self) -> str:
        """`qwen2`, `llama`, …: the family of networks; never empty."""
        return self.text("general.architecture")

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
    def vocabulary_size(self) -> int:
        """Number of tokens; 0 if the file does not say."""
        tokens = self.metadata.get("tokenizer.ggml.tokens")
        if isinstance(tokens, Skipped):
            return tokens.count
        return len(tokens) if isinstance(tokens, tuple) else self._of_architecture("vocab_size")

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
