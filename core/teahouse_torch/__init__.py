"""The torch back end: GGUF files into torch and back. Used in child processes only.

torch and llama.cpp never share a process: each brings its own threads and native allocator. What llama.cpp
knows (token ids of a text) reaches this package as files.
"""
