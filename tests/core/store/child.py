"""The child process of the store's tests: `python -m tests.core.store.child MODE FILE …`."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.jobs import Cancel
from teahouse.store import Store, migrations
from teahouse.store.salvage import salvage
from tests.core.store.samples import digest, make_generation


def tell(*values: Any) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def chat(file: Path, seed: str) -> None:
    """Write without end, and tell each thing once it is on disk."""
    chance = random.Random(seed)
    store = Store(file)
    while True:
        conversation = store.create_conversation(title=seed)
        for _turn in range(chance.randint(1, 6)):
            user = store.add_message(conversation.id, "user", f"{seed} 问 " * chance.choice([1, 9, 2000]))
            tell("message", user.id, len(user.text), digest(user.text))
            reply = store.add_message(conversation.id, "assistant", "", state="streaming")
            tell("message", reply.id, 0, digest(""))
            written = ""
            for _slice in range(chance.randint(0, 8)):
                more = chance.choice(["word ", "答😀", "long " * 3000])
                store.append_text(reply.id, more)
                written += more
                tell("message", reply.id, len(written), digest(written))
            ids = tuple(chance.choices(range(150_000), k=chance.choice([3, 3000])))
            done = make_generation(reply.id, ids=ids, prompt_ids=ids[::-1])
            store.finish_message(reply.id, "complete", generation=done)
            tell("finished", reply.id, ids)


def serve_chats(_folder: Path) -> None:
    """For each line `FILE TOLD SEED` fork a child that chats, tell its id, and tell when it is dead.

    A fork takes a hundredth of the time of a new interpreter. No database was opened before it.
    """
    for line in sys.stdin:
        file, told, seed = json.loads(line)
        process = os.fork()
        if not process:
            sys.stdout = Path(told).open("w", encoding="utf-8")  # noqa: SIM115
            chat(Path(file), seed)
        tell(process)
        os.waitpid(process, 0)
        tell("dead")


def stream(file: Path) -> None:
    """Begin a reply and wait in the middle of it."""
    store = Store(file)
    conversation = store.create_conversation()
    store.add_message(conversation.id, "user", "question")
    reply = store.add_message(conversation.id, "assistant", "", state="streaming")
    store.append_text(reply.id, "half an ans")
    tell(reply.id)
    sys.stdin.readline()
    store.append_text(reply.id, "wer")
    store.finish_message(reply.id, "complete")
    store.close()


def write_some(file: Path, name: str, number: str) -> None:
    """Open at the same moment as others and write beside them."""
    tell("ready")
    sys.stdin.readline()
    store = Store(file)
    conversation = store.create_conversation(title=name)
    for turn in range(int(number)):
        store.add_message(conversation.id, "user", f"{name} {turn}")
    store.close()


def renew(file: Path) -> None:
    """Leave a newer version's change in the write-ahead log, as a crash of that version would."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA user_version = 99")
    tell("done")
    os._exit(0)


def salvage_it(file: Path) -> None:
    """Salvage a damaged database."""
    tell("begins")
    for _progress in salvage(file, Cancel()):
        pass
    tell("ended")


def migrate_and_die(file: Path, number: str, step: str) -> None:
    """Bring a database up to date and be killed before a statement of one migration, or before its commit."""
    run, statements = migrations._run, migrations._statements

    def dying(script: str) -> Iterator[str]:
        for count, statement in enumerate(statements(script)):
            if count == int(step):
                os.kill(os.getpid(), signal.SIGKILL)
            yield statement
        os.kill(os.getpid(), signal.SIGKILL)

    def run_one(connection: sqlite3.Connection, of: int, script: str) -> None:
        migrations._statements = dying if of == int(number) else statements
        run(connection, of, script)

    migrations._run = run_one
    Store(file)


if __name__ == "__main__":
    mode, path, *more = sys.argv[1:]
    modes = (chat, serve_chats, stream, write_some, renew, salvage_it, migrate_and_die)
    {one.__name__: one for one in modes}[mode](Path(path), *more)
