-- Schema 2: what a person does to keep order, and what judges replies.

ALTER TABLE conversation ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN is_archived INTEGER NOT NULL DEFAULT 0;

-- A table, not JSON in a column: a search by tag needs no damaged value to be well formed.
CREATE TABLE tag (
  number INTEGER PRIMARY KEY,
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  UNIQUE (conversation_id, name)
) STRICT;

CREATE INDEX tag_by_name ON tag (name);

-- message.thumb, of schema 1: -1, 0 or NULL, 1. rank: 1 the best of its siblings, 0 not ranked.
ALTER TABLE message ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;

CREATE INDEX message_by_thumb ON message (thumb) WHERE thumb <> 0;

CREATE TABLE prompt (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  text TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;

-- The bytes of a file once, however many messages carry it. In the database, not beside it, so that a
-- message and its file are saved, backed up and purged together.
CREATE TABLE attachment (
  number INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;

-- Who uses which file. Rows, not a counter: they cannot drift, and go with their message.
CREATE TABLE attached (
  number INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  attachment_hash TEXT NOT NULL REFERENCES attachment (hash),
  UNIQUE (message_id, attachment_hash)
) STRICT;

CREATE INDEX attached_by_hash ON attached (attachment_hash);
