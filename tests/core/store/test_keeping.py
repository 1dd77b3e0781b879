"""Order and judgement: tags, pins, archive, trash, thumbs, ranks, prompts, files."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from teahouse.errors import StoreError
from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.messages import Conversation, File
from teahouse.store import ROOT, Store, attachments, conversation_store, opened, trash
from teahouse.store.trash import DAY_MS, DAYS_IN_TRASH
from tests.core.store.samples import make_generation, raw
from tests.core.store.test_backups import run


def set_trashed(file: Path, conversation: Conversation, trashed_ms: object) -> None:
    with raw(file) as connection:
        connection.execute(
            "UPDATE conversation SET trashed_ms = ? WHERE id = ?", (trashed_ms, conversation.id)
        )


def test_tags_pin_and_archive_are_kept_and_replaced_whole(store: Store, file: Path) -> None:
    made = store.create_conversation()
    assert (made.tags, made.is_pinned, made.is_archived, made.trashed_ms) == ((), False, False, None)
    changed = store.change_conversation(
        made.id, tags=["茶", " tea ", "tea", "", "\ud800"], is_pinned=True, is_archived=True
    )
    assert changed.tags == ("tea", "茶", "\ufffd") and changed.is_pinned and changed.is_archived
    store.close()
    again = Store(file)
    assert again.conversations() == [changed]
    assert again.change_conversation(made.id, tags=[], is_pinned=False).tags == ()
    assert again.conversation(made.id).is_archived
    again.close()


def test_folders_and_tags_are_spelled_as_they_were_typed_first(store: Store) -> None:
    first, second = store.create_conversation(), store.create_conversation()
    store.change_conversation(first.id, folder="Café/Über", tags=["Чай", "tea"])
    typed = {"folder": "CAFE\u0301/ÜBER/new", "tags": ["чай", "ЧАЙ", "Water"]}
    changed = store.change_conversation(second.id, **typed)
    assert (changed.folder, changed.tags) == ("Café/Über/new", ("Water", "Чай"))
    assert store.change_conversation(second.id, folder="cafés").folder == "cafés"
    # Nobody else has it: its spelling can be changed.
    assert store.change_conversation(second.id, folder="CAFÉS", tags=["water"]).folder == "CAFÉS"
    assert store.conversation(second.id).tags == ("water",)


def test_the_archive_can_be_listed_apart(store: Store) -> None:
    kept, archived = store.create_conversation(title="kept"), store.create_conversation(title="archived")
    store.change_conversation(archived.id, is_archived=True)
    assert {c.id for c in store.conversations()} == {kept.id, archived.id}
    assert [c.title for c in store.conversations(is_archived=False)] == ["kept"]
    assert [c.title for c in store.conversations(is_archived=True)] == ["archived"]


# --- trash ------------------------------------------------------------------------------------------


def test_what_is_in_the_trash_comes_back_to_its_place_with_all_it_had(store: Store) -> None:
    first = store.create_conversation(title="first")
    message = store.add_message(first.id, "user", "hello")
    second = store.create_conversation(title="second")
    before = store.conversations()
    store.trash_conversation(first.id)
    assert [c.id for c in store.conversations()] == [second.id]
    [trashed] = store.conversations(is_trashed=True)
    assert trashed.id == first.id and abs((trashed.trashed_ms or 0) - now_ms()) < 60_000
    assert store.visible_path(first.id) == [message]
    store.restore_conversation(first.id)
    assert store.conversations() == before and store.conversations(is_trashed=True) == []


def test_trashing_again_does_not_begin_the_days_again(store: Store, file: Path) -> None:
    made = store.create_conversation()
    day = now_ms() - 5 * DAY_MS
    set_trashed(file, made, day)
    store.trash_conversation(made.id)
    assert store.conversation(made.id).trashed_ms == day


def pretend_look(file: Path, looked_ms: object) -> None:
    (file.parent / trash.NAME).write_text(json.dumps({"looked_ms": looked_ms}), "utf-8")


def test_after_thirty_days_the_trash_is_emptied_at_the_next_start_and_not_before(file: Path) -> None:
    store = Store(file)
    old, young, kept = (store.create_conversation(title=title) for title in ("old", "young", "kept"))
    store.close()
    limit = now_ms() - DAYS_IN_TRASH * DAY_MS
    set_trashed(file, old, limit - 1000)
    set_trashed(file, young, limit + 60_000)
    pretend_look(file, now_ms() - 2 * DAY_MS)
    again = Store(file)
    assert [c.title for c in again.conversations(is_trashed=True)] == ["young"]
    assert [c.title for c in again.conversations()] == ["kept"]
    assert again.conversation(kept.id).title == "kept"
    again.close()


def test_a_clock_that_is_far_ahead_for_once_empties_no_trash(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(file)
    made = store.create_conversation()
    store.trash_conversation(made.id)
    store.close()
    for days in (400, 400.2, 0, 2):
        clock = now_ms() + int(days * DAY_MS)
        monkeypatch.setattr(opened, "now_ms", lambda clock=clock: clock)
        monkeypatch.setattr(conversation_store, "now_ms", lambda clock=clock: clock)
        again = Store(file)
        # The window looks once more some seconds later.
        assert not again.look_at_trash()
        assert [c.id for c in again.conversations(is_trashed=True)] == [made.id]
        again.close()
    monkeypatch.setattr(opened, "now_ms", lambda: now_ms() + 31 * DAY_MS)
    last = Store(file)
    assert last.conversations(is_trashed=True) == []
    last.close()


@pytest.mark.parametrize(
    ("looked_days_ago", "may_go"),
    [(0, False), (0.9, False), (1, True), (39, True), (41, False), (-1, False), (None, False)],
)
def test_what_is_old_goes_only_when_two_looks_agree_about_the_time(
    store: Store, file: Path, looked_days_ago: float | None, may_go: bool
) -> None:
    now = now_ms()
    pretend_look(file, "soon" if looked_days_ago is None else now - int(looked_days_ago * DAY_MS))
    assert trash.look(file, now=now) is may_go
    assert not trash.look(file, now=now + 1000)
    assert trash.look(file, now=now + 2 * DAY_MS)


def test_what_a_restored_backup_has_in_the_trash_stays_for_a_day(store: Store, file: Path) -> None:
    made = store.create_conversation()
    store.trash_conversation(made.id)
    set_trashed(file, made, now_ms() - 60 * DAY_MS)
    backup = run(store.back_up(Cancel()))
    pretend_look(file, now_ms() - 2 * DAY_MS)
    store.restore_backup(backup.path)
    assert [c.id for c in store.conversations(is_trashed=True)] == [made.id]


def test_a_look_that_cannot_be_remembered_lets_nothing_go(store: Store, file: Path) -> None:
    pretend_look(file, now_ms() - 2 * DAY_MS)
    (file.parent / f"{trash.NAME}.part").mkdir()
    assert not store.look_at_trash()


@pytest.mark.parametrize("damaged", [0, -1, 5, 2**62])
def test_a_damaged_time_in_the_trash_deletes_nothing(file: Path, damaged: int) -> None:
    store = Store(file)
    made = store.create_conversation()
    store.close()
    set_trashed(file, made, damaged)
    pretend_look(file, now_ms() - 2 * DAY_MS)
    again = Store(file)
    assert again.purge_trash(now_ms()) == []
    assert [c.id for c in again.conversations(is_trashed=True)] == [made.id]
    again.close()


def test_purging_says_what_is_gone_and_leaves_the_rest(store: Store) -> None:
    gone, kept = store.create_conversation(), store.create_conversation()
    store.trash_conversation(gone.id)
    assert store.purge_trash(now_ms() - 60_000) == []
    assert store.purge_trash(now_ms() + 1) == [gone.id]
    assert [c.id for c in store.conversations()] == [kept.id]
    with pytest.raises(StoreError, match="not there"):
        store.conversation(gone.id)


def test_deleted_for_good_leaves_not_a_byte_of_its_text(store: Store, file: Path) -> None:
    made, other = store.create_conversation(title="secret-title"), store.create_conversation(title="other")
    for turn in range(20):
        user = store.add_message(made.id, "user", f"secret-question-{turn} " * 300)
        reply = store.add_message(made.id, "assistant", "", state="streaming")
        store.append_text(reply.id, "secret-answer " * 50)
        store.finish_message(reply.id, "complete", generation=make_generation(reply.id, model="secret-model"))
        store.judge_message(reply.id, note="secret-note")
    store.attach(user.id, "secret-name", "text/plain", b"secret-bytes" * 1000, text="secret-text")
    store.change_conversation(made.id, tags=["secret-tag"], draft="secret-draft")
    store.add_message(other.id, "user", "stays")
    assert b"secret-" in b"".join(path.read_bytes() for path in file.parent.glob("teahouse.db*"))
    store.delete_conversation(made.id)
    left = b"".join(path.read_bytes() for path in file.parent.glob("teahouse.db*"))
    assert b"secret" not in left and b"stays" in left
    assert [message.text for message in store.visible_path(other.id)] == ["stays"]


# --- judgement --------------------------------------------------------------------------------------


def test_a_thumb_and_a_note_are_kept_and_can_be_taken_back(store: Store) -> None:
    reply = store.add_message(store.create_conversation().id, "assistant", "a")
    assert (reply.thumb, reply.note, reply.rank) == (0, "", 0)
    store.judge_message(reply.id, thumb=-1, note="wrong\ud800 year")
    assert (store.message(reply.id).thumb, store.message(reply.id).note) == (-1, "wrong\ufffd year")
    store.judge_message(reply.id, thumb=1)
    assert (store.message(reply.id).thumb, store.message(reply.id).note) == (1, "wrong\ufffd year")
    store.judge_message(reply.id, thumb=0, note="")
    assert store.message(reply.id) == reply
    with pytest.raises(ValueError, match="thumb"):
        store.judge_message(reply.id, thumb=2)
    with pytest.raises(StoreError, match="not there"):
        store.judge_message("no", thumb=1)


def test_versions_are_ranked_from_the_best_and_ranked_anew(store: Store) -> None:
    made = store.create_conversation()
    question = store.add_message(made.id, "user", "q")
    versions = [store.add_message(made.id, "assistant", text, parent_id=question.id).id for text in "abc"]
    store.rank_messages([versions[2], versions[0], versions[1]])
    assert [store.message(one).rank for one in versions] == [2, 3, 1]
    store.rank_messages([versions[1], versions[0]])
    assert [store.message(one).rank for one in versions] == [2, 1, 0]
    for wrong in ([versions[0], question.id], [versions[0], versions[0]]):
        with pytest.raises(ValueError, match="versions"):
            store.rank_messages(wrong)
    assert [store.message(one).rank for one in versions] == [2, 1, 0]


# --- prompts ----------------------------------------------------------------------------------------


def test_prompts_are_saved_by_name_replaced_and_deleted(store: Store, file: Path) -> None:
    store.save_prompt("translate", "Translate into 中文:")
    store.save_prompt("Brief", "Be brief.")
    first = store.prompts()
    assert [(prompt.name, prompt.text) for prompt in first] == [
        ("Brief", "Be brief."),
        ("translate", "Translate into 中文:"),
    ]
    store.save_prompt(" Brief ", "Be very brief.")
    store.close()
    again = Store(file)
    changed = again.prompts()[0]
    assert changed.text == "Be very brief." and changed.created_ms == first[0].created_ms
    assert changed.updated_ms >= first[0].updated_ms
    again.delete_prompt("Brief")
    assert [prompt.name for prompt in again.prompts()] == ["translate"]
    for name, call in (("Brief", again.delete_prompt), ("  ", lambda name: again.save_prompt(name, "x"))):
        with pytest.raises(StoreError):
            call(name)
    again.close()


# --- files ------------------------------------------------------------------------------------------


def count_files(file: Path) -> int:
    with raw(file) as connection:
        return int(connection.execute("SELECT count(*) FROM attachment").fetchone()[0])


def test_a_file_is_kept_once_for_all_messages_that_carry_it(store: Store, file: Path) -> None:
    one, two = store.create_conversation(), store.create_conversation()
    data = bytes(range(256)) * 100
    first = store.add_message(one.id, "user", "look")
    part = store.attach(first.id, "图.png", "image/png", data)
    second = store.add_message(two.id, "user", "again")
    store.attach(second.id, "copy.png", "image/png", data)
    digest = hashlib.sha256(data).hexdigest()
    assert store.message(first.id).parts[-1] == part and (part.kind, part.is_trusted) == ("attachment", False)
    assert json.loads(part.data) == {
        "hash": digest, "name": "图.png", "type": "image/png", "size_bytes": 25600,
        "text": None, "tokens": None,
    }  # fmt: skip
    assert store.attachment(digest) == data and count_files(file) == 1
    store.delete_conversation(one.id)
    assert store.attachment(digest) == data
    store.delete_conversation(two.id)
    with pytest.raises(StoreError, match="not there"):
        store.attachment(digest)
    assert count_files(file) == 0


def test_a_new_version_of_a_message_can_carry_the_file_of_the_old_one(store: Store, file: Path) -> None:
    made = store.create_conversation()
    old = store.add_message(made.id, "user", "look")
    part = store.attach(old.id, "a.txt", "text/plain", b"tea", text="tea", tokens=1)
    new = store.add_message(made.id, "user", "look here", parent_id=ROOT)
    store.add_part(new.id, part.kind, part.data, source=part.source, is_trusted=part.is_trusted)
    with raw(file) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM message WHERE id = ?", (old.id,))
    assert store.message(new.id).parts[-1] == part
    assert store.attachment(json.loads(part.data)["hash"]) == b"tea"


def test_a_question_is_saved_with_its_files_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.create_conversation()
    files = [File("a.txt", "text/plain", b"tea", "tea", 1), File("b.png", "image/png", b"\x89PNG")]
    question, reply = store.add_turn(made.id, "look", files=files)
    assert question is not None and reply.parts == ()
    assert [part.source for part in question.parts] == ["", "a.txt", "b.png"]
    assert store.attachment(json.loads(question.parts[2].data)["hash"]) == b"\x89PNG"
    monkeypatch.setattr(attachments, "MAX_BYTES", 3)
    with pytest.raises(StoreError):
        store.add_turn(made.id, "again", files=files)
    assert [message.text for message in store.visible_path(made.id)] == ["look", ""]


def test_a_file_that_is_too_large_is_refused_in_words(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_BYTES", 10)
    message = store.add_message(store.create_conversation().id, "user", "look")
    with pytest.raises(StoreError, match=r"big\.bin has 1 MB"):
        store.attach(message.id, "big.bin", "x/y", b"x" * 11)
    assert store.message(message.id) == message


def test_damaged_bytes_are_not_handed_out(store: Store, file: Path) -> None:
    message = store.add_message(store.create_conversation().id, "user", "look")
    digest = json.loads(store.attach(message.id, "a", "text/plain", b"tea").data)["hash"]
    with raw(file) as connection:
        connection.execute("UPDATE attachment SET data = x'00'")
    with pytest.raises(StoreError, match="damaged"):
        store.attachment(digest)


def test_a_title_is_replaced_only_while_it_is_the_expected_one(store: Store) -> None:
    made = store.create_conversation(title="first words")
    assert store.replace_title(made.id, expected="first words", title="About tea")
    assert not store.replace_title(made.id, expected="first words", title="Too late")
    assert store.conversation(made.id).title == "About tea"
    assert [hit.title for hit in store.search("tea")] == ["About tea"]
    with pytest.raises(StoreError):
        store.replace_title("nobody", expected="", title="x")


def test_ranks_can_be_taken_back(store: Store) -> None:
    made = store.create_conversation()
    question = store.add_message(made.id, "user", "q")
    versions = [store.add_message(made.id, "assistant", t, parent_id=question.id).id for t in "abc"]
    store.rank_messages([versions[2], versions[0]])
    store.clear_rank(versions[1])
    assert [store.message(one).rank for one in versions] == [0, 0, 0]
    with pytest.raises(StoreError):
        store.clear_rank("nobody")


def test_a_prompt_gets_another_name_unless_it_is_taken(store: Store) -> None:
    store.save_prompt("one", "1")
    store.save_prompt("two", "2")
    store.rename_prompt("one", " three ")
    assert [(p.name, p.text) for p in store.prompts()] == [("three", "1"), ("two", "2")]
    for old, new in (("three", "two"), ("three", " "), ("four", "five")):
        with pytest.raises(StoreError):
            store.rename_prompt(old, new)
    store.rename_prompt("two", "two")
    assert [p.name for p in store.prompts()] == ["three", "two"]
