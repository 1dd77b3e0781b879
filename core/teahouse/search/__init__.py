"""Full-text search over titles, messages and attachments.

`index` is kept in step by the store, `words` cuts texts into what SQLite's FTS5 is given, `query` reads
what people type, `conditions` turns its filters into SQL, `finder` asks, `marks` makes the snippets.
"""
