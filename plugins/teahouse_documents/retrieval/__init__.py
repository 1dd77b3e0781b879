"""From a question in a conversation to the passages that answer it, and from a reply to checked citations."""
