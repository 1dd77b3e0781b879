"""ChatGPT, Open WebUI, ShareGPT and OpenAI: what of them arrives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from teahouse.messages import Message
from teahouse.store import Store
from tests.core.exchange.samples import (
    PICTURE,
    chatgpt,
    chatgpt_message,
    only,
    openwebui,
    sharegpt,
    take,
    write,
)


def tree(store: Store) -> list[tuple[str, str, str]]:
    """(role, text, the parent's text) of each message."""
    messages = {message.id: message for message in only(store).messages}
    above = [messages[m.parent_id] if m.parent_id else None for m in messages.values()]
    return [
        (m.role, words(m), words(up) if up else "") for m, up in zip(messages.values(), above, strict=True)
    ]


def words(message: Message) -> str:
    return " ".join(part.data for part in message.parts)


def test_chatgpt(other: Store, home: Path) -> None:
    report = take(other, write(home / "conversations.json", [chatgpt()]))
    assert (report.imported, report.skipped) == (1, [])
    whole = only(other)
    given = whole.conversation
    assert (given.title, given.created_ms, given.updated_ms) == ("Tea", 1_700_000_000_250, 1_700_000_400_000)
    assert given.is_archived and given.model == ""
    assert tree(other) == [
        ("user", "What is tea?", ""),
        ("assistant", "Tea is a drink.", "What is tea?"),
        ("assistant", "Sum\nDeep", "Tea is a drink."),
        ("tool", "```python\n1 + 1\n```", "Sum\nDeep"),
        ("assistant", "Tea is a plant.", "What is tea?"),
    ]
    assert [m.text for m in other.visible_path(given.id)] == ["What is tea?", "Tea is a plant."]
    parts = [part for message in whole.messages for part in message.parts]
    assert not any(part.is_trusted for part in parts)
    assert parts[-1].source == "import:chatgpt conversations.json gpt-4o"
    assert [m.created_ms for m in whole.messages[:1]] == [1_700_000_100_500]
    assert [part.kind for part in whole.messages[2].parts] == ["reasoning"]


def test_chatgpt_pictures_are_reported_not_lost_silently(other: Store, home: Path) -> None:
    value = chatgpt()
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"}
    spoken = {"content_type": "audio_transcription", "text": "spoken words"}
    message = chatgpt_message("user", "Look:", picture, spoken, {"content_type": "strange"})
    message["content"]["content_type"] = "multimodal_text"
    value["mapping"]["q"]["message"] = message
    value["mapping"]["a2"]["message"]["author"]["role"] = "oracle"
    report = take(other, write(home / "c.json", [value]))
    assert tree(other)[0][1] == "Look:\n\nspoken words"
    assert {(what, times) for what, _why, times in report.skipped} == {
        ("pictures and sounds", 1),
        ("pieces of messages", 1),
        ("messages", 1),
    }


def test_open_webui(other: Store, home: Path) -> None:
    report = take(other, write(home / "chats.json", [openwebui()]))
    whole = only(other)
    given = whole.conversation
    assert (given.title, given.tags, given.is_pinned) == ("Picture", ("art", "picture"), True)
    assert given.system_prompt == ""
    assert [row[0] for row in tree(other)] == ["system", "user", "assistant", "assistant"]
    assert [m.text for m in other.visible_path(given.id)] == ["Be brief.", "What is this?", "A dot."]
    assert list(whole.attachments.values()) == [PICTURE]
    assert [part.kind for part in whole.messages[1].parts] == ["text", "attachment"]
    last = whole.messages[-1]
    assert (last.thumb, last.note) == (1, "right")
    assert [(part.kind, part.data) for part in last.parts] == [("reasoning", "> Hm"), ("text", "A dot.")]
    assert not any(part.is_trusted for message in whole.messages for part in message.parts)
    assert report.skipped == [("attached files", "the file of conversations does not hold them", 1)]


def test_open_webui_of_old_has_a_plain_list(other: Store, home: Path) -> None:
    value = {"chat": {"title": "Old", "messages": [{"role": "user", "content": "a"}, {"role": "assistant",
             "content": [{"type": "text", "text": "b"}]}]}}  # fmt: skip
    take(other, write(home / "chats.json", [value]))
    assert tree(other) == [("user", "a", ""), ("assistant", "b", "a")]
    assert only(other).conversation.title == "Old"


@pytest.mark.parametrize("is_list", [True, False])
def test_sharegpt(other: Store, home: Path, is_list: bool) -> None:
    take(other, write(home / "s.json", [sharegpt()] if is_list else sharegpt()))
    assert tree(other) == [
        ("system", "Be kind.", ""),
        ("user", "Hello", "Be kind."),
        ("assistant", "Hi! 你好", "Hello"),
    ]
    assert only(other).conversation.title == "Hello"


def test_openai_lines(other: Store, home: Path) -> None:
    lines = [{"messages": [{"role": "user", "content": f"{n}?"}, {"role": "assistant", "content": "!"}]}
             for n in range(3)]  # fmt: skip
    file = home / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert take(other, file).imported == 3


@pytest.mark.parametrize("name", ["conversations", "chats", "data"])
def test_conversations_under_a_name(other: Store, home: Path, name: str) -> None:
    assert take(other, write(home / "a.json", {"user": 1, name: [chatgpt(), openwebui()]})).imported == 2


@pytest.mark.parametrize(
    "value", [chatgpt(), openwebui(), sharegpt()], ids=["chatgpt", "openwebui", "sharegpt"]
)
def test_the_same_file_twice_is_taken_once(other: Store, home: Path, value: dict[str, Any]) -> None:
    file = write(home / "a.json", [value, value])
    assert (take(other, file).imported, take(other, file).known) == (1, 2)
    assert len(other.conversations()) == 1


def test_mixed_and_broken_entries_are_reported_with_counts(other: Store, home: Path) -> None:
    values = [chatgpt(), {"what": 1}, 7, None, {"mapping": {}}, openwebui(), "text", {"what": 2}]
    text = json.dumps(values)[:-1] + ', {"broken": }, ' + json.dumps(sharegpt()) + "]"
    (home / "mixed.json").write_text(text, "utf-8")
    report = take(other, home / "mixed.json")
    assert report.imported == 3
    assert set(report.skipped) >= {
        ("entries of mixed.json", "their format is not known", 5),
        ("entries of mixed.json", "nobody says anything in them", 1),
        ("entries of mixed.json", "they are no JSON that can be read", 1),
    }


def test_loops_and_orphans_in_a_tree(other: Store, home: Path) -> None:
    value = chatgpt()
    value["mapping"]["l1"] = {"message": chatgpt_message("user", "loop"), "parent": "l2"}
    value["mapping"]["l2"] = {"message": chatgpt_message("user", "loop"), "parent": "l1"}
    value["mapping"]["o"] = {"message": chatgpt_message("user", "orphan"), "parent": "gone"}
    value["current_node"] = "l1"
    report = take(other, write(home / "a.json", [value]))
    assert ("messages", "their place in the conversation cannot be told", 2) in report.skipped
    assert ("user", "orphan", "") in tree(other)


def test_very_long_paths_do_not_nest(other: Store, home: Path) -> None:
    nodes = {
        str(n): {"message": chatgpt_message("user", f"m{n}"), "parent": str(n - 1) if n else None}
        for n in range(5_000)
    }
    assert take(other, write(home / "a.json", [{"mapping": nodes}])).imported == 1
    assert len(only(other).messages) == 5_000


def test_calls_of_tools_are_said_to_be_left_out(other: Store, home: Path) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "search", "arguments": "{}"}}
    value = {
        "messages": [
            {"role": "user", "content": "Look it up"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "content": "found", "tool_call_id": "1"},
        ]
    }
    report = take(other, write(home / "a.json", value))
    assert ("pieces of messages", "their kind is not known", 1) in report.skipped


def test_files_that_chatgpt_only_names_are_said_to_be_left_out(other: Store, home: Path) -> None:
    value = chatgpt()
    named = [{"name": "a.pdf", "mime_type": "application/pdf"}, {"name": "b.png", "mime_type": "image/png"}]
    value["mapping"]["q"]["message"]["metadata"] = {"attachments": named}
    report = take(other, write(home / "a.json", [value]))
    assert ("attached files", "the file of conversations does not hold them", 1) in report.skipped


def test_what_is_over_a_limit_is_said_for_every_format(
    other: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teahouse.exchange.fields.MAX_PARTS", 2)
    spoken = [{"type": "text", "text": str(number)} for number in range(5)]
    one, two, three = chatgpt(), openwebui(), {"messages": [{"role": "user", "content": spoken}]}
    one["mapping"]["q"]["message"]["content"]["parts"] = list("abcde")
    two["chat"]["history"]["messages"]["m2"]["content"] = [*spoken[:1], {"type": "odd"}, *spoken]
    report = take(other, write(home / "a.json", [one, two, three]))
    assert ("pieces of messages", "a message has too many", 3 + 5 + 3) in report.skipped
    assert ("pieces of messages", "their kind is not known", 1) in report.skipped
