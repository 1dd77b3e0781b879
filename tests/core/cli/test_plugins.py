"""`teahouse plugins` as a person types it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.core.cli.commands import Done, is_quiet, teahouse
from tests.core.distributions import GOOD, install
from tests.plugins.strangers import BAD

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def run(site: Path) -> Any:
    def run_one(*arguments: str, **environ: str) -> Done:
        return teahouse("plugins", *arguments, PYTHONPATH=path(site), **environ)

    return run_one


def test_info_says_what_a_plugin_is_brings_and_costs(site: Path, run: Any) -> None:
    module = install(site, "hello", groups=("teahouse.plugins", "teahouse.commands"))
    with next(site.glob("*.dist-info")).joinpath("METADATA").open("a", encoding="utf-8") as stream:
        stream.write(
            "Summary: Says hello\nAuthor: 茶客\nLicense-Expression: MIT\nProject-URL: Home, https://x.y\n"
        )
    done = run("info", "hello")
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "hello 1.2.3",
        "Says hello",
        "茶客",
        "MIT",
        "https://x.y",
        ">=0.1,<0.2",
        "passed",
        module,
        " ms",
    ):
        assert words in done.stdout
    found = json.loads(run("info", "hello", "--json").stdout)
    assert (found["name"], found["author"], found["licence"]) == ("hello", "茶客", "MIT")
    assert (found["settings"], found["commands"]) == (["hello.greeting"], ["hello say"])
    assert (len(found["sha256"]), found["verdict"]["cause"], found["words"]) == (64, "", ["hello"])
    assert found["statistics"]["load_s"] > 0


def test_info_of_a_bad_one_has_the_reason_and_the_traceback_if_asked(site: Path, run: Any) -> None:
    install(site, "bad", BAD["raise-in-models"])
    done = run("info", "bad")
    assert "failed in register_models: RuntimeError: in models" in done.stdout
    assert is_quiet(done)
    assert "Traceback" in run("info", "bad", "--verbose").stdout


def test_info_of_one_that_came_with_the_app(run: Any) -> None:
    done = run("info", "echo", TEAHOUSE_DEV="1")
    assert "came with Teahouse" in done.stdout
    assert "echo.delay_ms" in done.stdout


def test_off_and_on_again(site: Path, run: Any) -> None:
    install(site, "hello")
    assert run("disable", "hello").stdout == "hello: off\n"
    assert "hello 1.2.3  off" in run("list").stdout
    assert run("enable", "hello").stdout == "hello: on\n"
    assert "hello 1.2.3  on" in run("list").stdout


def test_one_that_cannot_be_loaded_stays_off(site: Path, run: Any) -> None:
    install(site, "bad", BAD["sys-exit"])
    done = run("enable", "bad")
    assert done.returncode == 1
    assert "bad: off: it could not be loaded: SystemExit: 3" in done.stdout


@pytest.mark.parametrize("word", ["info", "enable", "disable"])
def test_an_unknown_name_is_told(run: Any, word: str) -> None:
    done = run(word, "nonesuch")
    assert done.returncode == 1
    assert "There is no plugin named nonesuch." in done.stderr
    assert is_quiet(done)


def test_the_command_of_one_that_is_off_says_why(site: Path, run: Any) -> None:
    install(site, "bad", BAD["os-exit"], groups=("teahouse.plugins", "teahouse.commands"))
    run("list")
    path = os.pathsep.join([str(site), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = teahouse("bad", "say", "x", PYTHONPATH=path)
    assert done.returncode == 1
    assert "exit code 7" in done.stderr
    assert "teahouse plugins enable bad" in done.stderr


def test_disabling_loads_nothing(site: Path, run: Any) -> None:
    """Whatever a plugin does when it is loaded, it can be turned off."""
    install(site, "killer", "import os; os.kill(os.getppid(), 9); os._exit(1)")
    assert run("disable", "killer").stdout == "killer: off\n"


def test_in_chinese(site: Path, run: Any) -> None:
    install(site, "hello")
    assert run("info", "hello", TEAHOUSE_LANGUAGE="zh_CN").returncode == 0


RAISES = GOOD.format(name="bad").replace('yield "said"', "raise ERROR; yield")


@pytest.mark.parametrize(
    ("error", "words"), [("RuntimeError('no')", "RuntimeError: no"), ("SystemExit(3)", "SystemExit: 3")]
)
def test_what_a_command_raises_is_told_by_its_plugin_s_name(site: Path, error: str, words: str) -> None:
    install(site, "bad", RAISES.replace("ERROR", error), groups=("teahouse.plugins", "teahouse.commands"))
    done = teahouse("bad", "say", "x", PYTHONPATH=path(site))
    assert (done.returncode, done.stdout, is_quiet(done)) == (1, "", True)
    assert done.stderr.startswith("Error: The plugin bad failed in bad say: ")
    assert words in done.stderr


def test_help_lists_the_words_of_plugins_and_loads_none(site: Path, run: Any) -> None:
    for name, source in (("exits", BAD["os-exit"]), ("raises", "raise RuntimeError")):
        install(site, name, source, groups=("teahouse.plugins", "teahouse.commands"))
    install(site, "hello", groups=("teahouse.plugins", "teahouse.commands"))
    run("list")  # two are off now
    for arguments in ((), ("--help",)):
        done = teahouse(*arguments or ("-h",), PYTHONPATH=path(site))
        assert (done.returncode, done.stderr) == (0, "")
        assert {"exits", "raises", "hello"} <= set(done.stdout.split())
    assert "Say it" in teahouse("hello", "--help", PYTHONPATH=path(site)).stdout


def test_a_damaged_package_beside_it_keeps_nothing_from_working(site: Path, run: Any) -> None:
    install(site, "hello")
    (site / "torn-1.dist-info").mkdir()
    (site / "torn-1.dist-info/METADATA").write_bytes(b"\xff")
    (site / "torn-1.dist-info/entry_points.txt").write_text("[teahouse.plugins]\ntorn\n", "utf-8")
    done = run("list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "hello 1.2.3  on" in [line[:15] for line in done.stdout.splitlines()]


def path(site: Path) -> str:
    return os.pathsep.join([str(site), str(ROOT), os.environ.get("PYTHONPATH", "")])
