"""Tiny rerankers, written as GGUF, whose scores can be told beforehand: the more of one word, the higher.

Every token has a vector; the attention takes the mean of all of them, and the head reads one number of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np

WIDTH, HEADS, INNER, CONTEXT = 32, 2, 64, 512
GOOD, CONTROL_AT = 3, 5
"""The number of a vector that the word `rust` raises, and the one that a control token raises."""
WORDS = ("rust", "iron", "tea", "house", "opens", "nine", "water", "eats", "?", ".")
TEMPLATE = "<|q|>{query}<|d|>{document}<|e|>"
CONTROLS = ("<|q|>", "<|d|>", "<|e|>", "<|x|>")


def write_bert(path: Path, *, has_head: bool = True, is_declared: bool = True) -> Path:
    """An encoder with a classifying head, as bge-reranker and jina-reranker are."""
    writer = gguf.GGUFWriter(str(path), "bert")
    _describe(writer)
    writer.add_layer_norm_eps(1e-6)
    writer.add_causal_attention(False)
    writer.add_token_type_count(2)
    if is_declared:
        writer.add_pooling_type(gguf.PoolingType.RANK)
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokens = [*special, *(f"\u2581{word}" for word in WORDS)]  # as llama.cpp writes words' beginnings
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([gguf.TokenType.CONTROL] * 5 + [gguf.TokenType.NORMAL] * len(WORDS))
    for name, token in (("pad", 0), ("unk", 1), ("bos", 2), ("sep", 3), ("eos", 3), ("mask", 4)):
        getattr(writer, f"add_{name}_token_id")(token)
    table = _table(len(tokens))
    table[5, GOOD] = 4.0
    tensors = {
        "token_embd.weight": table,
        "position_embd.weight": np.zeros((CONTEXT, WIDTH), np.float32),
        "token_types.weight": np.zeros((2, WIDTH), np.float32),
        **_norm("token_embd_norm"),
        **_norm("blk.0.attn_output_norm"),
        **_norm("blk.0.layer_output_norm"),
    }
    for name in ("attn_q", "attn_k"):  # nothing is nearer than anything else: the mean of all tokens
        tensors |= _linear(f"blk.0.{name}", np.zeros((WIDTH, WIDTH)))
    for name in ("attn_v", "attn_output"):
        tensors |= _linear(f"blk.0.{name}", np.eye(WIDTH))
    tensors |= _linear("blk.0.ffn_up", np.zeros((INNER, WIDTH)))
    tensors |= _linear("blk.0.ffn_down", np.zeros((WIDTH, INNER)))
    if has_head:
        tensors |= _linear("cls", np.eye(WIDTH) * 0.2)
        tensors |= _linear("cls.output", np.eye(WIDTH)[GOOD : GOOD + 1])
    return _finish(writer, tensors, path)


def write_qwen(path: Path) -> Path:
    """A writer with a head of two (yes, no) and a template of its own, as Qwen3-Reranker is."""
    writer = gguf.GGUFWriter(str(path), "qwen3")
    _describe(writer)
    writer.add_head_count_kv(HEADS)
    writer.add_key_length(WIDTH // HEADS)
    writer.add_value_length(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10_000.0)
    writer.add_pooling_type(gguf.PoolingType.RANK)
    writer.add_classifier_output_labels(["yes", "no"])
    letters = [chr(code) for code in [*range(33, 127), *range(161, 173), *range(174, 256)]]
    letters += [chr(256 + place) for place in range(256 - len(letters))]  # as GPT-2 writes bytes
    tokens = [*letters, *CONTROLS]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * len(letters) + [gguf.TokenType.CONTROL] * len(CONTROLS))
    writer.add_token_merges(["! !"])
    writer.add_eos_token_id(len(letters) + 2)
    writer.add_chat_template([{"name": "rerank", "template": TEMPLATE}])
    table = _table(len(tokens))
    table[tokens.index("r"), GOOD] = 4.0
    table[tokens.index("<|x|>"), GOOD] = 400.0
    tensors: dict[str, Any] = {
        "token_embd.weight": table,
        "output_norm.weight": np.ones(WIDTH, np.float32),
        "blk.0.attn_norm.weight": np.ones(WIDTH, np.float32),
        "blk.0.ffn_norm.weight": np.ones(WIDTH, np.float32),
        "blk.0.attn_q_norm.weight": np.ones(WIDTH // HEADS, np.float32),
        "blk.0.attn_k_norm.weight": np.ones(WIDTH // HEADS, np.float32),
    }
    for name in ("attn_q", "attn_k"):
        tensors[f"blk.0.{name}.weight"] = np.zeros((WIDTH, WIDTH), np.float32)
    for name in ("attn_v", "attn_output"):
        tensors[f"blk.0.{name}.weight"] = np.eye(WIDTH, dtype=np.float32)
    for name, shape in (("gate", (INNER, WIDTH)), ("up", (INNER, WIDTH)), ("down", (WIDTH, INNER))):
        tensors[f"blk.0.ffn_{name}.weight"] = np.zeros(shape, np.float32)
    head = np.zeros((2, WIDTH), np.float32)
    head[0, GOOD], head[1, GOOD] = 1.0, -1.0
    tensors["cls.output.weight"] = head
    return _finish(writer, tensors, path)


def _describe(writer: Any) -> None:
    writer.add_name("a tiny reranker")
    writer.add_block_count(1)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)


def _table(count: int) -> Any:
    table = np.random.default_rng(1).normal(0, 0.5, (count, WIDTH)).astype(np.float32)
    table[:, GOOD] = 0.0
    return table


def _norm(name: str) -> dict[str, Any]:
    return {f"{name}.weight": np.ones(WIDTH, np.float32), f"{name}.bias": np.zeros(WIDTH, np.float32)}


def _linear(name: str, weight: Any) -> dict[str, Any]:
    return {
        f"{name}.weight": np.ascontiguousarray(weight, dtype=np.float32),
        f"{name}.bias": np.zeros(len(weight), np.float32),
    }


def _finish(writer: Any, tensors: dict[str, Any], path: Path) -> Path:
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path
