"""Databases with damaged pages, and what a plain scan can still read of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

from teahouse.store import Store
from teahouse.store.pages import Pages
from teahouse.store.tables import TABLES
from tests.core.store.samples import make_generation, raw

PAGE = 4096


def fill(file: Path, conversations: int = 40) -> None:
    """A database with rows in every table, long ones among them."""
    store = Store(file)
    for number in range(conversations):
        made = store.create_conversation(title=f"c{number} 茶")
        for turn in range(3):
            user = store.add_message(
                made.id, "user", f"question {number} {turn} " * (200 if turn == 2 else 2)
            )
            reply = store.add_message(made.id, "assistant", "", state="streaming")
            store.append_text(reply.id, f"answer {number} {turn}")
            store.finish_message(reply.id, "complete", generation=make_generation(reply.id))
        store.change_conversation(made.id, tags=["a", f"tag {number}"])
        store.save_prompt(f"prompt {number}", "Be brief. " * 10)
        store.attach(user.id, f"{number}.txt", "text/plain", f"file {number}".encode() * 700, text="file")
    store.close()


def damage_pages(file: Path, pages: Iterable[int], make: Callable[[int], bytes]) -> None:
    """Overwrite pages, counted from 1; of the first one all but the header."""
    data = bytearray(file.read_bytes())
    for page in pages:
        start, end = (page - 1) * PAGE + (100 if page == 1 else 0), page * PAGE
        data[start:end] = make(end - start)
    file.write_bytes(data)


def pages_of(file: Path, table: str) -> list[int]:
    """Numbers of the leaves of a table."""
    with raw(file) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    data = file.read_bytes()

    def walk(page: int) -> list[int]:
        start = (page - 1) * PAGE
        if data[start] == 0x0D:
            return [page]
        count = int.from_bytes(data[start + 3 : start + 5], "big")
        cells = [int.from_bytes(data[start + 12 + 2 * n : start + 14 + 2 * n], "big") for n in range(count)]
        children = [int.from_bytes(data[start + cell : start + cell + 4], "big") for cell in cells]
        children.append(int.from_bytes(data[start + 8 : start + 12], "big"))
        return [leaf for child in children for leaf in walk(child)]

    return walk(root)


def rows_by_page(file: Path) -> dict[str, dict[int, set[tuple[object, ...]]]]:
    """Of each leaf of each table the keys of its rows: what can be read of it if another page is damaged."""
    found: dict[str, dict[int, set[tuple[object, ...]]]] = {}
    with raw(file) as connection, closing(Pages(file)) as pages:
        for table in TABLES:
            names = [row[1] for row in connection.execute(f"PRAGMA table_info({table.name})")]
            places = [names.index(name) for name in table.key]
            found[table.name] = {
                page: {tuple(values[at] for at in places) for _rowid, values in pages._rows_on(page)}
                for page in pages_of(file, table.name)
            }
    return found


def scan(file: Path) -> dict[str, set[tuple[object, ...]]]:
    """Of each table the keys of the rows that plain SQLite reads before it fails."""
    found: dict[str, set[tuple[object, ...]]] = {}
    for table in TABLES:
        keys: set[tuple[object, ...]] = set()
        try:
            with closing(sqlite3.connect(f"file:{file}?immutable=1", uri=True)) as connection:
                connection.text_factory = lambda data: data.decode("utf-8", "replace")
                for row in connection.execute(f"SELECT {', '.join(table.key)} FROM {table.name} NOT INDEXED"):
                    keys.add(tuple(row))
        except sqlite3.DatabaseError:
            pass
        found[table.name] = keys
    return found
