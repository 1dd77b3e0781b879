"""Conversations as trees of messages in one SQLite file, with all that each reply stores.

`Store` is the door; behind it `database` opens the file and `words` speaks of its errors,
`migrations` bring it up to date, `rows` read tolerantly, `writers` and `recovery` tell a reply that
still grows from one whose process died.

`backups`, `restoring` and `salvage` also serve where a file cannot be opened at all: they take its path.
"""

from teahouse.store.backups import Backup
from teahouse.store.health import Health
from teahouse.store.salvage import Salvaged
from teahouse.store.store import ROOT, Store

__all__ = ["ROOT", "Backup", "Health", "Salvaged", "Store"]
