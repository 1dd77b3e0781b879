"""The tables of `data/documents/index.db`, the truth about documents; everything else is made from it.

    collection ─< source ─< file ─< chunk ─< vector >─ embedder
                              │       └─ fts (rowid = chunk.id)
                              └─ handed

- `source` is a folder, a file or the past conversations, and belongs to one collection. A file below two
  sources has two rows in `file`; what was computed for the first is copied for the second.
- `file.state`: waiting (to be read; the chunks of what it was before stand here until then) → embedding
  (its chunks stand here, some without vector) → done; failed (with `reason`; tried again when it changes
  or when asked), quarantined (the same, for a file that is broken or broke its reader), gone (of a source
  that is one file, which is gone). `path` is for people and unique in its source; `raw` has the bytes of
  a name that is no UTF-8. A conversation's path is `conversation:ID`; its text waits in `handed` until it
  is cut.
- `chunk.embedder_id` says for which embedder it was cut. While an embedder is being changed, chunks of two
  embedders stand beside each other: **every search filters by the embedder whose state is `active`**
  (`ACTIVE`); what is `old` is being removed. An embedder of dimension 0 stands for none: full text only.
  `place` is the JSON of `Place`; `heading` its headings joined, for search and people.
- `vector.value` holds `embedder.dimension` little-endian float16 of a vector of length 1. `unsynced` names
  the vectors that the vector index (chroma) has not yet taken in or dropped; it is written in the same
  transaction.
- `fts` is contentless FTS5 over `lexical.split` of heading and text: a row is deleted with the same words
  it was put in with (`fts.py` is the only one that writes it); `meta.split` names the split's version.
- `request` is what a process that does not own the index asks of the one that does.

Times are UTC milliseconds, `mtime_ns` is the file system's. Hashes are SHA-256 of the
bytes in hexadecimal, as those of attachments.
"""

from __future__ import annotations

APPLICATION_ID = 0x54454144
"""`TEAD`: in the header of each index.db that is ours."""

VERSION = 1

ACTIVE = "(SELECT id FROM embedder WHERE state = 'active')"
"""SQL: the embedder that is searched with."""

STATES = ("waiting", "embedding", "done", "failed", "quarantined", "gone")

TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE collection (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        created_ms INTEGER NOT NULL)""",
    """CREATE TABLE source (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        collection_id INTEGER NOT NULL REFERENCES collection ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('folder', 'file', 'conversations')),
        path TEXT NOT NULL,
        raw BLOB,
        options TEXT NOT NULL DEFAULT '{}',
        state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'ready', 'missing', 'unreadable')),
        reason TEXT NOT NULL DEFAULT '',
        scanned_ms INTEGER,
        UNIQUE (collection_id, path))""",
    """CREATE TABLE file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        source_id INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
        path TEXT NOT NULL,
        raw BLOB,
        title TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        device INTEGER NOT NULL DEFAULT 0,
        hash TEXT NOT NULL DEFAULT '',
        loader TEXT NOT NULL DEFAULT '',
        chunker TEXT NOT NULL DEFAULT '',
        embedder_id INTEGER REFERENCES embedder ON DELETE SET NULL,
        state TEXT NOT NULL DEFAULT 'waiting',
        reason TEXT NOT NULL DEFAULT '',
        remarks TEXT NOT NULL DEFAULT '[]',
        priority INTEGER NOT NULL DEFAULT 0,
        tries INTEGER NOT NULL DEFAULT 0,
        changed_ms INTEGER NOT NULL,
        UNIQUE (source_id, path))""",
    "CREATE INDEX file_due ON file (state, priority DESC, id)",
    "CREATE INDEX file_hash ON file (hash)",
    """CREATE TABLE handed (
        file_id INTEGER PRIMARY KEY REFERENCES file ON DELETE CASCADE,
        pieces TEXT NOT NULL)""",
    """CREATE TABLE embedder (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        dimension INTEGER NOT NULL,
        spec TEXT NOT NULL DEFAULT '{}',
        state TEXT NOT NULL CHECK (state IN ('active', 'building', 'old')))""",
    """CREATE TABLE chunk (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        file_id INTEGER NOT NULL REFERENCES file ON DELETE CASCADE,
        embedder_id INTEGER NOT NULL REFERENCES embedder ON DELETE CASCADE,
        position INTEGER NOT NULL,
        text TEXT NOT NULL,
        place TEXT NOT NULL DEFAULT '{}',
        tokens INTEGER NOT NULL,
        kind TEXT NOT NULL DEFAULT 'text',
        heading TEXT NOT NULL DEFAULT '',
        UNIQUE (file_id, embedder_id, position))""",
    "CREATE INDEX chunk_embedder ON chunk (embedder_id)",
    """CREATE TABLE vector (
        chunk_id INTEGER PRIMARY KEY REFERENCES chunk ON DELETE CASCADE,
        embedder_id INTEGER NOT NULL REFERENCES embedder ON DELETE CASCADE,
        value BLOB NOT NULL)""",
    "CREATE INDEX vector_embedder ON vector (embedder_id)",
    "CREATE TABLE unsynced (chunk_id INTEGER PRIMARY KEY, embedder_id INTEGER NOT NULL)",
    "CREATE VIRTUAL TABLE fts USING fts5(words, content='', tokenize='porter unicode61')",
    """CREATE TABLE request (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        verb TEXT NOT NULL,
        args TEXT NOT NULL DEFAULT '{}',
        created_ms INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'failed')),
        answer TEXT NOT NULL DEFAULT 'null')""",
)

INDEXES = (
    "CREATE INDEX IF NOT EXISTS file_title ON file (title COLLATE NOCASE)",
    "CREATE INDEX IF NOT EXISTS file_changed ON file (mtime_ns)",
)
"""Made by whoever owns the file: they change no answer, only how soon it comes, and older versions pass over
them."""
