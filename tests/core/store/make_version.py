"""Makes what `versions/` keeps of a schema: a database and what was in it, as that program itself reads it.

`python -m tests.core.store.make_version FOLDER`, with the program of that version on the path. Made once,
when a schema is released; never again.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from teahouse.store import ROOT, Store, migrations
from tests.core.store.samples import make_generation

TEXTS = ["question 问题 😀 'quoted'", "a\tb\n\n```py\nprint('茶')\n```", "x" * 5000, "Ж é ñ 東京 ﷺ", ""]
TITLES = ["", "茶 and water", "O'Brien; DROP", "line\nbreak", "😀" * 30, "trashed"]


def fill(store: Store) -> None:
    """Conversations with a value in every field that this version has."""
    for number, title in enumerate(TITLES):
        made = store.create_conversation(
            title=title, model="starter", system_prompt="Be brief." * (number % 2)
        )
        for turn in range(3):
            user = store.add_message(
                made.id, "user", f"{TEXTS[(number + turn) % len(TEXTS)]} {number} {turn}"
            )
            for version in range(1 + (turn == 1)):
                reply = store.add_message(made.id, "assistant", "", parent_id=user.id, state="streaming")
                store.append_text(reply.id, f"answer {number} {turn} {version}")
                kept = make_generation(
                    reply.id,
                    ids=(turn, version, number),
                    prompt_ids=tuple(range(20 + turn * 30)),
                    seed=number,
                )
                store.finish_message(reply.id, ("complete", "stopped")[version], generation=kept)
        store.add_message(made.id, "user", "edited", parent_id=ROOT)
        store.show_version(user.id)
        store.add_part(reply.id, "summary", "what was said", source="s.txt", is_trusted=False)
        store.pin_message(user.id, True)
        store.change_conversation(
            made.id, folder=("", "work")[number % 2], settings={"a": [number]}, draft="half"
        )
        if hasattr(store, "attach"):
            store.attach(user.id, f"{number}.txt", "text/plain", b"file", text="words of a file", tokens=4)
            store.judge_message(reply.id, thumb=-1, note="no 不")
            store.change_conversation(
                made.id, tags=["b", "茶"], is_pinned=number == 1, is_archived=number == 2
            )
            store.save_prompt(f"prompt {number}", "Be brief. 请简短。")
    if hasattr(store, "trash_conversation"):
        store.trash_conversation(made.id)
    broken = store.create_conversation(title="broken off")
    store.add_message(broken.id, "user", "and then?")
    store.append_text(store.add_message(broken.id, "assistant", "", state="streaming").id, "half an ans")


def describe(store: Store) -> list[dict[str, Any]]:
    """Everything that can be read of each conversation, by the doors that every version has."""
    listed = store.conversations()
    if hasattr(store, "trash_conversation"):
        listed += store.conversations(is_trashed=True)
    found = []
    for conversation in listed:
        path = store.visible_path(conversation.id)
        made = [store.generation(message.id) for message in path]
        found.append(
            {
                "conversation": asdict(conversation),
                "path": [asdict(message) for message in path],
                "siblings": [store.siblings(message.id) for message in path],
                "generations": [asdict(one) for one in made if one is not None],
            }
        )
    plain: list[dict[str, Any]] = json.loads(json.dumps(found))
    return plain


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        file = Path(home) / "teahouse.db"
        store = Store(file)
        fill(store)
        store.close()
        data = file.read_bytes()
        # Opened once more, as the reply that was broken off is only then called so.
        again = Store(file)
        said = describe(again)
        again.close()
    name = f"schema_{migrations.newest()}"
    (folder / f"{name}.db.gz").write_bytes(gzip.compress(data, mtime=0))
    (folder / f"{name}.json.gz").write_bytes(gzip.compress(json.dumps(said).encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
