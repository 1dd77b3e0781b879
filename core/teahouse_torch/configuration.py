"""What a decoder must know of its model, from the metadata of a GGUF file.

Source: `llama_model::load_hparams` of llama.cpp for each architecture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from teahouse.errors import ModelFileError
from teahouse.language import _
from teahouse.models.gguf import file_error
from teahouse_torch.weights import Weights

FAMILIES = ("llama", "qwen2", "qwen3", "qwen3moe", "gemma3")
"""Architectures that the decoder computes exactly; Mistral and Mixtral are of `llama`."""

GEMMA3_LOCAL_BASE = 10_000.0
GEMMA3_PATTERN = 6
GEMMA3_27B_LAYERS = 62

Scaling = Literal["none", "linear", "yarn"]


@dataclass(frozen=True, slots=True)
class Rope:
    """How positions turn queries and keys.

    Attributes:
        is_interleaved: Pairs are neighbours (2i, 2i + 1), as in `llama`; else halves (i, i + n / 2).
        factor: By how much the context was stretched; 1 for not at all.
        original_context: Tokens before it was stretched (YaRN).
    """

    base: float
    is_interleaved: bool
    scaling: Scaling = "none"
    factor: float = 1.0
    original_context: int = 0
    attention_factor: float = 1.0
    beta_fast: float = 32.0
    beta_slow: float = 1.0


@dataclass(frozen=True, slots=True)
class Configuration:
    """The numbers of one network.

    Attributes:
        head_size: Numbers in one head of query, key and value.
        attention_scale: What scores are multiplied with before the softmax.
        window: Tokens that a local layer looks back on; 0: all layers look back on all.
        pattern: Every so many layers one is not local.
        local_rope: Of the local layers.
        embedding_scale: What embeddings are multiplied with (gemma3: √width).
        has_shifted_norm: Whether the norms' weights mean 1 + w; GGUF files hold 1 + w already.
        expert_size: Width of one expert's feed-forward part.
    """

    architecture: str
    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    vocabulary: int
    context: int
    epsilon: float
    rope: Rope
    attention_scale: float
    activation: Literal["silu", "gelu"] = "silu"
    embedding_scale: float = 1.0
    window: int = 0
    pattern: int = 1
    local_rope: Rope | None = None
    experts: int = 0
    used_experts: int = 0
    expert_size: int = 0

    def is_local(self, layer: int) -> bool:
        """Whether a layer (from 0) looks back only on `window` tokens."""
        return self.window > 0 and (layer + 1) % self.pattern != 0


def read_configuration(weights: Weights) -> Configuration:
    """The configuration of a model that the decoder can compute.

    Raises:
        ModelFileError: Its architecture, or something in it, is not supported; named in words.
    """
    return _Reading(weights).configuration()


class _Reading:
    """Reads one file's metadata and refuses what would be computed wrongly."""

    def __init__(self, weights: Weights) -> None:
        self._weights, self._header = weights, weights.header
        self._architecture = self._header.architecture

    def configuration(self) -> Configuration:
        name = self._architecture
        if name not in FAMILIES:
            raise self._refused(_("its architecture “{name}” cannot be trained here").format(name=name))
        header = self._header
        if len(set(header.heads)) > 1 or len(set(header.kv_heads)) > 1:
            raise self._refused(_("its layers have different numbers of heads"))
        heads, width = max(header.heads, default=0), header.embedding_length
        head_size = header.key_length
        if not (heads and width and head_size and header.layers):
            raise self._refused(_("its header does not tell the network's sizes"))
        if header.value_length != head_size:
            raise self._refused(_("its keys and values have different sizes"))
        rotated = self._number("rope.dimension_count", head_size)
        if rotated != head_size:
            raise self._refused(_("only a part of each head is rotated"))
        return Configuration(
            architecture=name,
            layers=header.layers,
            width=width,
            heads=heads,
            kv_heads=max(header.kv_heads),
            head_size=head_size,
            feed_forward=int(self._number("feed_forward_length", 0)),
            vocabulary=self._weights.shape("token_embd.weight")[0],
            context=header.context_length,
            epsilon=self._number("attention.layer_norm_rms_epsilon", 1e-6),
            rope=self._rope(),
            attention_scale=self._attention_scale(width, heads, head_size),
            experts=header.experts,
            used_experts=header.used_experts,
            expert_size=self._expert_size(),
            **(self._gemma3(width) if name == "gemma3" else {}),
        )

    def _gemma3(self, width: int) -> dict[str, Any]:
        window = int(self._number("attention.sliding_window", 0))
        base = self._number("rope.freq_base_swa", GEMMA3_LOCAL_BASE)
        return {
            "activation": "gelu",
            "embedding_scale": width**0.5,
            "window": window,
            "pattern": GEMMA3_PATTERN,
            "local_rope": Rope(base, is_interleaved=False),
        }

    def _attention_scale(self, width: int, heads: int, head_size: int) -> float:
        if self._architecture == "gemma3" and self._header.layers == GEMMA3_27B_LAYERS:
            return float((width / heads) ** -0.5)
        return float(head_size**-0.5)

    def _expert_size(self) -> int:
        if not self._header.experts:
            return 0
        return int(self._number("expert_feed_forward_length", self._number("feed_forward_length", 0)))

    def _rope(self) -> Rope:
        scaling = self._text("rope.scaling.type") or "none"
        factor = self._number("rope.scaling.factor", 1.0) or 1.0
        if scaling not in ("none", "linear", "yarn"):
            raise self._refused(_("its positions are scaled by “{name}”").format(name=scaling))
        original = int(self._number("rope.scaling.original_context_length", self._header.context_length))
        return Rope(
            base=self._number("rope.freq_base", 10_000.0),
            is_interleaved=self._architecture == "llama",
            scaling=scaling,  # type: ignore[arg-type]
            factor=factor if scaling != "none" else 1.0,
            original_context=original,
            attention_factor=self._number("rope.scaling.attn_factor", 1.0),
            beta_fast=self._number("rope.scaling.yarn_beta_fast", 32.0),
            beta_slow=self._number("rope.scaling.yarn_beta_slow", 1.0),
        )

    def _number(self, name: str, default: float) -> float:
        value = self._header.metadata.get(f"{self._architecture}.{name}")
        value = max(value, default=None) if isinstance(value, tuple) else value  # type: ignore[type-var]
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else default

    def _text(self, name: str) -> str:
        return self._header.text(f"{self._architecture}.{name}")

    def _refused(self, reason: str) -> ModelFileError:
        hint = _("Models of these families can be trained: {names}.").format(names=", ".join(FAMILIES))
        return file_error(self._weights.path, reason, hint)
