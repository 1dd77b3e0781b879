"""The tree of errors that are meant for people.

    AppError
    ├── SettingError        a value or key that a setting does not accept
    │   └── GrammarError    a grammar or schema that llama.cpp could not use (engine.scanner)
    ├── StoreError          the conversations' database cannot be read or written
    │   └── StoreDamaged    it is damaged; it can be salvaged, or a backup restored
    ├── ExchangeError       a file of conversations cannot be read or written
    ├── ModelError          a model cannot be found or used
    │   ├── ModelFileError  a model file that is broken, foreign or incomplete
    │   ├── AdapterError    an adapter cannot be found, or does not fit a model
    │   └── DownloadError   no source gave the file
    ├── TemplateError       the chat template cannot render these messages
    │   └── TemplateRefused     it takes no messages in this order or of these roles
    ├── ContextError        the prompt does not fit into the model's context
    ├── EngineError         the engine refused or failed a request
    │   ├── EngineCrashed   the engine's process died; asking again starts a new one
    │   └── OutOfMemory     too little memory for the model, its context or a step
    ├── NetworkRefused      the network was needed where it is not allowed
    └── PluginError         a plugin failed or cannot be loaded

Anything else that is raised is a bug: logged with its traceback.
"""

from __future__ import annotations

from typing import Any

from teahouse.language import sentences


class AppError(Exception):
    """An error for people, shown as it is.

    Args:
        text: What happened and what was kept.
        hint: What the person can do now.
        data: What it is about (path, plugin, model …), as JSON values, so that it crosses a pipe.
    """

    def __init__(self, text: str, hint: str = "", **data: Any) -> None:
        super().__init__(text)
        self.text = text
        self.hint = hint
        self.data = data

    def __str__(self) -> str:
        return sentences(self.text, self.hint)


class SettingError(AppError):
    """A value or key that a setting does not accept."""


class StoreError(AppError):
    """The conversations' database cannot be read or written."""


class StoreDamaged(StoreError):
    """The conversations' database is damaged; `store.salvage` reads what can be read into a new one."""


class ExchangeError(AppError):
    """A file of conversations that is exported or imported cannot be read or written."""


class ModelError(AppError):
    """A model cannot be found or used."""


class ModelFileError(ModelError):
    """A model file that is broken, foreign or incomplete."""


class AdapterError(ModelError):
    """An adapter cannot be found or used, or does not fit the model."""


class DownloadError(ModelError):
    """No source gave the file; `data["tried"]` lists each source with its reason."""


class TemplateError(AppError):
    """The chat template cannot render these messages."""


class TemplateRefused(TemplateError):
    """The chat template takes no messages in this order or of these roles."""


class ContextError(AppError):
    """The prompt does not fit into the model's context."""


class EngineError(AppError):
    """The engine refused or failed a request."""


class EngineCrashed(EngineError):
    """The engine's process died; asking again starts a new one with safer settings."""


class OutOfMemory(EngineError):
    """There is too little memory for a model, its context or a step; the engine itself lives."""


class NetworkRefused(AppError):
    """The network was needed where it is not allowed."""


class PluginError(AppError):
    """A plugin failed or cannot be loaded."""


def by_name(kind: str) -> type[AppError]:
    """The class of the tree with this name; `EngineError` for a name the tree does not know."""
    found = [c for c in _tree(AppError) if c.__name__ == kind]
    return found[0] if found else EngineError


def _tree(root: type[AppError]) -> list[type[AppError]]:
    return [root] + [leaf for child in root.__subclasses__() for leaf in _tree(child)]
