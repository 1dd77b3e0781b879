"""The plugin's texts in the language in force."""

from __future__ import annotations

from teahouse import N_ as N_
from teahouse import Translator

_ = Translator("teahouse_sampling")
