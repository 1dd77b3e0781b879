"""The truth about documents: the tables of index.db, what is written into them, what is told of them."""
