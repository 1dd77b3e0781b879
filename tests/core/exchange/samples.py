"""A conversation with a value in every field, and small exports of other programs."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from teahouse.exchange import ImportReport, export, import_files
from teahouse.jobs import Cancel, Work
from teahouse.messages import Generation, Timings, Usage, WholeConversation
from teahouse.store import ROOT, Store

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def generation(message_id: str, prompt: tuple[int, ...], ids: tuple[int, ...]) -> Generation:
    return Generation(
        message_id=message_id,
        model="qwen 测试",
        model_hash="ab" * 32,
        ids=ids,
        prompt_ids=prompt,
        adapters=(("cd" * 32, 0.5), ("ef" * 32, -1.0)),
        sampling={"top_k": 40, "min_p": 0.05, "stop": ["</s>", "\ud800"]},
        seed=2**32 - 1,
        usage=Usage(10, 5, 3),
        timings=Timings(1.5, 0.25, 100.0, 20.5, 0.125),
        finish_reason="length",
        engine={"threads": 2, "kv": {"type": "q8_0"}, "flags": [True, None]},
    )


def fill(store: Store, title: str = "Tea <b>&</b> 茶\u2028") -> str:
    """Store a conversation that has everything; its id."""
    made = store.create_conversation(title=title, model="qwen", system_prompt="Be kind. <script>")
    store.change_conversation(
        made.id,
        folder="work/茶",
        tags=["red", "蓝"],
        is_pinned=True,
        is_archived=True,
        settings={"chat.temperature": 0.5},
        draft="half a thou",
    )
    first = store.add_message(made.id, "user", "What is <tea>?\0\n```python\nprint('<x>')\n```\nafter")
    store.attach(first.id, "图.png", "image/png", PICTURE)
    one = _reply(store, made.id, first.id, "A drink.", (1, 2, 3), (7, 8))
    two = _reply(store, made.id, first.id, "A plant & a drink.", (1, 2, 3), (9,))
    store.judge_message(one, thumb=-1, note="too short")
    store.judge_message(two, thumb=1, note="好")
    store.rank_messages([two, one])
    store.pin_message(first.id, True)
    store.add_message(made.id, "user", "Another beginning", parent_id=ROOT)
    store.show_version(one)
    store.show_version(two)
    ask = store.add_message(made.id, "user", "More?", parent_id=two)
    last = _reply(store, made.id, ask.id, "Yes.", (1, 2, 3, 9, 4, 5), (6,))
    store.add_part(last, "context", json.dumps({"not_sent": [first.id], "is_summarised": False}))
    store.add_part(last, "error", "It broke.\nTry again.")
    store.add_part(last, "text", " From a document.", source="documents:a.pdf", is_trusted=False)
    return made.id


def _reply(
    store: Store,
    conversation_id: str,
    parent_id: str,
    text: str,
    prompt: tuple[int, ...],
    ids: tuple[int, ...],
) -> str:
    made = store.add_message(conversation_id, "assistant", "", parent_id=parent_id, state="streaming")
    store.append_text(made.id, "Hm, tea …", "reasoning")
    store.append_text(made.id, text)
    store.finish_message(made.id, "complete", generation=generation(made.id, prompt, ids))
    return made.id


def run(work: Work, *, stop_after: int = 0) -> tuple[Any, list[Any]]:
    """The result and everything yielded; stopped after so many values where asked to."""
    steps, seen = work(Cancel()), []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            return end.value, seen
        if stop_after and len(seen) >= stop_after:
            steps.close()
            return None, seen


def take(store: Store, *files: Path, is_own: bool = False) -> ImportReport:
    """Import files to the end."""
    report, _seen = run(import_files(store, files, is_own=is_own))
    assert isinstance(report, ImportReport)
    return report


def put(store: Store, target: Path, *ids: str, name: str = "json") -> Path:
    """Export conversations to the end."""
    run(export(store, ids, name=name, target=target))
    return target


def write(file: Path, value: object) -> Path:
    """A JSON file."""
    file.write_text(json.dumps(value), "utf-8")
    return file


def only(store: Store) -> WholeConversation:
    """The one conversation that is stored."""
    (found,) = store.conversations()
    return store.whole(found.id)


# --- other programs -------------------------------------------------------------------------------


def chatgpt_message(role: str, *parts: object, **more: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": list(parts)}
    return {
        "author": {"role": role},
        "create_time": 1_700_000_100.5,
        "content": content,
        "metadata": {},
    } | more


def chatgpt() -> dict[str, Any]:
    """A question with two answers, as ChatGPT exports it."""
    hidden = chatgpt_message("system", "", metadata={"is_visually_hidden_from_conversation": True})
    second = chatgpt_message(
        "assistant", "Tea is a plant.", metadata={"model_slug": "gpt-4o"}, create_time=1_700_000_300
    )
    nodes = {
        "root": {"id": "root", "message": None, "parent": None, "children": ["sys"]},
        "sys": {"id": "sys", "message": hidden, "parent": "root", "children": ["q"]},
        "q": {"message": chatgpt_message("user", "What is tea?"), "parent": "sys", "children": ["a1", "a2"]},
        "a2": {"message": second, "parent": "q", "children": []},
        "a1": {"message": chatgpt_message("assistant", "Tea is a drink."), "parent": "q", "children": ["t"]},
        "t": {
            "message": {
                "author": {"role": "assistant"},
                "content": {"content_type": "thoughts", "thoughts": [{"summary": "Sum", "content": "Deep"}]},
            },
            "parent": "a1",
            "children": ["c"],
        },
        "c": {
            "message": {
                "author": {"role": "tool", "name": "python"},
                "content": {"content_type": "code", "language": "python", "text": "1 + 1"},
            },
            "parent": "t",
            "children": [],
        },
    }
    return {
        "title": "Tea",
        "create_time": 1_700_000_000.25,
        "update_time": 1_700_000_400,
        "mapping": nodes,
        "current_node": "a2",
        "conversation_id": "68a1b2c3-0000-8000-8000-000000000001",
        "is_archived": True,
    }


def openwebui() -> dict[str, Any]:
    """A chat with a picture, reasoning and a judgement, as Open WebUI exports it."""
    picture = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    thought = (
        '<details type="reasoning" done="true" duration="2">\n<summary>Thought</summary>\n> Hm\n</details>\n'
    )
    messages = {
        "m1": {
            "id": "m1",
            "parentId": None,
            "childrenIds": ["m2", "m3"],
            "role": "user",
            "content": "What is this?",
            "timestamp": 1_700_000_100,
            "files": [{"type": "image", "url": picture}, {"type": "file", "url": "/api/files/1"}],
        },
        "m2": {"id": "m2", "parentId": "m1", "role": "assistant", "content": "A cup.", "model": "llama3:8b"},
        "m3": {
            "id": "m3",
            "parentId": "m1",
            "role": "assistant",
            "content": thought + "A dot.",
            "annotation": {"rating": 1, "comment": "right"},
        },
    }
    return {
        "id": "0a1b2c3d-1111-4222-8333-444455556666",
        "title": "Picture",
        "chat": {
            "history": {"messages": messages, "currentId": "m3"},
            "models": ["llama3:8b"],
            "params": {"system": "Be brief."},
            "tags": [],
        },
        "created_at": 1_700_000_000,
        "updated_at": 1_700_000_500,
        "pinned": True,
        "archived": False,
        "meta": {"tags": ["picture", "art"]},
    }


def sharegpt() -> dict[str, Any]:
    return {
        "id": "identity_0",
        "conversations": [
            {"from": "system", "value": "Be kind."},
            {"from": "human", "value": "Hello"},
            {"from": "gpt", "value": "Hi! 你好"},
        ],
    }
