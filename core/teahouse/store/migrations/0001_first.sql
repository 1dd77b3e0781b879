-- Schema 1. Ids are UUIDv7 text, times UTC milliseconds, values that are not plain are JSON.
-- `number` counts rows in the order they were added and survives VACUUM, so it can order versions,
-- break cycles in a damaged file and be what a full-text index refers to.

CREATE TABLE conversation (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  leaf_id TEXT REFERENCES message (id) ON DELETE SET NULL,
  title TEXT NOT NULL DEFAULT '',
  folder TEXT NOT NULL DEFAULT '',
  system_prompt TEXT NOT NULL DEFAULT '',
  model TEXT NOT NULL DEFAULT '',
  settings TEXT NOT NULL DEFAULT '{}',
  draft TEXT NOT NULL DEFAULT '',
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL,
  trashed_ms INTEGER
) STRICT;

CREATE INDEX conversation_by_leaf ON conversation (leaf_id);
CREATE INDEX conversation_by_updated ON conversation (updated_ms);

CREATE TABLE message (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  -- No cascade: it would nest once for each message of a long path, and SQLite stops at 1000.
  parent_id TEXT REFERENCES message (id),
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  is_pinned INTEGER NOT NULL DEFAULT 0,
  thumb INTEGER,
  writer_id TEXT
) STRICT;

CREATE INDEX message_by_parent ON message (parent_id, conversation_id);
CREATE INDEX message_by_conversation ON message (conversation_id);
CREATE INDEX message_streaming ON message (writer_id) WHERE state = 'streaming';

CREATE TABLE part (
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT '',
  is_trusted INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (message_id, position)
) STRICT;

-- The prompt of a reply is the first `prompt_shared` ids of its base (that one's prompt followed by
-- what it generated) and then `prompt_rest`. A base cannot be deleted before those that need it.
-- ids, prompt_rest: zlib of int32 little-endian.
CREATE TABLE generation (
  number INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL UNIQUE REFERENCES message (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  ids BLOB NOT NULL,
  prompt_base_id TEXT REFERENCES generation (message_id),
  prompt_shared INTEGER NOT NULL DEFAULT 0,
  prompt_rest BLOB NOT NULL,
  adapters TEXT NOT NULL,
  sampling TEXT NOT NULL,
  seed INTEGER NOT NULL,
  usage TEXT NOT NULL,
  timings TEXT NOT NULL,
  finish_reason TEXT NOT NULL,
  engine TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX generation_by_base ON generation (prompt_base_id);
