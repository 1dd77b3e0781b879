"""The folder of models that a person has chosen."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.errors import ModelError, SettingError
from teahouse.jobs import Cancel
from teahouse.models import folder as model_folder
from teahouse.models.shelf import put_in
from teahouse.paths import default_paths
from tests.core.cli.commands import teahouse
from tests.core.models import ggufs

HARD = "测试 田中 Ж é 😀 space"


@pytest.fixture
def app(home: Path) -> Iterator[App]:
    opened = App.open()
    yield opened
    opened.close()


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A folder of another drive."""
    made = tmp_path / "drive" / HARD
    made.mkdir(parents=True)
    return made


def exhausted(work: Callable[..., object]) -> object:
    steps = work(Cancel())
    while True:
        try:
            next(steps)  # type: ignore[call-overload]
        except StopIteration as done:
            return done.value


def test_a_chosen_folder_holds_at_once_and_after_a_restart(app: App, drive: Path) -> None:
    ggufs.write(drive / "tea.gguf")
    assert app.models.list() == []
    found = model_folder.choose(app, str(drive))
    assert (found.path, found.is_usual, found.problem) == (drive, False, "")
    assert found.free_bytes
    assert [model.path for model in app.models.list()] == [drive / "tea.gguf"]
    again = App.open()
    assert again.paths.models == drive
    assert [model.name for model in again.models.list()] == ["tea"]
    again.close()


def test_what_was_in_the_old_folder_stays_there(app: App, drive: Path) -> None:
    old = ggufs.write(app.paths.models / "old.gguf")
    model_folder.choose(app, str(drive))
    assert old.is_file()
    assert app.models.list() == []
    model_folder.choose(app, "")
    assert app.paths.models == default_paths().models
    assert [model.name for model in app.models.list()] == ["old"]


def test_models_are_added_to_and_taken_from_the_chosen_folder(app: App, drive: Path, tmp_path: Path) -> None:
    model_folder.choose(app, str(drive))
    own = ggufs.write(tmp_path / "own.gguf")
    exhausted(put_in(app, own, is_copy=True))
    assert (drive / "own.gguf").is_file()
    assert not default_paths().models.exists()


def test_a_drive_that_is_unplugged_is_told_and_nothing_is_made_in_its_place(app: App, drive: Path) -> None:
    model_folder.choose(app, str(drive))
    drive.rmdir()
    for look in (app.models.list, lambda: app.models.find("tea"), lambda: exhausted(put_in(app, drive))):
        with pytest.raises(ModelError, match="is not there") as caught:
            look()
        assert caught.value.data["folder"] == str(drive)
        assert "Connect its drive" in caught.value.hint
    assert not drive.exists()
    assert "is not there" in model_folder.look_at(app.paths).problem
    drive.mkdir()
    assert app.models.list() == []


def test_the_terminal_tells_of_it_too(app: App, drive: Path) -> None:
    model_folder.choose(app, str(drive))
    assert f"models: {drive}" in teahouse("doctor", within_s=120).stdout
    drive.rmdir()
    for command in (["models", "list"], ["models", "get", "starter"]):
        done = teahouse(*command)
        assert done.returncode == 1
        assert f"{drive} is not there" in done.stderr
    assert not drive.exists()


def test_a_folder_that_cannot_hold_models_is_refused_with_the_reason(app: App, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("tea")
    refused = {
        str(tmp_path / "nowhere"): "There is no folder",
        str(tmp_path / "a file"): "is no folder",
        "/proc": "Nothing can be written in /proc",
    }
    for folder, reason in refused.items():
        with pytest.raises(ModelError, match=reason):
            model_folder.choose(app, folder)
    assert app.paths.models == default_paths().models
    assert not app.settings.is_chosen(model_folder.SETTING)
    assert list(tmp_path.glob("**/.teahouse-*")) == []


@pytest.mark.parametrize("text", ["models", "./models", "~nobody-here/models"])
def test_only_a_full_path_is_taken(app: App, text: str) -> None:
    with pytest.raises(SettingError, match="full path"):
        model_folder.choose(app, text)


def test_a_relative_path_in_the_file_is_ignored_and_told(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('[models]\nfolder = "models"\n', "utf-8")
    app = App.open()
    assert app.paths.models == home / "data" / "models"
    assert any("full path" in problem for problem in app.settings.problems)
    app.close()


def test_the_home_folder_may_be_a_tilde(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "tea").mkdir()
    model_folder.choose(app, "~/tea")
    assert app.paths.models == tmp_path / "tea"


@pytest.mark.gguf
def test_a_confined_engine_reads_a_model_there(app: App, drive: Path, tmp_path: Path, starter: Path) -> None:
    shutil.copyfile(starter, drive / starter.name)
    link = tmp_path / "by a link 茶"
    link.symlink_to(drive)
    for folder in (drive, link):
        model_folder.choose(app, str(folder))
        [model] = app.models.list()
        answered = Answered()
        question = Question(model.name, ({"role": "user", "content": "Say yes."},), max_tokens=8)
        assert list(answer(app.engines, question, Cancel(), answered))
        assert answered.text
        app.engines.unload(model.name)
