"""`teahouse chats export|import` as a person types them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from teahouse.store import Store
from tests.core.cli.commands import COMMAND, environment, is_quiet, teahouse
from tests.core.exchange.samples import chatgpt, fill, sharegpt, write


@pytest.fixture
def ids(home: Path) -> list[str]:
    store = Store(home / "data" / "teahouse.db")
    found = [fill(store, "Tea"), fill(store, "Coffee")]
    store.close()
    return found


def conversations(home: Path) -> int:
    store = Store(home / "data" / "teahouse.db")
    try:
        return len(store.conversations())
    finally:
        store.close()


def chats(*arguments: str) -> Any:
    done = teahouse("chats", *arguments)
    assert is_quiet(done), done.stderr
    return done


def test_export_all_and_import_elsewhere(ids: list[str], home: Path) -> None:
    file = home / "aus 茶.json"
    done = chats("export", "--all", "-o", str(file))
    assert (done.returncode, done.stdout, done.stderr) == (0, "Exported: 2.\n", "")
    done = teahouse("chats", "import", str(file), TEAHOUSE_HOME=str(home / "neu"))
    assert (done.returncode, done.stdout) == (0, "Imported: 2.\n")
    assert "left out: settings of conversations (2)" in done.stderr
    assert conversations(home / "neu") == 2
    done = teahouse("chats", "import", "--own", str(file), TEAHOUSE_HOME=str(home / "own"))
    assert (done.returncode, done.stderr) == (0, "")


def test_some_by_the_end_of_their_id(ids: list[str], home: Path) -> None:
    done = chats("export", ids[0][-12:], "--format", "markdown", "-o", str(home / "a.md"), "--json")
    assert json.loads(done.stdout) == {"exported": 1, "path": str(home / "a.md"), "skipped": []}
    assert (home / "a.md").read_text("utf-8").startswith("# Tea\n")


def test_to_standard_output(ids: list[str]) -> None:
    done = chats("export", *ids, "--format", "openai", "-o", "-")
    assert [len(json.loads(line)["messages"]) for line in done.stdout.strip().split("\n")] == [5, 5]
    assert done.stderr == "Exported: 2.\n"


def test_a_folder_is_made(ids: list[str], home: Path) -> None:
    done = chats("export", "--all", "--format", "html", "-o", f"{home}/pages/")
    assert done.returncode == 0, done.stderr
    assert len(list((home / "pages").glob("*.html"))) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 2),
        (("--all",), 2),
        (("--all", "nonesuch", "-o", "x"), 2),
        (("nonesuch", "-o", "x"), 1),
        (("--all", "--format", "pdf", "-o", "x"), 2),
        (("--all", "--json", "-o", "-"), 2),
        (("--all", "--format", "html", "-o", "-"), 1),
        (("--all", "-o", "nowhere/x.json"), 1),
        (("--all", "-o", f"{os.devnull}/folder/"), 1),
        (("--all", "-o", os.devnull, "--force"), 1),
    ],
)
def test_export_refuses_in_words(ids: list[str], arguments: tuple[str, ...], code: int) -> None:
    done = chats("export", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr and "something in Teahouse is wrong" not in done.stderr
    assert not Path(os.devnull).is_file()


def test_nothing_is_replaced_unasked(ids: list[str], home: Path) -> None:
    (home / "a.json").write_text("mine")
    done = chats("export", "--all", "-o", str(home / "a.json"))
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert (home / "a.json").read_text() == "mine"
    assert chats("export", "--all", "-o", str(home / "a.json"), "--force").returncode == 0


def test_import_reports(home: Path) -> None:
    file = write(home / "conversations.json", [chatgpt(), {"what": 1}, sharegpt()])
    found = json.loads(chats("import", str(file), "--json").stdout)
    assert (found["imported"], found["known"], len(found["conversations"])) == (2, 0, 2)
    assert found["skipped"] == [
        {"what": "entries of conversations.json", "why": "their format is not known", "times": 1}
    ]
    done = chats("import", str(file))
    assert (done.returncode, done.stdout) == (0, "Imported: 0.\n")
    assert "left out: conversations (2): they are here already" in done.stderr


def test_import_refuses_in_words(home: Path) -> None:
    (home / "a.json").write_text("nonsense")
    for name in ("a.json", "none.json", "."):
        done = chats("import", str(home / name))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: ")
    done = chats("import", str(home / "a.json"), str(home / "none.json"))
    assert (done.returncode, done.stdout) == (1, "Imported: 0.\n")
    assert "a.json" in done.stderr and "none.json" in done.stderr
    assert chats("import").returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="sends signals")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_is_stopped_or_killed_leaves_whole_conversations(
    home: Path, end: signal.Signals
) -> None:
    """A file that never ends, through a pipe with a name: the import is surely still at work."""
    pipe = home / "endless.json"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*COMMAND, "chats", "import", str(pipe)], stderr=subprocess.PIPE, env=environment(), text=True
    ) as process:
        with pipe.open("wb", buffering=0) as stream:
            for number in range(40):
                value = sharegpt() | {"id": f"n{number}", "pad": "x" * 50_000}
                stream.write((("," if number else "[") + json.dumps(value)).encode())
            while not conversations(home):
                time.sleep(0.05)
            process.send_signal(end)
            with suppress(BrokenPipeError):  # it has ended already
                stream.write(b" " * (1 << 21))
        _out, err = process.communicate(timeout=30)
    assert process.returncode == (130 if end == signal.SIGINT else -9), err
    assert ("conversations were imported before that" in err) is (end == signal.SIGINT)
    assert "Traceback" not in err
    store = Store(home / "data" / "teahouse.db")
    found = store.conversations()
    assert found and all(len(store.visible_path(one.id)) == 3 for one in found)
    store.close()
