"""The starter model: when a person gets it, and how the tests do."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from bootstrap.commands import Finished
from bootstrap.console import Stop
from bootstrap.place import Place
from bootstrap.starter import (
    fetch_starter,
    fetch_test_model,
    has_model,
    needs_model,
    opens_window,
    read_entry,
)

from tests.core.models import ggufs
from tests.packaging.conftest import ROOT

CONTENT = b"GGUF a model"


@pytest.mark.parametrize(
    ("arguments", "opens", "needs"),
    [
        ([], True, True),
        (["--safe-mode"], True, True),
        (["--help"], False, False),
        (["-h"], False, False),
        (["--version"], False, False),
        (["chat"], False, True),
        (["ask", "why?"], False, True),
        (["ask", "--help"], False, False),
        (["ask", "--model", "starter", "why?"], False, True),
        (["ask", "why?", "--model=/a/b.gguf"], False, False),
        (["ask", "--model", "echo/echo", "why?"], False, False),
        (["models", "list"], False, False),
        (["doctor", "--json"], False, False),
    ],
)
def test_a_model_is_fetched_only_for_what_needs_one(arguments: list[str], opens: bool, needs: bool) -> None:
    assert opens_window(arguments) is opens
    assert needs_model(arguments) is needs


def test_the_library_is_really_asked(place: Place, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The question itself, in the interpreter that has the app."""
    models = home / "data" / "models"

    def ask(command: Sequence[str]) -> Finished:
        done = subprocess.run([sys.executable, *command[1:]], capture_output=True, text=True)
        return Finished(done.returncode, done.stdout + done.stderr)

    assert has_model(place, ask) is False
    models.mkdir(parents=True)
    (models / "broken.gguf").write_bytes(b"not a model")
    assert has_model(place, ask) is False
    ggufs.write(models / "sound.gguf")
    assert has_model(place, ask) is True


@pytest.mark.parametrize("code", [0, 1, 127])
def test_an_app_that_cannot_answer_is_told(place: Place, code: int) -> None:
    with pytest.raises(Stop, match="the reason"):
        has_model(place, lambda _command: Finished(code, "the reason"))


def test_the_app_starts_also_when_nothing_could_be_fetched(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[list[str]] = []

    def call(command: list[str], **options: object) -> int:
        calls.append(command)
        return 1

    fetch_starter(place, call)
    assert calls == [[str(place.script("teahouse")), "models", "get", "starter"]]
    assert "going on without" in capsys.readouterr().out


class FakeApp:
    """`teahouse models get starter`, which puts a file into TEAHOUSE_HOME."""

    def __init__(self, content: bytes | None) -> None:
        self.content = content
        self.calls = 0

    def __call__(self, command: list[str], *, env: dict[str, str]) -> int:
        self.calls += 1
        if self.content is None:
            return 1
        file = Path(env["TEAHOUSE_HOME"], "data", "models", "starter.gguf")
        file.parent.mkdir(parents=True)
        file.write_bytes(self.content)
        return 0


@pytest.fixture
def catalogued(place: Place) -> Place:
    """A clone whose catalogue has a small starter."""
    folder = place.root / "core" / "teahouse" / "models"
    folder.mkdir(parents=True)
    entry = {"key": "starter", "file": "starter.gguf", "sha256": hashlib.sha256(CONTENT).hexdigest()}
    (folder / "catalogue.json").write_text(json.dumps({"models": [entry]}), encoding="utf-8")
    return place


def test_the_tests_model_is_fetched_once(catalogued: Place) -> None:
    app = FakeApp(CONTENT)
    assert fetch_test_model(catalogued, app) == fetch_test_model(catalogued, app)
    assert app.calls == 1
    assert list(catalogued.cache.glob("fetching-*")) == []


def test_a_damaged_tests_model_is_fetched_again(catalogued: Place) -> None:
    app = FakeApp(CONTENT)
    model = fetch_test_model(catalogued, app)
    model.write_bytes(CONTENT[:-1])
    assert fetch_test_model(catalogued, app).read_bytes() == CONTENT


def test_tests_without_their_model_do_not_start(catalogued: Place) -> None:
    with pytest.raises(Stop, match="could not be fetched"):
        fetch_test_model(catalogued, FakeApp(None))


def test_the_app_s_catalogue_is_understood() -> None:
    entry = read_entry(Place(ROOT, ROOT, {}))
    assert entry["file"].endswith(".gguf")
    assert len(entry["sha256"]) == 64
