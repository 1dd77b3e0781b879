"""A file as it is read where an answer cites it: pages of a PDF drawn in a child, of others the text."""
