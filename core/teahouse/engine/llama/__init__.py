"""llama.cpp through the low-level calls of llama-cpp-python; the only package that imports it.

Runs in a model's child process only.
"""
