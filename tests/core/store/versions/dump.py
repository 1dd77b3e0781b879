"""Writes a database as SQL: `python -m tests.core.store.versions.dump FILE > schema_N.sql`.

Run before a schema is released, on a database that its own version of the program filled.
"""

from __future__ import annotations

import sqlite3
import sys


def main(file: str) -> None:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    for pragma in ("application_id", "user_version"):
        value = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        sys.stdout.write(f"PRAGMA {pragma} = {value};\n")
    for line in connection.iterdump():
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1])
