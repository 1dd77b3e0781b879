"""A plugin from outside, installed without an index into an environment of its own by the real command."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.core.cli.commands import is_quiet
from tests.core.wheels import ENGINE, Environment, plugin_wheel, write_wheel

WHEELS = "wheels"


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    return tmp_path / WHEELS


def install(environment: Environment, source: Path | str, *options: str) -> subprocess.CompletedProcess[str]:
    return environment.teahouse("plugins", "install", str(source), "--yes", *options)


def assert_refused(environment: Environment, before: set[str], source: Path | str, words: str) -> None:
    done = install(environment, source)
    assert (done.returncode, is_quiet(done)) == (1, True), done.stderr
    assert words in done.stderr
    assert environment.files() == before
    assert not list((environment.home / "data").glob("plugin-*"))


def test_installed_used_upgraded_disabled_removed_without_a_trace(
    environment: Environment, wheels: Path
) -> None:
    before = environment.files()
    done = install(environment, plugin_wheel(wheels))
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("jasmine 1.0", "茶客", "MIT", "your full rights", "jasmine 1.0 is installed."):
        assert words in done.stdout
    assert json.loads(environment.teahouse("jasmine", "say", "--json").stdout) == {"said": "1.0"}
    info = json.loads(environment.teahouse("plugins", "info", "jasmine", "--json").stdout)
    assert (info["verdict"]["cause"], info["distribution"]) == ("", "teahouse-jasmine")

    plugin_wheel(wheels, version="1.1")
    done = environment.teahouse("plugins", "upgrade", "jasmine", str(wheels), "--yes")
    assert "jasmine: 1.0 was replaced by 1.1." in done.stdout
    assert json.loads(environment.teahouse("jasmine", "say", "--json").stdout) == {"said": "1.1"}
    again = environment.teahouse("plugins", "upgrade", "jasmine", str(wheels), "--yes")
    assert (again.returncode, "is not newer than" in again.stderr) == (1, True)

    assert environment.teahouse("plugins", "disable", "jasmine").stdout == "jasmine: off\n"
    assert environment.teahouse("jasmine", "say").returncode == 2
    assert environment.teahouse("plugins", "remove", "jasmine", "--yes").returncode == 0
    assert environment.files() == before
    assert "jasmine" not in environment.teahouse("plugins", "list").stdout
    settings = environment.home / "config" / "settings.toml"
    assert not settings.exists() or "jasmine" not in settings.read_text("utf-8")


def test_what_it_needs_comes_from_the_folder_and_goes_with_it(environment: Environment, wheels: Path) -> None:
    before = environment.files()
    write_wheel(wheels, "petals", "3.0", {"petals.py": "COUNT = 5\n"})
    write_wheel(wheels, "petals", "2.0", {"petals.py": "COUNT = 4\n"})
    source = "import petals\nassert petals.COUNT == 5\n" + ENGINE.format(
        name="jasmine", package="teahouse_jasmine"
    )
    plugin_wheel(wheels, source=source, requires=["teahouse>=0.1,<0.2", "petals>=2.5"])
    done = install(environment, wheels)
    assert done.returncode == 0, done.stderr
    assert "Also installs  petals 3.0" in done.stdout
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"
    done = environment.teahouse("plugins", "remove", "jasmine", "--yes")
    assert "because nothing else needs it: petals" in done.stdout
    assert environment.files() == before


def test_what_it_needs_is_named_when_it_is_not_there(environment: Environment, wheels: Path) -> None:
    path = plugin_wheel(wheels, requires=["teahouse>=0.1,<0.2", "petals>=2.5"])
    assert_refused(environment, environment.files(), path, "needs petals >=2.5, which is not here")
    assert_refused(environment, environment.files(), wheels, "pip refused")


def test_the_apps_own_versions_cannot_change(environment: Environment, wheels: Path) -> None:
    before = environment.files()
    write_wheel(wheels, "click", "99.0", {"click99.py": ""})
    path = plugin_wheel(wheels, requires=["teahouse>=0.1,<0.2", "click>=99"])
    assert_refused(environment, before, path, "but Teahouse works with click")
    write_wheel(wheels, "petals", "3.0", {"petals.py": ""}, requires=["click>=99"])
    plugin_wheel(wheels, requires=["teahouse>=0.1,<0.2", "petals"])
    assert_refused(environment, before, wheels, "pip refused")


def test_one_that_fails_is_not_installed_and_the_old_one_stays(
    environment: Environment, wheels: Path
) -> None:
    assert_refused(
        environment,
        environment.files(),
        plugin_wheel(wheels, source="import nothing_of_this_name\n"),
        "ModuleNotFoundError: No module named 'nothing_of_this_name'. Nothing was installed.",
    )
    assert install(environment, plugin_wheel(wheels)).returncode == 0
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"
    installed = environment.files()
    newer = plugin_wheel(wheels, version="2.0", source="import os; os._exit(3)\n")
    assert_refused(environment, installed, newer, "ended its process when it was tried")
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"requires": ["teahouse>=7"]}, "it was written for teahouse >=7"),
        ({"fields": ["Requires-Python: <3"]}, "is for Python <3"),
        ({"groups": ["other.plugins"]}, "is not a plugin of Teahouse"),
        ({"more": {"petals.py": ""}}, "would write over"),
    ],
)
def test_what_does_not_belong_here_is_refused(
    environment: Environment, wheels: Path, options: dict[str, Any], words: str
) -> None:
    (environment.packages / "petals.py").write_text("", "utf-8")
    assert_refused(environment, environment.files(), plugin_wheel(wheels, **options), words)


def test_the_name_of_another_plugin_is_refused(environment: Environment, wheels: Path) -> None:
    assert install(environment, plugin_wheel(wheels)).returncode == 0
    before = environment.files()
    entries = "[teahouse.plugins]\njasmine = other:create\n"
    other = write_wheel(wheels, "other", "1.0", {"other.py": "create = print\n"}, entries=entries)
    assert_refused(
        environment, before, other, "There is a plugin named jasmine already, from teahouse-jasmine"
    )


def test_killed_in_the_middle_it_is_undone_by_the_next_start(environment: Environment, wheels: Path) -> None:
    assert install(environment, plugin_wheel(wheels)).returncode == 0
    before = environment.files()
    many = {f"teahouse_jasmine/part_{number}.py": f"X = {number}\n" for number in range(3000)}
    newer = plugin_wheel(wheels, version="2.0", more=many)
    child = subprocess.Popen(
        [environment.python, "-m", "teahouse.cli.main", "plugins", "install", str(newer), "--yes"],
        env=environment.variables(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while (
        not (environment.packages / "teahouse_jasmine" / "part_7.py").exists()
        and child.poll() is None
        and time.monotonic() < until
    ):
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert environment.files() != before
    assert (environment.home / "data" / "plugin-undo" / "journal.json").exists()
    time.sleep(0.3)  # pip ends when its pipe does
    assert "jasmine 1.0  on" in environment.teahouse("plugins", "list").stdout
    assert environment.files() == before
    assert environment.teahouse("jasmine", "say").stdout == "said: 1.0\n"


def test_stopped_by_the_person_nothing_has_changed(environment: Environment, wheels: Path) -> None:
    before = environment.files()
    slow = plugin_wheel(wheels, source="import time; time.sleep(60)\n")
    child = subprocess.Popen(
        [environment.python, "-m", "teahouse.cli.main", "plugins", "install", str(slow), "--yes"],
        env=environment.variables(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    until = time.monotonic() + 30
    while not list((environment.home / "data").glob("plugin-*/staged")) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == 130
    assert child.stderr is not None
    child.stderr.close()
    assert environment.files() == before
    assert not list((environment.home / "data").glob("plugin-*"))


def test_a_name_asks_nobody_unasked(environment: Environment) -> None:
    done = environment.teahouse("plugins", "install", "jasmine")
    assert (done.returncode, "say --yes to agree" in done.stderr) == (2, True)
    environment.teahouse("plugins", "list")
    (environment.home / "config").mkdir(exist_ok=True)
    (environment.home / "config" / "settings.toml").write_text("[net]\noffline = true\n", "utf-8")
    done = environment.teahouse("plugins", "install", "jasmine", "--yes")
    assert (done.returncode, "stay offline" in done.stderr) == (1, True)


def test_a_name_without_network_says_so(environment: Environment) -> None:
    done = environment.teahouse(
        "plugins", "install", "jasmine", "--yes", PIP_INDEX_URL="http://127.0.0.1:9/", PIP_RETRIES="0"
    )
    assert (done.returncode, is_quiet(done)) == (1, True)
    assert "jasmine could not be fetched" in done.stderr


@pytest.mark.parametrize("verb", ["remove", "upgrade"])
def test_what_came_with_the_app_stays(environment: Environment, verb: str) -> None:
    done = environment.teahouse("plugins", verb, "echo", "--yes", TEAHOUSE_DEV="1")
    assert (done.returncode, "came with Teahouse" in done.stderr) == (1, True)


@pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="hatchling is not installed")
def test_one_built_with_ordinary_tools(environment: Environment, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "teahouse_oolong").mkdir(parents=True)
    text = ENGINE.format(name="oolong", package="teahouse_oolong")
    (project / "teahouse_oolong" / "__init__.py").write_text(text, "utf-8")
    (project / "teahouse_oolong" / "words.py").write_text('WORD = "built"\n', "utf-8")
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "teahouse-oolong"\nversion = "0.3"\ndependencies = ["teahouse>=0.1,<0.2"]\n'
        '[project.entry-points."teahouse.plugins"]\noolong = "teahouse_oolong:create"\n'
        '[project.entry-points."teahouse.commands"]\noolong = "teahouse_oolong:create"\n',
        "utf-8",
    )
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel"],
        cwd=project, check=True, capture_output=True, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert install(environment, project / "dist").returncode == 0
    assert environment.teahouse("oolong", "say").stdout == "said: built\n"
