"""The pages of a database read past SQLite, for what SQLite can no longer reach.

Only the leaves of tables are read: each carries its rows whole, whatever is left of the tree above it.
Format: https://www.sqlite.org/fileformat2.html (1.6 B-tree pages, 2.1 record format, 4 the log).
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path

LEAF = 0x0D
HEADER_SIZE = 100
LOG_HEADER_SIZE = 32
FRAME_HEADER_SIZE = 24
DEFAULT_PAGE_SIZE = 4096
MAX_COLUMNS = 200

INTEGER_SIZES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

Value = str | bytes | int | float | None


class _Broken(Exception):
    """These bytes are no row."""


class Pages:
    """The pages of a database and of the log beside it, by number from 1."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as stream:
            # Mapped, not read: a database may be larger than the memory.
            size = file.stat().st_size
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        self.size = _page_size(self._data)
        self.usable = self.size - (self._data[20] if self._data[:6] == b"SQLite" else 0)
        self._log = dict(_read_log(file.with_name(f"{file.name}-wal"), self.size))
        self.count = max(-(-len(self._data) // self.size), *self._log, 1)

    def close(self) -> None:
        """Let go of the file."""
        if isinstance(self._data, mmap.mmap):
            self._data.close()

    def rows(self) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """(rowid, values) of every row on every leaf that is in use; a damaged one is left out."""
        free = self._find_free()
        for number in range(1, self.count + 1):
            if number not in free:
                yield from self._rows_on(number)

    def page(self, number: int) -> bytes:
        """A page as the log has it last, or else the file; empty when neither has it."""
        if number in self._log:
            return self._log[number]
        return self._data[(number - 1) * self.size : number * self.size] if number > 0 else b""

    def _rows_on(self, number: int) -> Iterator[tuple[int, tuple[Value, ...]]]:
        page = self.page(number)
        start = HEADER_SIZE if number == 1 else 0
        if len(page) < self.size or page[start] != LEAF:
            return
        cells = int.from_bytes(page[start + 3 : start + 5], "big")
        for index in range(min(cells, self.size // 4)):
            pointer = start + 8 + 2 * index
            try:
                yield self._read_cell(page, int.from_bytes(page[pointer : pointer + 2], "big"))
            except (_Broken, IndexError, struct.error):
                continue

    def _read_cell(self, page: bytes, at: int) -> tuple[int, tuple[Value, ...]]:
        length, at = _read_varint(page, at)
        rowid, at = _read_varint(page, at)
        if length > len(self._data) + self.size * len(self._log):
            raise _Broken
        local = self._count_local(length)
        payload = page[at : at + local]
        if local < length:
            payload += self._read_overflow(page[at + local : at + local + 4], length - local)
        return _signed(rowid), _read_record(payload)

    def _count_local(self, length: int) -> int:
        """How many bytes of a row lie on the leaf itself."""
        most = self.usable - 35
        if length <= most:
            return length
        least = (self.usable - 12) * 32 // 255 - 23
        count = least + (length - least) % (self.usable - 4)
        return count if count <= most else least

    def _read_overflow(self, pointer: bytes, length: int) -> bytes:
        """The rest of a long row; a chain that breaks gives what came before."""
        found, seen = bytearray(), set()
        number = int.from_bytes(pointer, "big")
        while number and number not in seen and len(found) < length:
            seen.add(number)
            page = self.page(number)[: self.usable]
            found += page[4:]
            number = int.from_bytes(page[:4], "big")
        return bytes(found[:length])

    def _find_free(self) -> set[int]:
        """Numbers of the pages in the free list, where rows that were deleted may still stand.

        None where the list is not as long as it should be: it may name pages that are in use.
        """
        free: set[int] = set()
        trunk = int.from_bytes(self.page(1)[32:36], "big")
        while 0 < trunk <= self.count and trunk not in free:
            free.add(trunk)
            page = self.page(trunk)
            count = min(int.from_bytes(page[4:8], "big"), self.size // 4 - 2)
            leaves = struct.unpack(f">{count}I", page[8 : 8 + 4 * count]) if len(page) == self.size else ()
            free.update(leaves)
            trunk = int.from_bytes(page[:4], "big")
        return free if len(free) == int.from_bytes(self.page(1)[36:40], "big") else set()


def _page_size(data: bytes | mmap.mmap) -> int:
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    return size if size >= 512 and size & (size - 1) == 0 else DEFAULT_PAGE_SIZE


def _read_log(log: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """(number, page) of what was committed to the log, oldest first."""
    data = log.read_bytes() if log.exists() else b""
    waiting: list[tuple[int, bytes]] = []
    salts = data[16:24]
    for at in range(LOG_HEADER_SIZE, len(data) - size - FRAME_HEADER_SIZE + 1, size + FRAME_HEADER_SIZE):
        number, committed = struct.unpack(">II", data[at : at + 8])
        if data[at + 8 : at + 16] != salts:
            return
        waiting.append((number, data[at + FRAME_HEADER_SIZE : at + FRAME_HEADER_SIZE + size]))
        if committed:
            yield from waiting
            waiting = []


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for count in range(9):
        byte = data[at + count]
        if count == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + count + 1
    raise _Broken


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _read_record(payload: bytes) -> tuple[Value, ...]:
    end, at = _read_varint(payload, 0)
    if end > len(payload):
        raise _Broken
    kinds: list[int] = []
    while at < end and len(kinds) <= MAX_COLUMNS:
        kind, at = _read_varint(payload, at)
        kinds.append(kind)
    if at != end:
        raise _Broken
    values: list[Value] = []
    for kind in kinds:
        value, at = _read_value(payload, at, kind)
        values.append(value)
    return tuple(values)


def _read_value(payload: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind in INTEGER_SIZES:
        end = at + INTEGER_SIZES[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", payload[at : at + 8])[0], at + 8
    if kind in (0, 8, 9):
        return {0: None, 8: 0, 9: 1}[kind], at
    if kind < 12:
        raise _Broken
    end = at + (kind - 12) // 2
    data = payload[at:end]
    return (data.decode("utf-8", "replace") if kind % 2 else data), end
