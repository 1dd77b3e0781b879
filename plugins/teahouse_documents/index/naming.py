"""Files and collections by their names: what a message can name, what it does name, which types there are."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from teahouse.mentions import AT, LONGEST, starts_of
from teahouse_documents.index import titles
from teahouse_documents.index.index import Index
from teahouse_documents.named import Mentioned, Named

QUOTES = {'"': '"', "“": "”", "「": "」", "『": "』", "《": "》", "'": "'", "‘": "’"}
"""A name may stand in these behind its mark."""

Meant = tuple[int, str]
"""Id and path of a file; 0 and the name of a collection."""

Known = Mapping[str, Sequence[Meant]]
PREFIX = 3
"""Characters of a name by which it is told whether any file may be meant."""


def complete(index: Index, typed: str, preferred: Sequence[str], limit: int) -> list[Named]:
    """Files whose name has what is typed in it, or whose path where that has a slash; best first.

    What could not be read is not offered: it has nothing that could answer.

    Args:
        typed: Without its mark; empty for the files that were changed last.
        preferred: Names of collections whose files come first.
    """
    wanted, first = folded(typed), {folded(name) for name in preferred}
    found: dict[str, tuple[tuple[object, ...], Named]] = {}
    with index.reading() as connection:
        if wanted:
            rows = titles.offered(connection, typed, preferred, limit)
        else:
            rows = titles.newest(connection, preferred, limit)
        for row in rows:
            name = name_of(row["path"], row["title"])
            where = folded(row["path"] if "/" in typed else name)
            at = where.find(wanted)
            if at < 0 or not name:
                continue
            is_other = folded(row["collection"]) not in first
            begins = 0 if at == 0 else 1 if not where[at - 1].isalnum() or where[at] > "\u3000" else 2
            order = (is_other, begins, -row["mtime_ns"] if not wanted else len(name), where)
            is_known = row["path"] in found and found[row["path"]][0] <= order
            if not is_known:
                found[row["path"]] = (order, Named(name, name, row["path"], row["collection"]))
        best = [named for _order, named in sorted(found.values(), key=lambda one: one[0])[:limit]]
        return _told_apart(connection, best)


def mentioned(index: Index, text: str) -> Mentioned:
    """What of the library a text names: after each mark the longest name that stands there.

    A question may be a program, with a mark in each line: only files are read whose name may be meant.
    """
    starts = starts_of(text)
    if not starts:
        return Mentioned()
    spans, names, written = list[tuple[int, int]](), list[str](), list[str]()
    meant_files: dict[int, str] = {}
    with index.reading() as connection:
        collections = _by_name((row["name"], (0, row["name"])) for row in _collections(connection))
        files = _Files(connection)
        for start in starts:
            is_file = text[start] in AT
            known = files.known(text, start + 1) if is_file else collections
            found = _named_at(text, start + 1, known, is_path=is_file) if known else None
            if found is None or (spans and start < spans[-1][1]):
                continue
            end, meant = found
            spans.append((start, end))
            if is_file:
                meant_files |= dict(meant)
                written.append(text[start + 1 : end])
            else:
                names += [name for _number, name in meant]
    paths = tuple(dict.fromkeys(meant_files.values()))
    collections_named, files_named = tuple(dict.fromkeys(names)), tuple(dict.fromkeys(written))
    return Mentioned(collections_named, tuple(meant_files), files_named, paths, tuple(spans))


def types(index: Index, collections: Sequence[str]) -> list[tuple[str, int]]:
    """Endings of file names without the dot, with how many files have each; the most frequent first.

    Args:
        collections: Names; empty for all.
    """
    wanted = {folded(name) for name in collections}
    with index.reading() as connection:
        named = _collections(connection) if wanted else ()
        ids = [row["id"] for row in named if folded(row["name"]) in wanted]
        rows = titles.endings(connection, ids if wanted else None)
    counts = Counter[str]()
    for row in rows:
        counts[row["ending"].lower()] += row["files"]  # SQLite knows the small letters of ASCII only
    return counts.most_common()


def folded(text: str) -> str:
    """As names are compared: in one line, capitals like small letters."""
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def name_of(path: str, title: str = "") -> str:
    """What people call a file: its name, or the title of a conversation; empty if none can be written."""
    last = path.replace("\\", "/").rsplit("/", 1)[-1]
    name = " ".join((title if title and "/" not in path else last).split())
    return name if name.isprintable() and len(name) < LONGEST else ""


def tail_of(path: str) -> str:
    """Folder and name, where several files have the name."""
    return " ".join("/".join(path.replace("\\", "/").rsplit("/", 2)[-2:]).split())


# --- inside ---------------------------------------------------------------------------------------


def _collections(connection: sqlite3.Connection) -> Iterable[sqlite3.Row]:
    return connection.execute("SELECT id, name FROM collection").fetchall()


def _by_name(named: Iterable[tuple[str, Meant]]) -> dict[str, list[Meant]]:
    known: defaultdict[str, list[Meant]] = defaultdict(list)
    for name, one in named:
        if name:
            known[folded(name)].append(one)
    return known


class _Files:
    """The files that may be meant behind a mark."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._has: dict[str, bool] = {}
        self._asked: set[str] = set()
        self._known: defaultdict[str, list[Meant]] = defaultdict(list)

    def known(self, text: str, start: int) -> Known:
        """By name the files found so far, among them all that what stands there may mean."""
        written = [name for name, _end in _candidates(text, start)]
        lasts = dict.fromkeys(name.rsplit("/", 1)[-1] for name in written)
        wanted = [name for name in lasts if name and name not in self._asked and self._may_be(name)]
        self._asked.update(wanted)
        for row in titles.titled(self._connection, wanted):
            held = self._known[folded(name_of(row["path"], row["title"]))]
            if (row["id"], row["path"]) not in held:
                held.append((row["id"], row["path"]))
        return self._known

    def _may_be(self, name: str) -> bool:
        """Whether any file's name begins as this one does: of most words in a program none does."""
        begin = name[:PREFIX]
        if begin not in self._has:
            self._has[begin] = titles.has_beginning(self._connection, begin)
        return self._has[begin]


