"""A small model that chats, with random weights and bytes for words; and adapters that change its replies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import gguf

from teahouse.app import App
from teahouse.engine.sampling import Sampling
from teahouse.engine.steering import Steering
from teahouse.messages import TokenStep
from teahouse.models.gguf import read_header
from tests.core.engine.test_reuse import house_in
from tests.core.models import loras
from tests.core.torch.small import VOCABULARY, Small

LETTERS = [chr(code) for code in [*range(33, 127), *range(161, 173), *range(174, 256)]]
LETTERS += [chr(256 + place) for place in range(256 - len(LETTERS))]  # as GPT-2 writes bytes
CONTROLS = ["<|im_start|>", "<|im_end|>"]
END = len(LETTERS) + 1
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)
BANNED = [place for place, letter in enumerate(LETTERS) if not letter.isascii()] + [END - 1, END]
ENDLESS = Sampling(temperature=0.0, logit_bias=tuple((token, -100.0) for token in BANNED))
"""The likeliest ASCII, of which nothing ends the reply or cuts a character."""


class Chatty(Small):
    """A small Llama with a vocabulary and a chat template."""

    def _write_keys(self, writer: gguf.GGUFWriter, keys: Mapping[str, Any]) -> None:
        words = [f"w{number}" for number in range(VOCABULARY - END - 1)]
        kinds = [gguf.TokenType.NORMAL] * len(LETTERS) + [gguf.TokenType.CONTROL] * len(CONTROLS)
        writer.add_tokenizer_model("gpt2")
        writer.add_tokenizer_pre("qwen2")
        writer.add_token_list([*LETTERS, *CONTROLS, *words])
        writer.add_token_types([*kinds, *[gguf.TokenType.NORMAL] * len(words)])
        writer.add_token_merges(["! !"])
        writer.add_eos_token_id(END)
        writer.add_chat_template(TEMPLATE)
        for name, value in keys.items():
            add = writer.add_float32 if isinstance(value, float) else writer.add_uint32
            add(f"{self.architecture}.{name}", value)


class Waiting(Steering):
    """Lets the model write, waits at one place until it was told of other adapters, and lets it go on.

    Args:
        place: Among the reply's own tokens; the next one is the first that others can hold for.
        act: Chooses them.
    """

    def __init__(self, place: int, act: Callable[[], object]) -> None:
        super().__init__()
        self._place, self._act = place, act

    def hear(self, event: object) -> None:
        """Hear what a turn yields."""
        if isinstance(event, TokenStep) and event.token is None:
            self._act() if event.place == self._place else self.sample()

    def set_adapters(self, adapters: Sequence[tuple[str, float]], told: Any = None) -> None:
        """Go on with these."""
        super().set_adapters(adapters, told)
        self.run()


def chatty_house(home: Path, made: Path) -> tuple[App, str]:
    """An app with adapters “tea 茶”, “milk” and “lemon”, and the path of the model that they are for."""
    app = house_in(home)
    app.settings.set("engine.context", 512)
    model = Chatty("llama").write(made / "chatty.gguf")
    header = read_header(model)
    for number, name in enumerate(("tea 茶", "milk", "lemon"), 1):
        changes = loras.for_model(header, ("attn_q.weight", "ffn_up.weight"), seed=number, size=0.3)
        app.adapters.add(loras.write(made / f"{number}.gguf", changes), name)
    return app, str(model)
