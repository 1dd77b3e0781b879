"""A tiny model that chats: bytes as tokens, turns as ChatML, weights by chance. It learns within seconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np

from tests.core.torch.small import VOCABULARY, Small

CONTROLS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
BYTES = [chr(code) for code in [*range(33, 127), *range(161, 173), *range(174, 256)]]
BYTES += [chr(256 + place) for place in range(256 - len(BYTES))]
"""As GPT-2 writes bytes."""


class Chatting(Small):
    """The same network with a vocabulary and a template."""

    def _write_keys(self, writer: gguf.GGUFWriter, keys: Mapping[str, Any]) -> None:
        spare = [f"<|spare{place}|>" for place in range(VOCABULARY - len(BYTES) - len(CONTROLS))]
        normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("qwen2")
        writer.add_token_list([*BYTES, *CONTROLS, *spare])
        writer.add_token_types([normal] * len(BYTES) + [control] * (len(CONTROLS) + len(spare)))
        writer.add_token_merges(["! !"])
        writer.add_eos_token_id(len(BYTES) + 2)
        writer.add_chat_template(TEMPLATE)
        for name, value in keys.items():
            key = f"{self.architecture}.{name}"
            add = writer.add_float32 if isinstance(value, float) else writer.add_uint32
            add(key, value)


class Broken(Chatting):
    """One whose answers are no numbers."""

    def _tensors(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        made = super()._tensors(rng)
        made["output_norm.weight"][:] = np.nan
        return made


def write_model(path: Path, *, is_broken: bool = False, seed: int = 0) -> Path:
    """A model of 0.2 million parameters; the same each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return (Broken if is_broken else Chatting)("llama", layers=2).write(path, seed=seed)


def write_rows(path: Path, pairs: list[tuple[str, str]]) -> Path:
    """A file of OpenAI's form."""
    rows = [
        {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}
        for question, answer in pairs
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


TEAS = ("green", "black", "white", "yellow", "dark", "blue")
PAIRS = [(f"Which is cup {n}?", f"It is {TEAS[n % 6]} tea.") for n in range(24)]
