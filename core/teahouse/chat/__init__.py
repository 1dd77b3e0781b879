"""One turn of a conversation: gather context, render, generate, store."""
