"""`teahouse models add|info|remove|set` as a person types them."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
import tomllib
from pathlib import Path

import pytest

from teahouse.models import catalogue
from teahouse.models.kept import Kept
from tests.core.cli.commands import COMMAND, echo, environment, is_quiet, teahouse
from tests.core.models import ggufs, sources


@pytest.fixture
def folder(home: Path) -> Path:
    return home / "data" / "models"


@pytest.fixture
def own(home: Path) -> Path:
    return ggufs.write(home / "下载" / "茶 😀.gguf")


def answer(question_seen: bytes, reply: bytes, *arguments: str) -> tuple[int, str]:
    """Run the command on a terminal and answer its question."""
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment()
    ) as process:
        os.close(theirs)
        seen = b""
        while question_seen not in seen:
            seen += os.read(ours, 1024)
        os.write(ours, reply)
        try:
            while block := os.read(ours, 1024):
                seen += block
        except OSError:  # the other end is closed
            pass
    os.close(ours)
    return process.returncode, seen.decode()


def test_add_links_and_says_so(own: Path, folder: Path) -> None:
    done = teahouse("models", "add", str(own))
    assert (done.returncode, done.stderr) == (0, "")
    assert "“茶 😀”" in done.stdout
    assert f"link to {own}" in done.stdout
    assert (folder / "茶 😀.gguf").is_symlink()


def test_add_compares_with_a_hash_that_is_given(own: Path, folder: Path) -> None:
    done = teahouse("models", "add", str(own), "--sha256", "0" * 64)
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    assert done.returncode == 1
    assert "another SHA-256" in done.stderr and digest in done.stderr
    assert is_quiet(done)
    assert list(folder.iterdir()) == []
    assert teahouse("models", "add", str(own), "--sha256", digest).returncode == 0


def test_add_copies(own: Path, folder: Path) -> None:
    done = teahouse("models", "add", str(own), "--copy", "--name", "mine", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "name": "mine",
        "path": str(folder / "mine.gguf"),
        "size_bytes": own.stat().st_size,
        "links_to": None,
    }
    assert not (folder / "mine.gguf").is_symlink()


def test_add_refuses_in_words(own: Path, folder: Path) -> None:
    own.write_bytes(b"junk")
    done = teahouse("models", "add", str(own))
    assert done.returncode == 1
    assert "not a GGUF" in done.stderr
    assert is_quiet(done)
    assert not folder.exists()


def test_info_in_words(folder: Path) -> None:
    ggufs.write(folder / "茶.gguf")
    done = teahouse("models", "info", "茶")
    assert (done.returncode, done.stderr) == (0, "")
    lines = {line[:17].strip(): line[17:].strip() for line in done.stdout.splitlines()}
    assert lines["architecture"] == "llama"
    assert lines["parameters"] == "1,152"
    assert lines["chat template"] == "yes"
    assert lines["Q4_0"].startswith("1 tensors, 576 B")


def test_info_of_a_path_as_json(own: Path) -> None:
    found = json.loads(teahouse("models", "info", str(own), "--json").stdout)
    assert (found["name"], found["architecture"], found["problem"]) == (str(own), "llama", "")


EVIL = "\x1b]0;pwned\x07\x1b[31m\x9b32m\nproblem  none"
METADATA = {
    **ggufs.CHAT,
    "general.name": EVIL,
    "general.architecture": EVIL,
    "general.license": EVIL,
    "general.languages": ["en", EVIL],
}


def is_harmless(text: str) -> bool:
    """Whether nothing but line feeds moves the terminal."""
    return all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_info_prints_what_a_file_says_without_obeying_it(own: Path, options: tuple[str, ...]) -> None:
    ggufs.write(own, METADATA)
    done = teahouse("models", "info", str(own), *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert is_harmless(done.stdout)
    if options:
        assert json.loads(done.stdout)["title"] == EVIL
    else:
        assert done.stdout.count("␛]0;pwned␇␛[31m\ufffd32m␊problem  none") == 4
        assert not any(line.startswith("problem") for line in done.stdout.splitlines())


def test_a_name_and_an_error_are_printed_without_obeying_them(folder: Path) -> None:
    """A file's name is foreign text too, and a bad architecture comes back in an error."""
    file = ggufs.write(folder / "tea\x1b[31m\n.gguf", {**ggufs.CHAT, "general.architecture": "x\x1b]0;y\x07"})
    listed = teahouse("models", "list")
    assert "tea␛[31m␊" in listed.stdout
    assert is_harmless(listed.stdout)
    refused = teahouse("ask", "--model", str(file), "x")
    assert refused.returncode == 1
    assert "x␛]0;y␇" in refused.stderr
    assert is_harmless(refused.stderr)
    assert is_harmless(teahouse("models", "remove", str(file), "--yes").stdout)


def test_info_of_a_broken_file_tells_why(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "broken.gguf").write_bytes(b"junk")
    done = teahouse("models", "info", "broken")
    assert done.returncode == 0
    assert "not a GGUF" in done.stdout
    missing = teahouse("models", "info", "nonesuch")
    assert (missing.returncode, is_quiet(missing)) == (1, True)


def test_check_tells_the_hash(folder: Path, own: Path) -> None:
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    done = teahouse("models", "check", str(own))
    assert done.returncode == 0
    assert digest in done.stdout
    found = json.loads(teahouse("models", "check", str(own), "--json").stdout)
    assert found == {"sha256": digest, "wanted": "", "is_right": None}
    entry = catalogue.find("starter")
    ggufs.write(folder / entry.file)
    done = teahouse("models", "check", entry.file)
    assert done.returncode == 1
    assert "damaged" in done.stdout


