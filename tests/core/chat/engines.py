"""An engine for tests of what is sent: its tokens are characters."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from teahouse.engine.loaded import Rendered
from teahouse.errors import AppError
from teahouse.workers.wire import Answer


class PlainEngine:
    """What `chat.context` uses of `Engine`.

    Args:
        says: What it writes for each request, the last one again and again; an error is raised.
    """

    model_hash = "own"
    can_switch_reasoning = False

    def __init__(self, context: int, *says: str | AppError) -> None:
        self.context_length = context
        self.model = SimpleNamespace(name="plain")
        self.rendered: list[str] = []
        self.generated: list[str] = []
        self.counted = 0
        self._says = list(says)

    def count(self, texts: Sequence[str], _cancel: object = None) -> list[int]:
        self.counted += 1
        return [len(text) for text in texts]

    def render(
        self, messages: Sequence[Mapping[str, Any]], _cancel: object = None, **_options: Any
    ) -> Rendered:
        text = "".join(f"[{m['role'][0]}]{m['content']}\n" for m in messages)
        self.rendered.append(text)
        return Rendered(text, [ord(c) for c in text])

    def generate(
        self, ids: Sequence[int], *, max_tokens: int, **_options: Any
    ) -> Generator[Answer, None, dict[str, Any]]:
        assert len(ids) + max_tokens <= self.context_length
        self.generated.append("".join(map(chr, ids)))
        said = self._says.pop(0) if len(self._says) > 1 else self._says[0]
        if isinstance(said, AppError):
            raise said
        yield {"event": "prompt", "done": len(ids), "total": len(ids), "cached": 0}
        yield {"event": "text", "text": said[:max_tokens], "ids": [ord(c) for c in said[:max_tokens]]}
        return {}
