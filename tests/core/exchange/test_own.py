"""Our own format: everything out and in again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from teahouse.exchange import Skipped, fields, own, own_reading
from teahouse.messages import Conversation, Message, Part, WholeConversation
from teahouse.store import Store
from tests.core.exchange.samples import PICTURE, fill, generation, only, put, take, write


@pytest.fixture
def file(store: Store, home: Path) -> Path:
    return put(store, home / "out.json", fill(store), fill(store, title=""))


def elements(file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return found


def test_own_files_come_back_exactly(store: Store, other: Store, file: Path, home: Path) -> None:
    report = take(other, file, is_own=True)
    assert (report.imported, report.known, report.skipped) == (2, 0, [])
    for found in store.conversations():
        before, after = store.whole(found.id), other.whole(found.id)
        assert after == before
        assert after.attachments and after.generations and len(after.messages) == 6
    ids = [element["id"] for element in elements(file) if "id" in element]
    assert put(other, home / "again.json", *ids).read_bytes() == file.read_bytes()


def test_the_sample_has_a_value_in_every_field(store: Store) -> None:
    """So that a field that is added later cannot be forgotten here unnoticed."""
    whole = store.whole(fill(store))
    plain = {name for name, value in own._conversation(whole).items() if not value}
    assert plain == set()
    values = [own._message(message, None) for message in whole.messages]
    assert {name for name in values[0] if not any(value[name] for value in values)} == set()
    assert set(values[0]) | {"conversation_id"} == set(Message.__slots__)
    missing = set(Conversation.__slots__) - set(own._conversation(whole))
    assert missing == {"trashed_ms"}


def test_files_are_untrusted_unless_said_otherwise(other: Store, file: Path) -> None:
    report = take(other, file)
    whole = other.whole(report.conversation_ids[0])
    parts = [part for message in whole.messages for part in message.parts]
    assert len(parts) > 10
    assert not any(part.is_trusted for part in parts)
    assert {part.source.split(";")[0] for part in parts} == {"import:teahouse out.json"}
    assert any(part.source.endswith("; documents:a.pdf") for part in parts)
    assert whole.conversation.settings == {} and whole.conversation.draft == ""
    assert Skipped("drafts", "only those in your own files are taken over", 2) in report.skipped
    assert any(what == "settings of conversations" and times == 2 for what, _why, times in report.skipped)


def test_all_but_trust_comes_back_of_an_untrusted_file(
    store: Store, other: Store, file: Path, home: Path
) -> None:
    take(other, file)
    for found in store.conversations():
        before, after = store.whole(found.id), _with_own_prompt(other.whole(found.id))
        same = replace(
            after,
            conversation=_with_own(after.conversation, before.conversation),
            messages=tuple(
                replace(new, parts=tuple(map(_as_before, old.parts, new.parts)))
                for old, new in zip(before.messages, after.messages, strict=True)
            ),
        )
        assert same == before
    ids = [element["id"] for element in elements(file) if "id" in element]
    second = put(other, home / "second.json", *ids)
    for found in other.conversations():
        other.delete_conversation(found.id)
    take(other, second)
    assert put(other, home / "third.json", *ids).read_bytes() == second.read_bytes()


def _with_own_prompt(whole: WholeConversation) -> WholeConversation:
    """The message that it has for its system prompt, back where it was."""
    first, *rest = whole.messages
    assert first.role == "system" and whole.conversation.system_prompt == ""
    back = [replace(m, parent_id=None) if m.parent_id == first.id else m for m in rest]
    conversation = replace(whole.conversation, system_prompt=first.text)
    return replace(whole, conversation=conversation, messages=tuple(back))


def _with_own(new: Conversation, old: Conversation) -> Conversation:
    return replace(new, settings=old.settings, draft=old.draft)


def _as_before(old: Part, new: Part) -> Part:
    return replace(new, source=old.source, is_trusted=old.is_trusted)


def test_a_second_import_changes_nothing(other: Store, file: Path) -> None:
    first = take(other, file)
    wholes = {one: other.whole(one) for one in first.conversation_ids}
    other.trash_conversation(first.conversation_ids[0])
    again = take(other, file)
    assert (again.imported, again.known) == (0, 2)
    assert Skipped("conversations", "they are here already", 2) in again.skipped
    assert len(other.conversations()) == 1
    other.restore_conversation(first.conversation_ids[0])
    assert {one: other.whole(one) for one in first.conversation_ids} == wholes


def test_ids_that_are_taken_are_replaced(store: Store, home: Path) -> None:
    """The messages are here, their conversation is not: a copy that somebody has edited."""
    conversation_id = fill(store)
    before = store.whole(conversation_id)
    values = elements(put(store, home / "out.json", conversation_id))
    values[-1]["id"] = "01890000-0000-7000-8000-000000000000"
    report = take(store, write(home / "copy.json", values), is_own=True)
    assert report.imported == 1
    copy = store.whole(report.conversation_ids[0])
    old, new = [m.id for m in before.messages], [m.id for m in copy.messages]
    assert not set(old) & set(new)
    places = dict(zip(old, new, strict=True))
    assert [places.get(m.parent_id or "") for m in before.messages] == [m.parent_id for m in copy.messages]
    assert copy.conversation.leaf_id == places[before.conversation.leaf_id or ""]
    assert [g.prompt_ids for g in copy.generations] == [g.prompt_ids for g in before.generations]
    assert store.whole(conversation_id) == before


def test_prompts_are_written_once() -> None:
    messages = tuple(Message(f"m{number}", "c", None, "assistant", "complete", 1) for number in range(100))
    prompt: tuple[int, ...] = tuple(range(1000))
    made = []
    for message in messages:
        made.append(generation(message.id, prompt, (1, 2)))
        prompt += (1, 2, 3)
    whole = WholeConversation(Conversation("c", "", 1, 1), messages, tuple(made))
    (text,) = own.write(whole)
    assert len(text) < 100_000
    rests = [message["generation"]["prompt_rest"] for message in json.loads(text)["messages"]]
    assert rests == [list(range(1000)), *[[3]] * 99]


def test_a_damaged_prompt_is_left_out_and_said(other: Store, file: Path, home: Path) -> None:
    values = elements(file)
    made = [m["generation"] for v in values for m in v.get("messages", []) if "generation" in m]
    made[0]["prompt_rest"] = ["x"]
    report = take(other, write(home / "bad.json", values), is_own=True)
    assert [what for what, _why, _times in report.skipped] == ["prompts of replies"]
    wholes = [other.whole(one) for one in report.conversation_ids]
    prompts = {g.prompt_ids for whole in wholes for g in whole.generations}
    assert prompts <= {(), (1, 2, 3), (1, 2, 3, 9, 4, 5)}


def test_small_files_cannot_stand_for_endless_prompts(
    other: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each prompt repeats the one before: a few bytes for as many ids as one likes."""
    monkeypatch.setattr(own_reading, "MAX_PROMPT_IDS", 30_000)
    ids = [f"01890000-0000-7000-8000-{number:012d}" for number in range(200)]
    base = {"ids": [], "prompt_shared": 1_000, "prompt_rest": []}
    messages = [{"id": one, "role": "assistant", "parts": [], "generation": dict(base)} for one in ids]
    messages[0]["generation"] = {"prompt_rest": [1] * 1_000}
    value = {"format": own.CONVERSATION, "version": 1, "id": ids[0], "messages": messages}
    report = take(other, write(home / "bomb.json", [value]))
    assert ("prompts of replies", 170) in {(what, times) for what, _why, times in report.skipped}
    assert sum(len(made.prompt_ids) for made in only(other).generations) == 30_000