def test_remove_needs_a_yes(folder: Path) -> None:
    file = ggufs.write(folder / "茶.gguf")
    done = teahouse("models", "remove", "茶")
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert file.exists()
    done = teahouse("models", "remove", "茶", "--yes")
    assert (done.returncode, done.stderr) == (0, "")
    assert "free again" in done.stdout
    assert not file.exists()


@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="no terminals here")
@pytest.mark.parametrize(("reply", "is_gone"), [(b"y\n", True), (b"n\n", False), (b"\x04", False)])
def test_remove_asks_in_a_terminal(folder: Path, reply: bytes, is_gone: bool) -> None:
    file = ggufs.write(folder / "茶.gguf")
    code, seen = answer(b"[y/N]", reply, "models", "remove", "茶")
    assert str(file) in seen.replace("\r\n", "")
    assert file.exists() is not is_gone
    assert code == (0 if is_gone else 130), seen
    assert "Traceback" not in seen


def test_remove_leaves_what_is_not_ours(own: Path) -> None:
    done = teahouse("models", "remove", str(own), "--yes")
    assert done.returncode == 1
    assert "not in the models folder" in done.stderr
    assert own.exists()
    assert echo("models", "remove", "echo/echo", "--yes").returncode == 1


def test_set_and_reset(folder: Path, home: Path) -> None:
    ggufs.write(folder / "茶.gguf")
    done = teahouse("models", "set", "茶", "engine.context", "512")
    assert (done.returncode, done.stdout) == (0, "engine.context for 茶: 512\n"), done.stderr
    file = home / "config" / "settings.toml"
    assert tomllib.loads(file.read_text("utf-8"))["model"]["茶"]["engine"]["context"] == 512
    done = teahouse("models", "set", "茶", "engine.context", "--reset")
    assert done.stdout == "engine.context for 茶: 8192\n"
    assert "茶" not in tomllib.loads(file.read_text("utf-8")).get("model", {})


def test_a_removed_model_takes_its_own_values_along(folder: Path, home: Path) -> None:
    for name in ("茶", "other"):
        ggufs.write(folder / f"{name}.gguf")
        assert teahouse("models", "set", name, "engine.context", "512").returncode == 0
    assert teahouse("models", "remove", "茶", "--yes").returncode == 0
    file = home / "config" / "settings.toml"
    assert tomllib.loads(file.read_text("utf-8"))["model"] == {"other": {"engine": {"context": 512}}}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("engine.context", "lots"), 1),
        (("engine.context", "1"), 1),
        (("engine.nope", "1"), 1),
        (("engine.template", "nonsense"), 1),
        (("chat.temperature", "9"), 1),
        (("plugins.disabled", "echo"), 1),
        (("engine.context",), 2),
        (("engine.context", "512", "--reset"), 2),
    ],
)
def test_set_refuses_in_words(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    ggufs.write(folder / "茶.gguf")
    done = teahouse("models", "set", "茶", *arguments)
    assert done.returncode == code
    assert done.stderr
    assert is_quiet(done)


def test_a_download_that_was_begun_is_no_model_but_is_told(folder: Path) -> None:
    begun = Kept(folder, catalogue.find("starter"))
    assert begun.take()
    begun.partial.path.write_bytes(bytes(2_000_000))
    begun.release()
    assert json.loads(teahouse("models", "list", "--json").stdout) == []
    assert "2.0 MB of 491 MB have arrived" in teahouse("models", "list").stdout


@pytest.mark.gguf
@pytest.mark.parametrize("options", [(), ("--copy",)])
def test_an_added_model_answers(starter: Path, home: Path, options: tuple[str, ...]) -> None:
    """The engine's child reaches a linked file too, under names that are hard on path handling."""
    own = home / "下载 é" / "моя 茶 😀.gguf"
    own.parent.mkdir()
    own.symlink_to(starter)
    assert teahouse("models", "add", str(own), *options).returncode == 0
    own.unlink()
    done = teahouse("ask", "--model", "моя 茶 😀", "--max-tokens", "2", "Say hello.")
    assert done.returncode == 0, done.stderr
    assert all("longest reply" in line for line in done.stderr.splitlines()), done.stderr
    assert done.stdout.strip()


def test_a_stopped_download_says_what_is_kept(home: Path) -> None:
    """Through the command itself: Ctrl-C in the middle, then the same command again."""
    content = bytes(range(256)) * 8000
    with sources.serve() as hub:
        hub.files["/tea/tiny/resolve/main/tiny.gguf"] = content
        hub.hangs = True
        script = STOPPED.format(content="bytes(range(256)) * 8000")
        variables = environment(HF_ENDPOINT=hub.address)
        done = subprocess.run(
            [COMMAND[0], "-c", script], env=variables, capture_output=True, text=True, check=False
        )
    assert done.returncode == 130, done.stderr
    assert "1.0 MB of 2.0 MB are kept" in done.stderr
    [kept] = (home / "data" / "models").glob(".fetch-*/model")
    assert kept.read_bytes() == content[: len(content) // 2]


STOPPED = """
import os, signal, sys, threading, time
from pathlib import Path
from teahouse.cli import models
from teahouse.cli.main import main
from teahouse.paths import default_paths
from tests.core.models import sources
entry = sources.entry({content}, pieces=0)
models.catalogue.find = lambda name: entry
folder = default_paths().models

def stop():
    while not sum(part.stat().st_size for part in folder.glob(".fetch-*/model")):
        time.sleep(0.05)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=stop, daemon=True).start()
sys.exit(main(["models", "get", "tiny"]))
"""
