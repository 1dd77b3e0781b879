"""How much memory a run takes, reckoned before it starts from the model's header. Needs no torch.

What torch holds between the way forth and the way back follows the decoder line by line; the rest (weights,
what is learned, the head) is exact up to padding. What real runs held at most was within a tenth of it with a
model of 0.5 billion parameters; tiny ones held up to a third more, as the C library's allocator keeps what
small tensors gave back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from teahouse.models.header import Header
from teahouse_torch.settings import TrainingSettings

PROGRAM_BYTES = 352 << 20
"""Python with torch, once it has taken a step: measured with models too small to count."""
LOGITS_BYTES = 128 << 20
"""Of the float32 logits that are held at one time."""
CPU_FACTS = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a run holds at most.

    Attributes:
        parts: `program`, `weights`, `learned` (what is trained, its gradients and what Adam keeps), `text`
            (what each layer keeps of the tokens of one batch), `head`.
    """

    parts: Mapping[str, int]

    @property
    def total_bytes(self) -> int:
        """All together."""
        return sum(self.parts.values())


def estimate(
    header: Header, settings: TrainingSettings, *, longest: int = 0, has_bfloat16: bool | None = None
) -> Estimate:
    """What a run with these settings takes.

    Args:
        longest: Tokens of the longest example: a row is never shorter.
        has_bfloat16: Whether the processor computes with it; None looks.
    """
    number_bytes = _number_bytes(settings, has_bfloat16)
    length = max(settings.length, longest)
    logits = min(LOGITS_BYTES, 4 * header.vocabulary_size * settings.rows * length)
    return Estimate(
        {
            "program": PROGRAM_BYTES,
            "weights": header.parameter_count * number_bytes,
            "learned": _learned_bytes(header, settings),
            "text": _text_bytes(header, settings, length, number_bytes),
            "head": 3 * logits,  # as they were made, in float32, and once more while they are exponentiated
        }
    )


def has_bfloat16_here() -> bool:
    """Whether this processor computes with bfloat16; False where that cannot be read."""
    try:
        return "avx512_bf16" in CPU_FACTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def _number_bytes(settings: TrainingSettings, has_bfloat16: bool | None) -> int:
    if settings.is_full or settings.precision == "float32":
        return 4
    if settings.precision == "bfloat16" or settings.device not in ("auto", "cpu"):
        return 2
    return 2 if (has_bfloat16_here() if has_bfloat16 is None else has_bfloat16) else 4


def _learned_bytes(header: Header, settings: TrainingSettings) -> int:
    """Float32: gradients and Adam's two means; LoRA's own weights besides."""
    if settings.is_full:
        return 3 * 4 * header.parameter_count
    changed = [tensor.dims for tensor in header.tensors if _is_target(tensor.name, settings)]
    return 4 * 4 * sum(settings.rank * sum(dims) for dims in changed)


def _is_target(name: str, settings: TrainingSettings) -> bool:
    return name.startswith("blk.") and name.removesuffix(".weight").rpartition(".")[2] in settings.targets


def _text_bytes(header: Header, settings: TrainingSettings, length: int, number_bytes: int) -> int:
    tokens = settings.rows * length
    layer = _layer_bytes(header, number_bytes)
    if settings.dropout and not settings.is_full:
        layer += _dropout_bytes(header, settings, number_bytes)
    masks = settings.rows * length**2
    way_back = tokens * layer  # about what one layer's gradients take
    if settings.is_checkpointed:
        return tokens * (header.layers * header.embedding_length * number_bytes + layer) + masks + way_back
    return tokens * layer * header.layers + masks + way_back


def _layer_bytes(header: Header, number_bytes: int) -> int:
    """What one layer keeps of one token, in the order of `Block.forward`."""
    width, (inner, outer) = header.embedding_length, _attention_widths(header)
    in_float32 = 4 if number_bytes < 4 else 0
    norms = 2 * width * (number_bytes + in_float32)
    attention = number_bytes * (4 * inner + 3 * outer)  # before and after turning, seen, laid out again
    return norms + attention + 4 * number_bytes * header.feed_forward_length


def _dropout_bytes(header: Header, settings: TrainingSettings, number_bytes: int) -> int:
    """Each changed matrix of a layer keeps its input once more, and what of it was left out."""
    inputs = {"attn_output": _attention_widths(header)[0], "ffn_down": header.feed_forward_length}
    numbers = sum(inputs.get(name, header.embedding_length) for name in settings.targets)
    return numbers * (number_bytes + 1)


def _attention_widths(header: Header) -> tuple[int, int]:
    """Of all queries, and of all keys."""
    heads, kept = max(header.heads, default=0), max(header.kv_heads, default=0)
    return heads * header.key_length, kept * header.key_length