def _told_apart(connection: sqlite3.Connection, best: Sequence[Named]) -> list[Named]:
    """The same, with the folder where several files have a name."""
    rows = titles.titled(connection, [named.name for named in best], is_readable=True)
    taken = Counter(folded(name_of(path)) for path in {row["path"] for row in rows})
    return [
        named if taken[folded(named.name)] < 2 else replace(named, text=tail_of(named.path)[-LONGEST + 1 :])
        for named in best
    ]


def _candidates(text: str, start: int) -> Iterator[tuple[str, int]]:
    """What may be a name there, with where it ends: the longest first."""
    start += text[start : start + 1] in QUOTES
    line = text[start : start + LONGEST].split("\n", 1)[0]
    for length in range(len(line), 0, -1):
        if not line[length - 1].isspace() and not _is_cut(line, length):
            yield line[:length], start + length


def _named_at(text: str, start: int, known: Known, *, is_path: bool) -> tuple[int, list[Meant]] | None:
    """(Where the longest name that begins here ends, what it stands for)."""
    closing = QUOTES.get(text[start : start + 1], "")
    for written, end in _candidates(text, start):
        name = folded(written)
        meant = _with_tail(name, known) if is_path else list(known.get(name, ()))
        if meant:
            return end + bool(closing and text[end : end + 1] == closing), meant
    return None


def _with_tail(name: str, known: Known) -> list[Meant]:
    """Files of a name, or of the end of a path."""
    last = name.rsplit("/", 1)[-1]
    meant = list(known.get(name, ()))
    if "/" in name:
        ends = [one for one in known.get(last, ()) if folded(one[1]).endswith("/" + name)]
        meant += [one for one in ends if one not in meant]
    return meant


def _is_cut(line: str, length: int) -> bool:
    """Whether a name would end inside a word or a number; Han characters stand alone."""
    before, after = line[length - 1], line[length : length + 1]
    return _is_letter(before) and _is_letter(after)


def _is_letter(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"
