"""How much memory a model takes, reckoned from its header alone: weights, context, computing.

What comes later and only if there is room is told apart: states of what was read (`engine.cache`). A context
for vectors, made when one is first asked for, is not counted.

Rough on purpose. Weights and context are exact up to padding; the rest follows the largest tensors that
llama.cpp's graph holds at one time, checked against the sizes it prints for the starter model.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from teahouse.engine import cache
from teahouse.engine.configuration import EngineConfig
from teahouse.models.header import Header

KV_BYTES = {"f16": (1, 2), "q8_0": (32, 34), "q4_0": (32, 18)}
"""Cache type → (numbers, bytes) of one of its blocks."""
CONTEXT_STEP = 256
"""llama.cpp rounds a context up to a multiple of this."""
PROCESS_BYTES = 80 << 20
"""Python, the libraries and what the child keeps besides its model."""
TOKEN_BYTES = 360
"""What one token of the vocabulary takes in llama.cpp's tables and ours."""

BLOCK = re.compile(r"blk\.(\d+)\.(.+)")
WITHOUT_CACHE = ("ssm_", "time_mix_", "shortconv.")
"""Names of tensors of recurrent layers, which keep a small state instead of keys and values."""
WITH_CACHE = ("attn_k.", "attn_kv_", "attn_q_a")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes that a model takes with one configuration.

    Attributes:
        weights: All tensors, those counted twice that lie in two places.
        context: Keys and values of every token in view.
        compute: The largest buffers of one step, of the machine and of every device.
        process: The child itself.
        host: Of all these, what lies in the machine's memory.
        devices: What lies on each device, in the order of the configuration's `devices`.
        states: What states of other branches and conversations may come to take, at most, in the machine's
            memory. It is in no sum: `fit.plan` bounds it by what all else leaves free.
    """

    weights: int
    context: int
    compute: int
    process: int
    host: int
    devices: tuple[int, ...] = ()
    states: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.host + sum(self.devices)


@dataclass(frozen=True, slots=True)
class Slots:
    """What one configuration makes of a model: what can be placed, layer by layer.

    A slot is a block of the model, or its output, which comes last: llama.cpp counts both as “GPU layers”
    and places the last ones first. Sizes in bytes.

    Attributes:
        weights: Of each slot; the output's once more where the input's table serves as output.
        context: Keys and values of each slot; the output has none.
        rest: Weights that always stay in the machine's memory.
        tied: How much of the output's slot lies in `rest` too while the output is not moved.
    """

    weights: tuple[int, ...]
    context: tuple[int, ...]
    rest: int
    tied: int

    @property
    def sizes(self) -> tuple[int, ...]:
        """Weights with context of each slot."""
        return tuple(map(sum, zip(self.weights, self.context, strict=True)))


def slots(header: Header, config: EngineConfig) -> Slots:
    """The parts of a model that can be placed one by one."""
    blocks, outside = _weights(header)
    per_token = cache_bits(header, config)
    tokens = padded_context(header, config)
    context = [tokens * bits // 8 for bits in per_token]
    embedding = outside.pop("token_embd", 0)
    output = sum(size for name, size in outside.items() if name.startswith("output"))
    tied = embedding if header.has_tied_output else 0
    rest = embedding + sum(size for name, size in outside.items() if not name.startswith("output"))
    return Slots((*blocks, output + tied), (*context, 0), rest, tied)


def estimate(header: Header, config: EngineConfig, *, share: Sequence[int] = ()) -> Estimate:
    """What a model takes.

    Args:
        share: Slots on each device in turn, so that the last device has the output; empty for none.
    """
    parts = slots(header, config)
    step = compute_bytes(header, config)
    placed = sum(share)
    stay = len(parts.weights) - placed
    starts = [stay + before for before in accumulate(share, initial=0)]
    used = [sum(parts.sizes[at : at + count]) for at, count in zip(starts, share, strict=False)]
    devices = tuple(size + step if count else 0 for size, count in zip(used, share, strict=True))
    process = PROCESS_BYTES + TOKEN_BYTES * header.vocabulary_size
    host_weights = parts.rest + sum(parts.weights[:stay]) - (0 if placed else parts.tied)
    host_step = step if stay else compute_bytes(header, config, has_output=False)
    host = host_weights + sum(parts.context[:stay]) + host_step + process
    return Estimate(
        weights=host_weights + sum(parts.weights[stay:]),
        context=sum(parts.context),
        compute=host_step + step * sum(1 for count in share if count),
        process=process,
        host=host,
        devices=devices,
        states=cache.limit_bytes() if config.states_bytes < 0 else config.states_bytes,
    )


def cache_bits(header: Header, config: EngineConfig) -> list[int]:
    """Bits that one token's keys and values take in each layer."""
    key = _bits(header.key_length, config.kv_type)
    value = _bits(header.value_length, config.value_type)
    if header.is_latent:
        value = 0
    has_cache = _cached_layers(header)
    return [heads * (key + value) if layer in has_cache else 0 for layer, heads in enumerate(header.kv_heads)]


def compute_bytes(header: Header, config: EngineConfig, *, has_output: bool = True) -> int:
    """The largest buffer of one step, in bytes.

    The greater of the output (logits with two hidden states) and one layer: its feed-forward part, or
    attention with its mask, which without flash attention holds every head's weights for the whole context.
    """
    batch, width = min(config.batch, padded_context(header, config)), header.embedding_length
    tokens = padded_context(header, config)
    heads = 0 if config.flash_attention != "off" else max(header.heads, default=0)
    attention = tokens * (heads + 1) + 6 * width
    feed_forward = 3 * header.feed_forward_length + 4 * width
    output = header.vocabulary_size + 2 * width if has_output else 0
    return batch * 4 * max(attention, feed_forward, output)


def padded_context(header: Header, config: EngineConfig) -> int:
    """Tokens that the context really holds: no more than the model was trained on, rounded up."""
    wanted = min(config.context, header.context_length or config.context)
    return -(-wanted // CONTEXT_STEP) * CONTEXT_STEP


def can_quantize_cache(header: Header) -> bool:
    """Whether llama.cpp can keep this model's keys and values as q8_0: a head is whole blocks."""
    block = KV_BYTES["q8_0"][0]
    return all(length and length % block == 0 for length in (header.key_length, header.value_length))


def _bits(numbers: int, kv_type: str) -> int:
    count, size_bytes = KV_BYTES[kv_type]
    return numbers * size_bytes * 8 // count


def _weights(header: Header) -> tuple[list[int], Counter[str]]:
    """Bytes of each block, and of what lies outside of all blocks by the first part of its name."""
    blocks = [0] * len(header.kv_heads)
    outside: Counter[str] = Counter()
    for tensor in header.tensors:
        found = BLOCK.match(tensor.name)
        if found and int(found[1]) < len(blocks):
            blocks[int(found[1])] += tensor.size_bytes
        else:
            outside[tensor.name.partition(".")[0]] += tensor.size_bytes
    return blocks, outside


def _cached_layers(header: Header) -> set[int]:
    """Layers that keep keys and values: all but those with nothing but recurrent tensors."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for found in (BLOCK.match(tensor.name) for tensor in header.tensors):
        if found:
            names[int(found[1])].append(found[2])
    recurrent = {layer for layer, held in names.items() if _is_recurrent(held)}
    return set(range(len(header.kv_heads))) - recurrent


def _is_recurrent(names: Iterable[str]) -> bool:
    held = list(names)
    has_state = any(name.startswith(WITHOUT_CACHE) for name in held)
    return has_state and not any(name.startswith(WITH_CACHE) for name in held)
