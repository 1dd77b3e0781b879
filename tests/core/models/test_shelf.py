"""Files of one's own: put into the models folder and taken out of it."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import AppError, ModelError, ModelFileError
from teahouse.events import Changed
from teahouse.jobs import Cancel, Job
from teahouse.models import copying
from teahouse.models.copying import CheckProgress, CopyProgress
from teahouse.models.library import Library, Model
from teahouse.models.shelf import Removed, add, put_in, remove, take_out
from teahouse.paths import default_paths
from tests.core.models import ggufs


@pytest.fixture
def folder(home: Path) -> Path:
    return default_paths().models


@pytest.fixture
def own(home: Path) -> Path:
    """A sound file somewhere else."""
    return ggufs.write(home / "下载" / "мой 模型 😀.gguf")


@pytest.fixture
def put(folder: Path) -> Callable[..., Path]:
    def run(file: Path, **options: Any) -> Path:
        ended = Job("add", add(file, folder=folder, **options)).run(lambda _event: None)
        if ended.error is not None:
            raise ended.error
        assert isinstance(ended.result, Path)
        return ended.result

    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def model_at(folder: Path, name: str) -> Model:
    return next(model for model in Library(default_paths()).list() if model.name == name)


# --- adding ---------------------------------------------------------------------------------------


def test_a_link_by_default(put: Any, own: Path, folder: Path) -> None:
    added = put(own)
    assert added == folder / "мой 模型 😀.gguf"
    assert added.is_symlink()
    assert added.resolve() == own
    assert model_at(folder, "мой 模型 😀").problem == ""


def test_a_link_whose_file_was_moved_says_so(put: Any, own: Path, folder: Path) -> None:
    put(own, name="mine")
    own.rename(own.with_name("elsewhere.gguf"))
    model = model_at(folder, "mine")
    assert f"the file that it links to, {own}, is not there" in model.problem
    with pytest.raises(ModelFileError, match="Put the file back"):
        Library(default_paths()).find("mine")


def test_a_copy_is_a_file_of_its_own(put: Any, own: Path, folder: Path) -> None:
    added = put(own, is_copy=True, name="copy.gguf")
    assert names(folder) == ["copy.gguf"]
    assert not added.is_symlink()
    assert added.read_bytes() == own.read_bytes()
    assert added.stat().st_mode & 0o777 == own.stat().st_mode & 0o777
    own.unlink()
    assert model_at(folder, "copy").problem == ""


def test_a_link_to_a_link_leads_to_the_file(put: Any, own: Path, folder: Path) -> None:
    between = own.with_name("between.gguf")
    between.symlink_to(own)
    assert put(between).readlink() == own


def test_a_file_without_the_ending_gets_it(put: Any, own: Path, folder: Path) -> None:
    bare = own.rename(own.with_name("sha256-0f.5"))
    assert put(bare).name == "sha256-0f.5.gguf"


@pytest.mark.parametrize("is_copy", [False, True])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"junk", "not a GGUF"),
        (ggufs.file_bytes()[:-5], "header needs"),
        (ggufs.file_bytes({**ggufs.CHAT, "general.type": "adapter"}), "adapter for another model"),
        (ggufs.file_bytes({**ggufs.CHAT, "split.count": 3, "split.no": 0}), "part 1 of a model in 3 files"),
    ],
)
def test_what_cannot_be_used_is_not_added(
    put: Any, own: Path, folder: Path, content: bytes, reason: str, is_copy: bool
) -> None:
    own.write_bytes(content)
    with pytest.raises(ModelFileError, match=reason) as caught:
        put(own, is_copy=is_copy)
    assert caught.value.hint
    assert names(folder) == []


def test_a_missing_file_is_told(put: Any, own: Path) -> None:
    with pytest.raises(ModelFileError, match="does not exist"):
        put(own.with_name("none.gguf"))


@pytest.mark.parametrize("taken", ["mine.gguf", "MINE.GGUF", "broken link"])
def test_a_taken_name_is_refused(put: Any, own: Path, folder: Path, taken: str) -> None:
    folder.mkdir(parents=True)
    if taken == "broken link":
        (folder / "mine.gguf").symlink_to("nowhere")
    else:
        (folder / taken).write_bytes(b"what was there")
    before = names(folder)
    for is_copy in (False, True):
        with pytest.raises(ModelError, match="already a model") as caught:
            put(own, name="mine", is_copy=is_copy)
        assert "--name" in caught.value.hint
    assert names(folder) == before


def test_a_file_of_the_models_folder_is_there_already(put: Any, folder: Path) -> None:
    inside = ggufs.write(folder / "group" / "mine.gguf")
    with pytest.raises(ModelError, match="already"):
        put(inside, name="other")


@pytest.mark.parametrize(
    "name", [".hidden", "a/b", "..", "a\\b", "a:b", "line\nfeed", " x", "é" * 101, ".gguf"]
)
def test_names_that_lead_elsewhere_or_cannot_be_are_refused(
    put: Any, own: Path, folder: Path, name: str
) -> None:
    with pytest.raises(ModelError, match="cannot be called"):
        put(own, name=name)
    assert names(folder) == []


def test_no_room_for_a_copy_is_told_before_it_begins(put: Any, own: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="5 MB are free") as caught:
        put(own, is_copy=True, free_bytes=lambda _folder: 5_000_000)
    assert caught.value.data["needed_bytes"] == own.stat().st_size + copying.MARGIN_BYTES
    assert names(folder) == []
    assert put(own, free_bytes=lambda _folder: 0).is_symlink(), "a link needs no room"


def test_a_disk_that_fills_up_leaves_nothing(
    put: Any, own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(copying, "sync_file", full)
    with pytest.raises(ModelError, match="No space left"):
        put(own, is_copy=True)
    assert names(folder) == []


def test_where_links_are_not_possible_a_copy_is_proposed(
    put: Any, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    with pytest.raises(ModelError, match="--copy"):
        put(own)


def test_a_copy_that_is_stopped_leaves_nothing(own: Path, folder: Path) -> None:
    steps = add(own, folder=folder, is_copy=True)(Cancel())
    assert next(steps) == CopyProgress(own.stat().st_size, own.stat().st_size)
    assert [name.startswith(".add-") for name in names(folder)] == [True]
    assert Library(default_paths()).list() == []
    steps.close()
    assert names(folder) == []


def test_a_file_that_is_cut_while_it_is_copied_is_not_taken(
    own: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BLOCK_BYTES", 16)
    steps = add(own, folder=folder, is_copy=True)(Cancel())
    next(steps)
    os.truncate(own, own.stat().st_size - 100)
    with pytest.raises(ModelFileError, match="header needs"):
        list(steps)
    assert names(folder) == []


def test_what_a_killed_copy_has_left_is_removed_by_the_next(put: Any, own: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    old, fresh = folder / ".add-old.part", folder / ".add-fresh.part"
    for part in (old, fresh):
        part.write_bytes(b"x")
    long_ago = time.time() - copying.ABANDONED_AFTER_S - 60
    os.utime(old, (long_ago, long_ago))
    put(own, name="mine", is_copy=True)
    assert names(folder) == [".add-fresh.part", "mine.gguf"]


# --- comparing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_file_with_its_hash_is_added(put: Any, own: Path, folder: Path, is_copy: bool) -> None:
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    added = put(own, name="mine", is_copy=is_copy, sha256=f" {digest.upper()}\n")
    assert added.read_bytes() == own.read_bytes()
    assert added.is_symlink() is not is_copy


@pytest.mark.parametrize("is_copy", [False, True])
def test_a_file_with_another_hash_is_not(put: Any, own: Path, folder: Path, is_copy: bool) -> None:
    with pytest.raises(ModelFileError, match="another SHA-256"):
        put(own, is_copy=is_copy, sha256="0" * 64)
    assert names(folder) == []


@pytest.mark.parametrize("text", ["abc", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_refused_before_anything_is_read(
    put: Any, own: Path, folder: Path, text: str
) -> None:
    with pytest.raises(ModelError, match="no SHA-256"):
        put(own, sha256=text)
    assert not folder.exists()


def test_comparing_tells_how_far_it_is_and_can_be_stopped(own: Path, folder: Path) -> None:
    steps = add(own, folder=folder, sha256="0" * 64)(Cancel())
    assert next(steps) == CheckProgress(own.stat().st_size, own.stat().st_size)
    steps.close()
    assert names(folder) == []


# --- removing -------------------------------------------------------------------------------------


def test_a_file_is_deleted_and_its_bytes_are_free(folder: Path) -> None:
    file = ggufs.write(folder / "группа" / "茶.gguf")
    size = file.stat().st_size
    assert remove(model_at(folder, "茶"), folder=folder) == Removed(file, size)
    assert not file.exists()


def test_a_broken_file_can_be_removed(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "broken.gguf").write_bytes(b"junk")
    assert remove(model_at(folder, "broken"), folder=folder).freed_bytes == 4


@pytest.mark.parametrize("is_there", [True, False])
def test_of_a_linked_model_only_the_link_goes(put: Any, own: Path, folder: Path, is_there: bool) -> None:
    content = own.read_bytes()
    link = put(own, name="mine")
    if not is_there:
        own.unlink()
    assert remove(model_at(folder, "mine"), folder=folder) == Removed(link, 0, own)
    assert names(folder) == []
    assert not is_there or own.read_bytes() == content


def test_a_file_with_another_name_frees_nothing(own: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    os.link(own, folder / "mine.gguf")
    assert remove(model_at(folder, "mine"), folder=folder).freed_bytes == 0
    assert own.exists()


def test_what_lies_outside_is_refused(own: Path, folder: Path) -> None:
    for path in (own, folder / ".." / own.name):
        with pytest.raises(ModelError, match="not in the models folder"):
            remove(Model(str(path), "llama", path), folder=folder)
    assert own.exists()


def test_a_model_of_a_plugin_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="plugin echo"):
        remove(Model("echo/echo", "echo"), folder=folder)


def test_a_file_that_is_gone_already_is_told(folder: Path) -> None:
    with pytest.raises(ModelError, match="cannot be removed"):
        remove(Model("gone", "llama", folder / "gone.gguf"), folder=folder)


# --- in an app ------------------------------------------------------------------------------------


def test_an_app_tells_of_it_and_forgets_a_removed_default(app: App, own: Path) -> None:
    heard: list[frozenset[str]] = []
    app.events.listen(lambda event: heard.append(event.kinds) if isinstance(event, Changed) else None)
    model = Job("add", put_in(app, own, name="mine")).run(lambda _event: None).result
    assert (model.name, model.path) == ("mine", app.paths.models / "mine.gguf")
    assert heard == [frozenset({"models"})]
    app.settings.set("models.default", "mine")
    take_out(app, model)
    assert heard == [frozenset({"models"})] * 2
    assert app.settings.get("models.default") == ""
    with pytest.raises(AppError):
        app.models.find("mine")


def test_a_name_that_was_taken_during_the_copy_is_left_alone(
    folder: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = add(own, folder=folder, name="mine", is_copy=True)(Cancel())
    next(steps)
    (folder / "mine.gguf").write_bytes(b"somebody else's")
    with pytest.raises(ModelError, match="exists"):
        list(steps)
    assert (folder / "mine.gguf").read_bytes() == b"somebody else's"
    assert names(folder) == ["mine.gguf"]


def test_no_hard_links_are_needed(
    folder: Path, own: Path, put: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: Path) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert put(own, name="mine", is_copy=True).read_bytes() == own.read_bytes()
    assert names(folder) == ["mine.gguf"]


def test_the_folder_may_be_changed_while_a_model_is_put_in(app: App, own: Path, tmp_path: Path) -> None:
    steps, old = put_in(app, own, name="mine", is_copy=True)(Cancel()), app.paths.models
    next(steps)
    other = tmp_path / "other"
    other.mkdir()
    app.settings.set("models.folder", str(other))
    with pytest.raises(StopIteration) as done:
        while True:
            next(steps)
    assert done.value.value.path == old / "mine.gguf"


def test_memory_is_freed_before_the_file_goes(app: App, own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Job("add", put_in(app, own, name="mine")).run(lambda _event: None).result
    there: list[bool] = []
    monkeypatch.setattr(app.engines, "unload", lambda _name: there.append(os.path.lexists(model.path)))
    take_out(app, model)
    assert there == [True]
    assert not os.path.lexists(model.path)
