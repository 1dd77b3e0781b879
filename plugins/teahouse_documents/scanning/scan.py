"""A look through sources: what is new, changed, moved or gone since the last one.

A file is unchanged when size and time are, and this version cut it: nothing of it is read. A new path whose
bytes are those of one that is gone is that file, moved. What lay on a disk that is not there at the moment is
kept.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from teahouse.ids import now_ms
from teahouse.language import Translator
from teahouse_documents.index import content
from teahouse_documents.index.index import Index
from teahouse_documents.scanning import names
from teahouse_documents.scanning.devices import Devices
from teahouse_documents.scanning.difference import Difference, Known
from teahouse_documents.scanning.digest import digest
from teahouse_documents.scanning.ignore import Rules
from teahouse_documents.scanning.walk import Seen, Walk, is_folder, is_there, look, walk
from teahouse_documents.values import SourceOptions

_ = Translator("teahouse_documents")

AT_ONCE = 200
"""Files removed in one transaction."""


class Scanner:
    """Looks through sources and notes what is to be done.

    Args:
        wants: Whether a file of this name can be read at all.
        ignored: Patterns that hold for every folder.
        own: Folders of the app, which are never taken in.
    """

    def __init__(
        self,
        index: Index,
        wants: Callable[[str], bool],
        *,
        ignored: Sequence[str] = (),
        own: Collection[str] = (),
        is_stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._index, self._wants, self._ignored, self._own = index, wants, tuple(ignored), frozenset(own)
        self._is_stopped = is_stopped

    def scan(self, source_ids: Collection[int] | None = None) -> bool:
        """Look through these sources (None: all); whether anything differs from before."""
        with self._index.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM source WHERE kind != 'conversations' ORDER BY id"
            ).fetchall()
        differences = [self._look(row) for row in rows if source_ids is None or row["id"] in source_ids]
        if self._is_stopped():
            return False
        moves = self._find_moves(differences)
        before = {row["id"]: (row["state"], row["reason"]) for row in rows}
        for difference in differences:
            self._apply(difference, moves)
        return any(not d.is_empty or before[d.source_id] != (d.state, d.reason) for d in differences)

    # --- looking ------------------------------------------------------------------------------------

    def _look(self, row: sqlite3.Row) -> Difference:
        options = SourceOptions.from_json(json.loads(row["options"]))
        difference = Difference(row["id"], options)
        with self._index.reading() as connection:
            known = _known(connection, row["id"])
        path = names.opened(row["path"], row["raw"])
        if row["kind"] == "file":
            _look_at_file(path, known, difference)
        else:
            self._look_at_folder(path, known, difference)
        return difference

    def _look_at_folder(self, root: str, known: dict[str, Known], difference: Difference) -> None:
        try:
            is_there = is_folder(root)
        except OSError as error:
            _note_closed(difference, error.strerror or str(error))
            return
        if not is_there:
            difference.state = "missing"
            difference.reason = _("The folder is not there. What was indexed of it is kept.")
            return
        rules = Rules((*self._ignored, *difference.options.ignore), has_hidden=difference.options.has_hidden)
        found = walk(root, rules, self._wants, own=self._own, is_stopped=self._is_stopped)
        if root in found.closed:
            _note_closed(difference, found.closed[root])
            return
        _compare(known, found, difference)

    # --- moves --------------------------------------------------------------------------------------

    def _find_moves(self, differences: Sequence[Difference]) -> dict[str, Known]:
        """Gone files that stand at a new path: by that path."""
        gone: dict[int, list[Known]] = {}
        for difference in differences:
            for known in difference.gone:
                if known.hash and not difference.is_kept_as_gone:
                    gone.setdefault(known.size, []).append(known)
        moves: dict[str, Known] = {}
        for seen in (seen for difference in differences for seen in difference.new):
            candidates = gone.get(seen.size, [])
            hash_ = digest(seen.path) if candidates else None
            match = next((known for known in candidates if known.hash == hash_), None)
            if match is not None:
                candidates.remove(match)
                moves[seen.path] = match
        return moves

    # --- noting -------------------------------------------------------------------------------------

    def _apply(self, difference: Difference, moves: dict[str, Known]) -> None:
        taken = {known.id for known in moves.values()}
        with self._index.writing() as connection:
            connection.execute(
                "UPDATE source SET state = ?, reason = ?, scanned_ms = ? WHERE id = ?",
                (difference.state, difference.reason, now_ms(), difference.source_id),
            )
            if connection.execute("SELECT changes()").fetchone()[0] == 0:
                return  # removed meanwhile
            for seen in difference.new:
                if seen.path in moves:
                    _move(connection, moves[seen.path].id, difference, seen)
                else:
                    _add(connection, difference, seen)
            for known, seen in difference.changed:
                _change(connection, known.id, difference, seen)
        gone = [known.id for known in difference.gone if known.id not in taken]
        for begin in range(0, len(gone), AT_ONCE):
            with self._index.writing() as connection:
                _drop(connection, gone[begin : begin + AT_ONCE], is_kept=difference.is_kept_as_gone)


def _known(connection: sqlite3.Connection, source_id: int) -> dict[str, Known]:
    rows = connection.execute(
        f"SELECT id, path, raw, size, mtime_ns, device, hash, {content.OUTDATED} FROM file "
        "WHERE source_id = ?",
        (source_id,),
    )
    known = (Known(r[0], names.opened(r[1], r[2]), r[3], r[4], r[5], r[6], bool(r[7])) for r in rows)
    return {one.path: one for one in known}


def _note_closed(difference: Difference, reason: str) -> None:
    difference.state = "unreadable"
    text = _("The folder cannot be read ({reason}). What was indexed of it is kept.")
    difference.reason = text.format(reason=reason)


def _compare(known: dict[str, Known], found: Walk, difference: Difference) -> None:
    devices = Devices()
    for path, seen in found.files.items():
        before = known.get(path)
        if before is None:
            difference.new.append(seen)
            continue
        devices.note(before.device, seen.device)
        if not before.is_as(seen):
            difference.changed.append((before, seen))
    missing = [one for path, one in known.items() if path not in found.files]
    closed = tuple(f"{folder}/" for folder in found.closed)
    kept = 0
    for one in missing:
        if (closed and one.path.startswith(closed)) or devices.is_away(one.path, one.device):
            kept += 1
        else:
            difference.gone.append(one)
    difference.reason = _reason(found, kept)


def _reason(found: Walk, kept: int) -> str:
    if found.closed:
        folder, reason = next(iter(found.closed.items()))
        text = _(
            "{count} folders inside cannot be read, such as {folder} ({reason}). What was indexed is kept."
        )
        return text.format(count=len(found.closed), folder=names.shown(folder), reason=reason)
    if kept:
        text = _(
            "{count} files lie on a disk that is not there at the moment. What was indexed of them is kept."
        )
        return text.format(count=kept)
    return ""


def _look_at_file(path: str, known: dict[str, Known], difference: Difference) -> None:
    try:
        seen = look(path)
    except OSError as error:
        difference.state = "unreadable"
        difference.reason = _("The file cannot be read ({reason}). What was indexed of it is kept.").format(
            reason=error.strerror or error
        )
        return
    before = known.get(path)
    if seen is not None:
        if before is None:
            difference.new.append(seen)
        elif not before.is_as(seen):
            difference.changed.append((before, seen))
        return
    difference.state = "missing"
    if not is_there(str(Path(path).parent)) or (before and Devices().is_away(path, before.device)):
        difference.reason = _("The file's folder is not there. What was indexed of it is kept.")
        return
    difference.reason = _("The file is gone. What was indexed of it was removed.")
    if before is not None and before.size >= 0:
        difference.gone.append(before)
        difference.is_kept_as_gone = True


def _too_large(difference: Difference, seen: Seen) -> str:
    if seen.size <= difference.options.most_bytes:
        return ""
    return _("It is larger than {limit} MB.").format(limit=difference.options.most_bytes >> 20)


def _add(connection: sqlite3.Connection, difference: Difference, seen: Seen) -> None:
    reason = _too_large(difference, seen)
    connection.execute(
        "INSERT OR IGNORE INTO file (source_id, path, raw, title, size, mtime_ns, device, state, reason, "
        "changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(difference.source_id, names.shown(seen.path), names.raw(seen.path)),
            *(Path(names.shown(seen.path)).name, seen.size, seen.mtime_ns, seen.device),
            *("failed" if reason else "waiting", reason, now_ms()),
        ),
    )


def _change(connection: sqlite3.Connection, file_id: int, difference: Difference, seen: Seen) -> None:
    reason = _too_large(difference, seen)
    if reason:
        content.remove_chunks(connection, "file_id = ?", file_id)
        connection.execute("UPDATE file SET hash = '' WHERE id = ?", (file_id,))
    connection.execute(
        "UPDATE file SET size = ?, mtime_ns = ?, device = ?, state = ?, reason = ?, changed_ms = ? "
        "WHERE id = ?",
        (seen.size, seen.mtime_ns, seen.device, "failed" if reason else "waiting", reason, now_ms(), file_id),
    )


def _move(connection: sqlite3.Connection, file_id: int, difference: Difference, seen: Seen) -> None:
    connection.execute(
        "UPDATE file SET source_id = ?, path = ?, raw = ?, title = ?, mtime_ns = ?, device = ?, "
        "changed_ms = ? WHERE id = ?",
        (
            *(difference.source_id, names.shown(seen.path), names.raw(seen.path)),
            *(Path(names.shown(seen.path)).name, seen.mtime_ns, seen.device, now_ms(), file_id),
        ),
    )


def _drop(connection: sqlite3.Connection, ids: Sequence[int], *, is_kept: bool) -> None:
    """Remove what was made of files that are gone; a source of one file keeps the file's row as gone."""
    if not is_kept:
        content.remove_files(connection, ids)
        return
    for number in ids:
        content.remove_chunks(connection, "file_id = ?", number)
        connection.execute(
            "UPDATE file SET state = 'gone', hash = '', size = -1, mtime_ns = 0, reason = '' WHERE id = ?",
            (number,),
        )
