"""Model files: catalogue, download, GGUF header, and the library of what is on disk."""
