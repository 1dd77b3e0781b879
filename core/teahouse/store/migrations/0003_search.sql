-- Schema 3: full-text search. What it says can all be made again from the messages (`teahouse.search.index`).

-- One row for each title (message_number NULL) and message, `number` in the order of their times.
CREATE TABLE search_entry (
  number INTEGER PRIMARY KEY,
  conversation_number INTEGER NOT NULL,
  message_number INTEGER UNIQUE,
  -- Of the message, or of the conversation; the role of a title is ''. Here for the filters of a search.
  role TEXT NOT NULL,
  created_ms INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX search_entry_of_title ON search_entry (conversation_number) WHERE message_number IS NULL;
CREATE INDEX search_entry_by_time ON search_entry (created_ms);
CREATE INDEX search_entry_by_role ON search_entry (role, created_ms);

-- What is found, deflated. The index holds no text of its own and must be told the old one to forget it.
-- Apart from the entries, so that a search that walks over many of them finds them close together.
CREATE TABLE search_text (
  number INTEGER PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;

-- Words come to it ready split by spaces; prefix: queries of one Chinese character.
CREATE VIRTUAL TABLE search_index USING fts5 (
  words,
  content = '',
  prefix = '1',
  tokenize = "porter unicode61 remove_diacritics 0 categories 'L* M* N* S* Co'"
);

-- How far the messages and titles from before this schema, or before other rules of splitting, are in.
CREATE TABLE search_state (
  number INTEGER PRIMARY KEY CHECK (number = 1),
  rules INTEGER NOT NULL,
  titles_done INTEGER NOT NULL,
  messages_done INTEGER NOT NULL,
  is_complete INTEGER NOT NULL
) STRICT;

INSERT INTO search_state (number, rules, titles_done, messages_done, is_complete) VALUES (1, 1, 0, 0, 0);

-- For the filters of a search.
CREATE INDEX message_pinned ON message (is_pinned) WHERE is_pinned = 1;
CREATE INDEX message_with_note ON message (number) WHERE note <> '';
CREATE INDEX generation_by_model ON generation (model, message_id);
