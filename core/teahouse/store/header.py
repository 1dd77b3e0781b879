"""What the first bytes of a database say, read before SQLite could change one of them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from teahouse.store import migrations
from teahouse.store.connections import connect_read_only
from teahouse.store.words import foreign

MAGIC = b"SQLite format 3\0"

LOG_SUFFIX = "-wal"


def read_schema(file: Path) -> int:
    """The schema version of a database; 0 where there is none yet.

    Raises:
        StoreError: It is not a database, or another program's.
        OSError: It cannot be read.
    """
    if not file.exists() or not file.stat().st_size:
        return 0
    with file.open("rb") as stream:
        header = stream.read(100)
    if not header.startswith(MAGIC) or len(header) < 100:
        raise foreign(file)
    # Offsets: https://www.sqlite.org/fileformat.html#the_database_header
    version, application = (int.from_bytes(header[at : at + 4], "big") for at in (60, 68))
    log = file.with_name(f"{file.name}{LOG_SUFFIX}")
    if log.exists() and log.stat().st_size:
        version, application = _peek(file)
    if (version or application) and application != migrations.APPLICATION_ID:
        raise foreign(file)
    return version


def _peek(file: Path) -> tuple[int, int]:
    """Version and application of a file whose log is not folded in; a read-only look leaves both alone."""
    with closing(connect_read_only(file)) as connection:
        return migrations.read_version(connection), migrations.read_application(connection)
