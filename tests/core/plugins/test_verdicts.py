"""What is remembered of plugins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.plugins import verdicts
from teahouse.plugins.verdicts import CAUSES, Verdict, Verdicts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "plugins.json"


def test_a_verdict_is_kept_for_exactly_these_files(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Verdicts(file).put("hello", Verdict("1", "abc", hooks=("register_models",), load_s=0.5))
    found = Verdicts(file).get("hello", "abc")
    assert found is not None
    assert (found.is_good, found.hooks, found.load_s, found.words) == (True, ("register_models",), 0.5, "")
    assert Verdicts(file).get("hello", "changed") is None
    assert Verdicts(file).latest("hello") == found
    monkeypatch.setattr(verdicts, "version", lambda _name: "99")
    assert Verdicts(file).get("hello", "abc") is None, "another version of the app"


def test_it_can_be_forgotten(file: Path) -> None:
    known = Verdicts(file)
    known.forget("nobody")
    assert not file.exists()
    known.put("hello", Verdict("1", "abc", "died", "exit code 7"))
    known.forget("hello")
    assert Verdicts(file).latest("hello") is None


def test_two_processes_write_in_turns(file: Path) -> None:
    one, other = Verdicts(file), Verdicts(file)
    assert one.latest("a") is other.latest("b") is None
    one.put("a", Verdict("1", "x"))
    other.put("b", Verdict("1", "y"))
    assert {name for name in "ab" if Verdicts(file).latest(name)} == {"a", "b"}


@pytest.mark.parametrize("cause", sorted(CAUSES - {""}))
def test_every_cause_has_words_with_its_detail(cause: verdicts.Cause) -> None:
    words = Verdict("1", "x", cause, "{detail} 7").words
    assert "{detail} 7" in words


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "nonsense",
        '{"a": 1}',
        '{"a": {}}',
        '{"a": {"version": "1", "sha256": "x", "cause": "mood"}}',
        '{"a": {"version": "1", "sha256": "x", "cause": "died", "detail": 5}}',
        '{"a": {"version": "1", "sha256": "x", "hooks": 5}}',
    ],
)
def test_what_cannot_be_read_was_never_found_out(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content, "utf-8")
    assert Verdicts(file).latest("a") is None
    Verdicts(file).put("b", Verdict("1", "x"))
    assert set(json.loads(file.read_text("utf-8"))) == {"b"}


def test_a_long_traceback_is_cut_at_its_beginning(file: Path) -> None:
    Verdicts(file).put("a", Verdict("1", "x", "error", "e", traceback="x" * 100_000 + "the end"))
    found = Verdicts(file).latest("a")
    assert found is not None
    assert len(found.traceback) < 10_000
    assert found.traceback.endswith("the end")


def test_a_folder_that_cannot_be_written_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file", "utf-8")
    known = Verdicts(tmp_path / "data" / "plugins.json")
    known.put("a", Verdict("1", "x"))
    assert known.latest("a") is not None
