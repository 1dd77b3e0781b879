"""Teahouse: chat with language models on your own machine. What a plugin author may import."""

from teahouse.errors import AppError
from teahouse.hookspecs import hookimpl
from teahouse.language import N_, Translator
from teahouse.plugins import Backend, BackendModel, Command
from teahouse.settings import Setting

__all__ = ["N_", "AppError", "Backend", "BackendModel", "Command", "Setting", "Translator", "hookimpl"]
