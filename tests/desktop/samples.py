"""Messages to show in tests."""

from __future__ import annotations

from teahouse.messages import Generation, Message, MessageState, Part, Role, Timings, Usage
from teahouse_desktop.chat.shown import Shown

MARKDOWN = """# Steeping tea 泡茶

A paragraph with **bold**, *italic*, `code` and a [link](https://example.org).
Its second line.

1. First
2. Then run this:

   ```python
   def steep(minutes: float = 3.0) -> str:
       # 水温
       return f"{minutes} 😀"
   ```

3. Pour
   - one
   - two

> Calm.

```js
const cups = [1, 2]; // many
```

| Tea | Minutes |
|:----|--------:|
| Green | 2 |
| 红茶 | 4 |

---

Done. ![a cup](http://example.org/x.png) <b>html</b>
"""


def message(
    number: int, role: Role, text: str, *, state: MessageState = "complete", conversation_id: str = "c"
) -> Message:
    """A message with the id `m<number>`."""
    parts = (Part("text", text),) if text else ()
    return Message(f"m{number}", conversation_id, None, role, state, 0, parts)


def shown(number: int, role: Role, text: str, *, state: MessageState = "complete", **facts: object) -> Shown:
    """The same as the transcript takes it."""
    return Shown(message(number, role, text, state=state), **facts)  # type: ignore[arg-type]


def conversation(count: int, text: str = MARKDOWN) -> list[Shown]:
    """Questions and replies in turn."""
    return [
        shown(n, "assistant" if n % 2 else "user", text if n % 2 else f"Question {n}") for n in range(count)
    ]


def generation(**changes: object) -> Generation:
    """What an engine reported."""
    facts: dict[str, object] = {
        "message_id": "m1",
        "model": "echo",
        "model_hash": "",
        "ids": (),
        "prompt_ids": (),
        "adapters": (),
        "sampling": {},
        "seed": 0,
        "usage": Usage(300, 120, 142),
        "timings": Timings(0.0, 0.42, 100.0, 18.24),
        "finish_reason": "stop",
        **changes,
    }
    return Generation(**facts)  # type: ignore[arg-type]
