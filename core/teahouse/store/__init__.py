"""Conversations as trees of messages in one SQLite file, with all that each reply stores.

`Store` is the door; behind it `database` opens the file and speaks of its errors in words,
`migrations` bring it up to date, `rows` read tolerantly, `writers` and `recovery` tell a reply that
still grows from one whose process died.
"""

from teahouse.store.store import ROOT, Store

__all__ = ["ROOT", "Store"]
