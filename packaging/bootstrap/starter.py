"""The starter model: fetched for a person who has no model yet, and once for the tests."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bootstrap.commands import Ask
from bootstrap.console import Stop, say
from bootstrap.lock import locked
from bootstrap.place import Place

EMBEDDER = "e5-small"
"""The catalogue's model that turns texts into vectors."""
ASKS_A_MODEL = frozenset({"", "ask", "chat"})
"""First words of commands that chat; none opens the window."""
INFORMING = frozenset({"--help", "--version", "-h"})
HAS_MODEL, NO_MODEL = 4, 3
"""Exit codes of the question; any other one means that it could not be asked."""
LIST_MODELS = f"""
import sys
from teahouse.models.library import Library
from teahouse.paths import default_paths
models = Library(default_paths()).list()
sys.exit({HAS_MODEL} if any(not model.problem and model.can_chat for model in models) else {NO_MODEL})
"""


def opens_window(arguments: Sequence[str]) -> bool:
    """Whether these arguments of `teahouse` open the window: options only, none that just informs."""
    return all(word.startswith("-") for word in arguments) and not INFORMING & set(arguments)


def needs_model(arguments: Sequence[str]) -> bool:
    """Whether these arguments lead to a chat with whatever model is in the library."""
    if INFORMING & set(arguments):
        return False
    verb = next((word for word in arguments if not word.startswith("-")), "")
    return verb in ASKS_A_MODEL and named_model(arguments) in ("", "starter")


def named_model(arguments: Sequence[str]) -> str:
    """The value of `--model`, or nothing."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if word == "--model":
            return following
        if word.startswith("--model="):
            return word.partition("=")[2]
    return ""


def has_model(place: Place, ask: Ask) -> bool:
    """Whether the person's library holds a sound model.

    Raises:
        Stop: The app that was just installed cannot answer.
    """
    answer = ask([str(place.python), "-c", LIST_MODELS])
    if answer.code not in (HAS_MODEL, NO_MODEL):
        raise Stop(f"The installed app cannot list its models. What it said:\n{answer.text}")
    return answer.code == HAS_MODEL


def fetch_starter(place: Place, call: Callable[..., int] = subprocess.call) -> None:
    """Fetch the starter model with the app's own progress bar; the app runs without it too."""
    say("No model is here yet: fetching the starter model.")
    command = [str(place.script("teahouse")), "models", "get", "starter"]
    if call(command, env=place.child_environment()):
        say("The starter model could not be fetched; going on without. Later: teahouse models get starter")


def fetch_test_model(
    place: Place, call: Callable[..., int] = subprocess.call, *, key: str = "starter"
) -> Path:
    """A model for the tests, checked; fetched by the app's own command when it is not there.

    Args:
        key: Of the catalogue: the starter, or `EMBEDDER`.

    Raises:
        Stop: It could not be fetched.
    """
    entry = read_entry(place, key)
    model = place.cache / "models" / entry["file"]
    with locked(place.cache / "models.lock", f"fetching the model {key}"):
        if model.is_file() and has_hash(model, entry["sha256"]):
            return model
        say(f"Fetching the model {key} for the tests, once on this machine.")
        with tempfile.TemporaryDirectory(prefix="fetching-", dir=place.cache) as home:
            command = [str(place.script("teahouse")), "models", "get", key]
            code = call(command, env=place.child_environment(TEAHOUSE_HOME=home))
            fetched = next(iter(Path(home).rglob(entry["file"])), None)
            if code or fetched is None:
                raise Stop(f"The model {key} could not be fetched, and the tests need it.")
            model.parent.mkdir(parents=True, exist_ok=True)
            fetched.replace(model)
    return model


def read_entry(place: Place, key: str = "starter") -> dict[str, str]:
    """A model's entry in the app's catalogue."""
    catalogue = place.root / "core" / "teahouse" / "models" / "catalogue.json"
    entries = json.loads(catalogue.read_text(encoding="utf-8"))["models"]
    return next(entry for entry in entries if entry["key"] == key)


def has_hash(file: Path, sha256: str) -> bool:
    """Whether the file's content is the one with this SHA-256."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
