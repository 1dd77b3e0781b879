"""The library: what it lists, how a model is found, and what it says when there is none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import ModelError, ModelFileError
from teahouse.models import catalogue, library
from teahouse.models.library import Library
from teahouse.paths import Paths, default_paths
from teahouse.plugins import Backend, BackendModel
from tests.core.models import ggufs


@pytest.fixture
def paths(home: Path) -> Paths:
    return default_paths()


@pytest.fixture
def models(paths: Paths) -> Library:
    return Library(paths)


@pytest.fixture
def starter_entry(monkeypatch: pytest.MonkeyPatch) -> catalogue.Entry:
    """The catalogue's starter, as long as the small file that the tests write."""
    raw = (Path(catalogue.__file__).parent / "catalogue.json").read_text("utf-8")
    size = len(ggufs.file_bytes())
    entries = catalogue.load(raw.replace("491400064", str(size)))
    monkeypatch.setattr(catalogue, "load", lambda: entries)
    return entries[0]


def names(models: Library) -> list[str]:
    return [model.name for model in models.list()]


def echo(*listed: BackendModel, name: str = "echo") -> Backend:
    return Backend(name, "teahouse_echo.child:serve", lambda: list(listed))


# --- listing --------------------------------------------------------------------------------------


def test_no_folder_means_no_models(models: Library) -> None:
    assert models.list() == []


def test_files_are_listed_sorted_with_what_the_engine_needs(models: Library, paths: Paths) -> None:
    for name in ["beta.gguf", "Alpha 茶.GGUF", "group/gamma.gguf"]:
        ggufs.write(paths.models / name)
    (paths.models / "notes.txt").write_text("no model")
    ggufs.write(paths.models / "group" / "deeper" / "hidden.gguf")
    assert names(models) == ["Alpha 茶", "beta", "gamma"]
    gamma = models.list()[2]
    assert gamma.backend == "llama"
    assert gamma.path == paths.models / "group" / "gamma.gguf"
    assert gamma.options == {"path": str(gamma.path)}
    assert gamma.size_bytes == gamma.path.stat().st_size
    assert gamma.header is not None
    assert gamma.header.architecture == "llama"
    assert gamma.problem == ""


def test_two_files_of_the_same_name_stay_apart(models: Library, paths: Paths) -> None:
    ggufs.write(paths.models / "same.gguf")
    inner = ggufs.write(paths.models / "group" / "same.gguf")
    assert names(models) == ["group/same", "same"]
    assert models.find("group/same").path == inner


def test_downloads_at_work_are_not_models(models: Library, paths: Paths) -> None:
    ggufs.write(paths.models / ".fetch-x.part" / "model.gguf")
    ggufs.write(paths.models / ".hidden.gguf")
    ggufs.write(paths.models / "model.gguf.part")
    assert names(models) == []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"junk", "not a GGUF"),
        (ggufs.file_bytes()[:-5], "header needs"),
        (ggufs.file_bytes({**ggufs.CHAT, "general.type": "adapter"}), "an adapter"),
        (ggufs.file_bytes({**ggufs.CHAT, "general.type": "mmproj"}), "image part"),
        (ggufs.file_bytes(None, ()), "vocabulary"),
    ],
)
def test_broken_files_are_listed_with_their_problem(
    models: Library, paths: Paths, content: bytes, problem: str
) -> None:
    ggufs.write(paths.models / "good.gguf")
    (paths.models / "bad.gguf").write_bytes(content)
    bad, good = models.list()
    assert (bad.name, good.name) == ("bad", "good")
    assert problem in bad.problem
    assert bad.size_bytes == len(content)
    assert good.problem == ""
    with pytest.raises(ModelFileError, match=r"bad\.gguf") as caught:
        models.find("bad")
    assert bad.problem in caught.value.text


def test_a_dangling_link_is_listed_with_its_problem(models: Library, paths: Paths) -> None:
    paths.models.mkdir(parents=True)
    (paths.models / "gone.gguf").symlink_to(paths.models / "nowhere.gguf")
    assert f"{paths.models / 'nowhere.gguf'}, is not there" in models.list()[0].problem


def test_a_models_folder_that_is_a_file_is_told(models: Library, paths: Paths) -> None:
    paths.models.parent.mkdir(parents=True)
    paths.models.write_text("oops")
    with pytest.raises(ModelError, match="cannot be read") as caught:
        models.list()
    assert str(paths.models) in caught.value.text


