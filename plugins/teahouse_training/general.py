"""Texts that have nothing to do with what is learned: how well they are still known shows forgetting."""

from __future__ import annotations

from importlib import resources

FOLDER = "texts"
LENGTH = 256
"""Tokens of each that are read at every look."""


def general_texts() -> dict[str, str]:
    """By name, `en` and `zh`; in our own words, so that no model has learned them by heart."""
    folder = resources.files("teahouse_training") / FOLDER
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda f: f.name)
    return {file.name.removesuffix(".txt"): file.read_text(encoding="utf-8").strip() for file in files}
