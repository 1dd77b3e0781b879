"""The left side: the list of conversations, its shelves, the trash, the search."""