def test_headers_are_read_once_until_the_file_changes(
    models: Library, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    really = library.read_header
    monkeypatch.setattr(library, "read_header", lambda path: read.append(path.name) or really(path))
    file = ggufs.write(paths.models / "a.gguf")
    (paths.models / "b.gguf").write_bytes(b"junk")
    for _round in range(3):
        models.list()
    assert sorted(read) == ["a.gguf", "b.gguf"]
    ggufs.write(file, {**ggufs.CHAT, "general.name": "Other!!"})
    os.utime(file, ns=(1, 1))
    assert models.list()[0].header.name == "Other!!"  # type: ignore[union-attr]
    assert read.count("a.gguf") == 2
    file.unlink()
    assert names(models) == ["b"]
    assert len(models._headers) == 1


def test_a_catalogue_file_bears_the_catalogues_name(
    models: Library, paths: Paths, starter_entry: catalogue.Entry
) -> None:
    file = ggufs.write(paths.models / starter_entry.file)
    assert names(models) == ["Qwen2.5 Coder 0.5B Instruct"]
    file.write_bytes(file.read_bytes() + b"longer")
    assert names(models) == [file.stem], "another file of that name is not the catalogue's"


# --- finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "starter",
        "Starter",
        "Qwen2.5 Coder 0.5B Instruct",
        "qwen2.5 coder 0.5b instruct",
        "qwen2.5-coder-0.5b-instruct-q4_k_m",
        "Qwen2.5-Coder-0.5B-Instruct-Q4_K_M.gguf",
    ],
)
def test_the_starter_is_found_by_every_name(
    models: Library, paths: Paths, starter_entry: catalogue.Entry, name: str
) -> None:
    file = ggufs.write(paths.models / starter_entry.file)
    ggufs.write(paths.models / "other.gguf")
    assert models.find(name).path == file


def test_the_exact_name_wins_over_one_in_capitals(models: Library, paths: Paths) -> None:
    ggufs.write(paths.models / "one" / "tea.gguf")
    ggufs.write(paths.models / "two" / "TEA.gguf")
    assert models.find("TEA").name == "TEA"
    assert models.find("tea").name == "tea"


def test_a_file_called_like_a_key_is_found_first(models: Library, paths: Paths, starter_entry: Any) -> None:
    ggufs.write(paths.models / starter_entry.file)
    own = ggufs.write(paths.models / "starter.gguf")
    assert models.find("starter").path == own


@pytest.mark.parametrize("form", ["absolute", "relative", "home"])
def test_a_path_is_found_wherever_it_lies(
    models: Library, home: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    file = ggufs.write(home / "elsewhere" / "мой 模型.gguf")
    monkeypatch.chdir(file.parent)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    text = {"absolute": str(file), "relative": file.name, "home": f"~/elsewhere/{file.name}"}[form]
    found = models.find(text)
    assert found.path == file
    assert models.find(found.name).path == file, "its name leads back to it"
    assert found.options == {"path": str(file)}


def test_the_path_of_a_file_in_the_models_folder_leads_to_its_model(
    models: Library, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = ggufs.write(paths.models / "茶.gguf")
    assert models.find(str(file)).name == "茶"
    monkeypatch.chdir(paths.models)
    assert models.find("./茶.gguf").name == "茶"


def test_a_path_to_something_else_is_refused_with_the_reason(models: Library, home: Path) -> None:
    (home / "notes.txt").write_text("hello")
    with pytest.raises(ModelFileError, match="not a GGUF file"):
        models.find(str(home / "notes.txt"))
    with pytest.raises(ModelFileError, match="is a folder"):
        models.find(str(home))


def test_a_missing_model_is_told_with_what_is_there(models: Library, paths: Paths) -> None:
    with pytest.raises(ModelError, match=r"“tea”.*No model is here") as caught:
        models.find("tea")
    assert "teahouse models get starter" in caught.value.hint
    ggufs.write(paths.models / "alpha.gguf")
    models.add_backend(echo(BackendModel("echo")))
    with pytest.raises(ModelError, match="Models here: alpha, echo/echo") as caught:
        models.find("tea")
    assert caught.value.data == {"model": "tea", "available": ["alpha", "echo/echo"]}


def test_a_missing_path_and_a_model_not_fetched_yet_are_told_as_such(models: Library) -> None:
    with pytest.raises(ModelError, match=r"There is no file /none/x\.gguf"):
        models.find("/none/x.gguf")
    with pytest.raises(ModelError, match="not been downloaded") as caught:
        models.find("qwen2.5-coder-1.5b")
    assert "models get qwen2.5-coder-1.5b" in caught.value.hint


@pytest.mark.gguf
def test_the_real_starter_is_found_by_its_path(models: Library, starter: Path) -> None:
    found = models.find(str(starter))
    assert found.size_bytes == 491_400_064
    assert found.header is not None
    assert found.header.is_chat


# --- back ends ------------------------------------------------------------------------------------


def test_models_of_back_ends_follow_the_files(models: Library, paths: Paths) -> None:
    ggufs.write(paths.models / "zulu.gguf")
    models.add_backend(echo(BackendModel("slow", {"delay": 1}, 7), BackendModel("echo")))
    assert names(models) == ["zulu", "echo/echo", "echo/slow"]
    slow = models.find("Echo/SLOW")
    assert (slow.backend, slow.options, slow.size_bytes, slow.path) == ("echo", {"delay": 1}, 7, None)
    assert slow.header is None
    assert isinstance(hash(slow), int)


def test_a_back_end_that_fails_is_passed_over(models: Library, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> list[BackendModel]:
        raise RuntimeError("no luck")

    models.add_backend(Backend("bad", "bad:serve", broken))
    models.add_backend(echo(BackendModel("echo")))
    with caplog.at_level("INFO"):
        assert names(models) == ["echo/echo"]
    assert "bad" in caplog.text
    assert "no luck" in caplog.text


def test_removed_back_ends_are_gone(models: Library) -> None:
    models.add_backend(echo(BackendModel("echo")))
    models.add_backend(echo(BackendModel("x"), name="other"))
    models.remove_backends(["echo", "never there"])
    assert names(models) == ["other/x"]
