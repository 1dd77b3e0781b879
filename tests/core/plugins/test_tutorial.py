"""docs/plugins.md does what it says: its files are written, its commands run, in the order of the text."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.plugins.gallery import local_offers
from tests.core.cli.commands import environment

DOCS = Path(__file__).resolve().parents[3] / "docs"
TEXT = (DOCS / "plugins.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)(?: (\w+)=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code: its language, what is done with it (`file`, `append`), to which file, and its text."""

    language: str
    does: str
    file: str
    text: str


def blocks(text: str = TEXT) -> list[Block]:
    return [Block(*(part or "" for part in found.groups())) for found in BLOCK.finditer(text)]


def section(title: str) -> list[Block]:
    """The blocks below a heading of the second rank."""
    whole = TEXT.partition(f"\n## {title}\n")[2]
    assert whole, f"there is no section {title}"
    return blocks(re.split(r"^## ", whole, maxsplit=1, flags=re.MULTILINE)[0])


def follow(found: list[Block], folder: Path) -> None:
    """Do what the blocks say, in a folder."""
    for block in found:
        if block.does:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("w" if block.does == "file" else "a", encoding="utf-8") as stream:
                stream.write(block.text if block.does == "file" else f"\n{block.text}")
        elif block.language == "console":
            for line, wanted in dialogue(block.text):
                assert_says(run(line, folder), wanted, line)


def dialogue(text: str) -> list[tuple[str, str]]:
    """Each command of a console with what it prints."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(line, said) for line, _newline, said in (part.partition("\n") for part in parts)]


def run(line: str, folder: Path) -> str:
    """What a command prints on both channels."""
    words = shlex.split(line)
    environ = {}
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        name, _equals, environ[name] = words.pop(0).partition("=")
    program = {
        "teahouse": [sys.executable, "-m", "teahouse.cli.main"],
        "python": [sys.executable],
    }[words[0]]
    offline = (
        ["--no-isolation"] if "build" in words else []
    )  # the build tool that is there, not a fetched one
    quiet = ["-p", "no:cacheprovider"] if "pytest" in words else []
    done = subprocess.run(
        [*program, *words[1:], *offline, *quiet],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=120,
        env=environment(**environ),
        check=False,
    )
    return done.stdout


def assert_says(said: str, wanted: str, line: str) -> None:
    """“…” stands for anything."""
    pattern = translate(re.sub(r"([\[\]*?])", r"[\1]", wanted.strip()).replace("…", "*"))
    assert re.fullmatch(pattern, said.strip()), f"$ {line}\n{said}\n\nthe text says:\n{wanted}"


@pytest.mark.parametrize(("title", "least"), [("Begin", 1), ("A plugin from nothing", 10)])
def test_the_text_does_what_it_says(tmp_path: Path, title: str, least: int) -> None:
    found = section(title)
    assert len(found) >= least
    folder = tmp_path / "steep"
    folder.mkdir()
    follow(found, folder)


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block.text.partition("\n")[0][:40])
def test_every_block_can_be_read(block: Block) -> None:
    if block.language == "python":
        ast.parse(block.text)
    elif block.language == "toml":
        tomllib.loads(block.text)
    elif block.language == "json":
        json.loads(block.text)
    else:
        assert block.language in ("console", "sh", "po")


def test_the_chinese_text_has_the_same_code() -> None:
    chinese = blocks((DOCS / "plugins.zh_CN.md").read_text("utf-8"))
    assert chinese == [*section("Begin"), *section("A plugin from nothing")]


def test_the_entry_of_a_gallery_is_one(tmp_path: Path) -> None:
    [block] = [block for block in section("Publishing") if block.language == "json"]
    file = tmp_path / "gallery.json"
    file.write_text(block.text, "utf-8")
    app = App.open(has_plugins=False)
    app.settings.set("plugins.gallery", str(file))
    offer = local_offers(app)[0]
    app.close()
    assert (offer.name, offer.author, offer.licence) == ("steep", "Cha Ke", "Apache-2.0")
    newest = offer.newest_here()
    assert newest is not None
    assert (newest.version, newest.wheel) == (
        "0.1.0",
        str(tmp_path / "teahouse_steep-0.1.0-py3-none-any.whl"),
    )


def test_what_the_app_offers_is_what_the_text_names() -> None:
    """The table, design's list and the app's own words name the same."""
    table = TEXT.partition("## What the app offers")[2].partition("All else is private")[0]
    named = re.findall(r"^\| `app\.(\w+)", table, re.MULTILINE)
    said = re.search(r"Public to plugins: `([^`]+)`", App.__doc__ or "")
    assert said is not None
    assert sorted(named) == sorted(re.split(r",\s*", said[1]))


def test_a_wrong_text_is_noticed() -> None:
    with pytest.raises(AssertionError, match="the text says"):
        assert_says("cups: 2", "cups: 1", "teahouse steep")
    assert_says("a [x]\nb\nc?", "a [x]\n…\nc?", "x")
    with pytest.raises(AssertionError):
        assert_says("a x", "a [x]", "x")
