"""What a salvage has torn apart can be thrown away like anything else, and what is left stays whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from teahouse.ids import now_ms
from teahouse.jobs import Cancel
from teahouse.store import Store
from teahouse.store.salvage import salvage
from teahouse.store.trash import DAY_MS
from tests.core.store.damage import damage_pages, fill, pages_of
from tests.core.store.samples import make_generation, raw
from tests.core.store.test_backups import run
from tests.core.store.test_keeping import pretend_look


@pytest.fixture
def torn(file: Path) -> Path:
    """Replies build their prompts on replies that have moved to the conversation of what was salvaged."""
    fill(file)
    leaves = pages_of(file, "message")
    damage_pages(file, [leaves[2], leaves[-3]], bytes)
    assert run(salvage(file, Cancel())).placeholders
    return file


def find_salvaged(store: Store) -> str:
    return next(found.id for found in store.conversations() if found.title == "Salvaged")


def test_the_trash_with_a_salvaged_conversation_is_emptied_and_the_app_starts(torn: Path) -> None:
    store = Store(torn)
    salvaged = find_salvaged(store)
    store.trash_conversation(salvaged)
    store.close()
    with raw(torn) as connection:
        connection.execute("UPDATE conversation SET trashed_ms = 1600000000000 WHERE id = ?", (salvaged,))
    pretend_look(torn, now_ms() - 2 * DAY_MS)
    again = Store(torn)
    assert not again.conversations(is_trashed=True) and len(again.conversations()) == 40
    again.close()
    with raw(torn) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_prompts_that_were_built_on_it_stay_what_they_were(torn: Path) -> None:
    store = Store(torn)
    salvaged = find_salvaged(store)

    def prompts() -> dict[str, tuple[int, ...]]:
        others = [found.id for found in store.conversations() if found.id != salvaged]
        return {one.message_id: one.prompt_ids for other in others for one in store.whole(other).generations}

    before = prompts()
    assert len(before) > 80 and all(before.values())
    store.delete_conversation(salvaged)
    assert prompts() == before
    store.close()


def test_a_message_below_one_of_another_conversation_begins_its_own(store: Store, file: Path) -> None:
    first, second = store.create_conversation(), store.create_conversation()
    above = store.add_message(first.id, "user", "above")
    below = store.add_message(second.id, "user", "below")
    with raw(file) as connection:
        connection.execute("UPDATE message SET parent_id = ? WHERE id = ?", (above.id, below.id))
    store.delete_conversation(first.id)
    assert store.message(below.id).parent_id is None
    assert [message.text for message in store.visible_path(second.id)] == ["below"]


def test_a_prompt_that_cannot_be_put_together_any_more_is_empty_and_not_wrong(
    store: Store, file: Path
) -> None:
    first, second = store.create_conversation(), store.create_conversation()
    made = []
    for conversation in (first, second):
        reply = store.add_message(conversation.id, "assistant", "", state="streaming")
        generation = make_generation(reply.id, prompt_ids=(10, 11, 12, 13))
        store.finish_message(reply.id, "complete", generation=generation)
        made.append(reply.id)
    with raw(file) as connection:
        connection.execute(
            "UPDATE generation SET prompt_base_id = ?, prompt_shared = 3 WHERE message_id = ?", made
        )
        connection.execute("UPDATE generation SET prompt_rest = x'00' WHERE message_id = ?", made[:1])
    store.delete_conversation(first.id)
    kept = store.generation(made[1])
    assert kept is not None and kept.prompt_ids == () and kept.ids == (1, 2, 3)