def test_wrong_attachments_are_left_out(other: Store, file: Path, home: Path) -> None:
    values = elements(file)
    values[0]["data"] = values[0]["data"][:-8] + "AAAAAAAA"
    report = take(other, write(home / "bad.json", values), is_own=True)
    assert report.skipped == [("attachments", "their data is damaged", 1)]
    kept = [list(other.whole(one).attachments.values()) for one in report.conversation_ids]
    assert kept == [[], [PICTURE]]


def test_newer_versions_are_refused_in_words(other: Store, file: Path, home: Path) -> None:
    values = elements(file)
    values[-1]["version"] = 2
    report = take(other, write(home / "new.json", values))
    assert report.imported == 1
    assert ("entries of new.json", "a newer version of Teahouse has written them", 1) in report.skipped


def test_ids_cannot_be_file_names(other: Store, file: Path, home: Path) -> None:
    values = elements(file)
    for value in values:
        value["id"] = "../../etc/passwd"
    report = take(other, write(home / "bad.json", values))
    assert report.imported == 1
    assert len(report.conversation_ids[0]) == 36


def test_a_value_of_every_kind_can_be_written() -> None:
    odd = {"nan": float("nan"), "half": "\ud800", "list": [float("inf"), (1, 2)], "separator": "\u2028"}
    found = json.loads(own.dumps(odd).encode())
    assert found == {"nan": None, "half": "\ud800", "list": [None, [1, 2]], "separator": "\u2028"}


def test_a_message_without_its_parent_begins_the_conversation(other: Store, file: Path, home: Path) -> None:
    values = [value for value in elements(file) if "messages" in value][:1]
    values[0]["messages"][1]["parent_id"] = "nobody"
    report = take(other, write(home / "bad.json", values), is_own=True)
    assert ("places of messages", "the message before them is missing", 1) in report.skipped
    assert len(only(other).messages) == 6


def test_what_is_cut_is_said(other: Store, file: Path, home: Path) -> None:
    (value,) = [value for value in elements(file) if "messages" in value][:1]
    value |= {"title": "t" * 10_001, "tags": [f"tag {number}" for number in range(103)]}
    value["settings"] = {"x": "y" * fields.MAX_OBJECT_CHARS}
    value["messages"][0]["note"] = "n" * 100_001
    report = take(other, write(home / "long.json", [value]), is_own=True)
    assert {(what, times) for what, _why, times in report.skipped} == {
        ("ends of titles, notes and the like", 2), ("tags", 3), ("settings of conversations", 1)
    }  # fmt: skip


def test_a_reply_that_still_grows_is_written_as_far_as_it_is(store: Store, home: Path) -> None:
    made = store.create_conversation(title="live")
    store.add_message(made.id, "user", "q")
    reply = store.add_message(made.id, "assistant", "", state="streaming")
    store.append_text(reply.id, "half an ans")
    written = elements(put(store, home / "live.json", made.id))[-1]["messages"][-1]
    assert (written["state"], written["parts"][0]["data"]) == ("partial", "half an ans")
    store.append_text(reply.id, "wer")
    store.finish_message(reply.id, "complete")
    assert store.message(reply.id).text == "half an answer"
