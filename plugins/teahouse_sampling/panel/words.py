"""The plugin's texts in the language in force."""

from __future__ import annotations

from teahouse import N_, Translator

_ = Translator("teahouse_sampling")

__all__ = ["N_", "_"]
