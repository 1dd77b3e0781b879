"""The other commands: models, plugins, doctor, help, and what plugins bring."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from teahouse.engine.probe import write_model
from tests.core.cli.commands import echo, is_quiet, teahouse
from tests.core.conftest import ROOT
from tests.core.distributions import GOOD, install


def site(folder: Path) -> dict[str, str]:
    """The environment in which distributions of `folder` are installed."""
    paths = [str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}


# --- models ---------------------------------------------------------------------------------------


@pytest.fixture
def models(home: Path) -> Path:
    """A models folder with a sound file and a broken one."""
    folder = home / "data" / "models"
    folder.mkdir(parents=True)
    with (folder / "茶.gguf").open("wb") as stream:
        write_model(stream)
    (folder / "broken.gguf").write_bytes(b"not a model" * 10)
    return folder


def test_models_list(models: Path) -> None:
    done = teahouse("models", "list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(line.startswith("茶 ") and "MB" in line for line in lines)
    [broken] = [line for line in lines if line.startswith("broken ")]
    assert len(broken) > len("broken  110 B")
    assert any("starter" in line for line in lines)


def test_models_list_as_json(models: Path) -> None:
    done = echo("models", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = {model["name"]: model for model in json.loads(done.stdout)}
    assert set(found) == {"茶", "broken", "echo/echo", "echo/fragile"}
    assert found["茶"]["path"] == str(models / "茶.gguf")
    assert found["茶"]["size_bytes"] == (models / "茶.gguf").stat().st_size
    assert found["茶"]["problem"] == ""
    assert found["broken"]["problem"]
    assert found["echo/echo"]["path"] is None


def test_without_models_the_list_says_so_and_offers_the_starter() -> None:
    done = teahouse("models", "list")
    assert done.returncode == 0
    assert "starter" in done.stdout
    assert json.loads(teahouse("models", "list", "--json").stdout) == []


def test_a_model_the_catalogue_does_not_have() -> None:
    done = teahouse("models", "get", "nonesuch")
    assert done.returncode == 1
    assert "nonesuch" in done.stderr
    assert is_quiet(done)


def test_offline_nothing_is_fetched_and_everything_is_told(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("[net]\noffline = true\n", "utf-8")
    done = teahouse("models", "get", "starter")
    assert done.returncode == 1
    assert "net.offline" in done.stderr
    assert is_quiet(done)


# --- plugins --------------------------------------------------------------------------------------


def test_plugins_list_as_json(tmp_path: Path) -> None:
    install(tmp_path / "site", "hello")
    done = echo("plugins", "list", "--json", **site(tmp_path / "site"))
    assert (done.returncode, done.stderr) == (0, "")
    found = {plugin["name"]: plugin for plugin in json.loads(done.stdout)}
    assert {"echo", "hello", "sampling"} <= set(found)
    hello = found["hello"]
    assert hello.keys() >= {"name", "version", "enabled", "hooks"}
    assert (hello["version"], hello["enabled"]) == ("1.2.3", True)
    assert hello["hooks"] == ["register_commands", "register_models", "register_settings"]


def test_plugins_list_in_words(tmp_path: Path) -> None:
    install(tmp_path / "site", "hello")
    install(tmp_path / "site", "bad", "raise RuntimeError('at import')")
    done = teahouse("plugins", "list", **site(tmp_path / "site"))
    assert done.returncode == 0
    assert is_quiet(done)
    assert "hello 1.2.3" in done.stdout
    assert "at import" in done.stdout
    assert "bad" in done.stderr


def test_echo_is_for_developers_only() -> None:
    listed = json.loads(teahouse("plugins", "list", "--json").stdout)
    assert "echo" not in [plugin["name"] for plugin in listed]
    assert teahouse("echo", "say", "x").returncode == 2
    assert "echo" not in teahouse("--help").stdout


# --- commands of plugins --------------------------------------------------------------------------


def test_a_plugin_s_command(tmp_path: Path) -> None:
    install(tmp_path / "site", "hello", groups=("teahouse.plugins", "teahouse.commands"))
    environ = site(tmp_path / "site")
    assert teahouse("hello", "say", "茶", **environ).stdout == "said: 茶\n"
    assert json.loads(teahouse("hello", "say", "茶", "--json", **environ).stdout) == {"said": "茶"}
    assert teahouse("hello", "say", **environ).returncode == 2
    assert teahouse("hello", "shout", **environ).returncode == 2
    assert "hello" in teahouse("--help", **environ).stdout
    assert teahouse("--safe-mode", "hello", "say", "x", **environ).returncode == 2


def test_echo_say() -> None:
    assert echo("echo", "say", "你好").stdout == "reply: 你好\n"
    assert json.loads(echo("echo", "say", "你好", "--json").stdout) == {"reply": "你好"}


def test_a_bug_in_a_plugin_s_command_is_one_line_and_the_log_has_the_rest(tmp_path: Path, home: Path) -> None:
    source = GOOD.format(name="buggy").replace('yield "said"', "1 / 0; yield")
    install(tmp_path / "site", "buggy", source, groups=("teahouse.plugins", "teahouse.commands"))
    done = teahouse("buggy", "say", "x", **site(tmp_path / "site"))
    assert done.returncode == 1
    assert is_quiet(done)
    assert "ZeroDivisionError" in done.stderr
    assert str(home / "logs") in done.stderr
    assert "Traceback" in (home / "logs" / "teahouse.log").read_text("utf-8")


def test_a_log_that_cannot_be_written_is_one_line(home: Path) -> None:
    """The folder is there, but not the file: as with a home that only others may write to."""
    (home / "logs" / "teahouse.log").mkdir(parents=True)
    done = echo("ask", "x", "--model", "echo/fragile")
    assert (done.returncode, done.stdout) == (0, "x\n")
    assert is_quiet(done), done.stderr
    assert "Logging error" not in done.stderr
    assert done.stderr.count(f"No log can be written to {home / 'logs'}: Is a directory.\n") == 1


def test_a_log_folder_that_is_a_file_is_one_line(home: Path) -> None:
    (home / "logs").write_text("", "utf-8")
    done = echo("ask", "x", "--model", "echo/echo")
    assert (done.returncode, done.stdout) == (0, "x\n")
    assert done.stderr == f"No log can be written to {home / 'logs'}: File exists.\n"


def test_one_plugin_s_rubbish_does_not_break_another_s_command(tmp_path: Path) -> None:
    rubbish = GOOD.format(name="aaa").replace('[Command("aaa say", "Say it", say,', '["rubbish"] or [(')
    install(tmp_path / "site", "aaa", rubbish)
    install(tmp_path / "site", "hello", groups=("teahouse.plugins", "teahouse.commands"))
    done = teahouse("hello", "say", "x", **site(tmp_path / "site"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "said: x\n", ""), "only its plugin is loaded"


# --- doctor, help ---------------------------------------------------------------------------------


def test_doctor_as_json(home: Path) -> None:
    done = teahouse("doctor", "--json", within_s=120)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found.keys() >= {"machine", "backends", "devices", "isolation", "tried"}
    assert found["isolation"].keys() >= {"no_new_privs", "limits", "network", "landlock"}
    assert all(isinstance(value, bool) for value in found["isolation"].values())
    assert found["isolation"]["no_new_privs"] is True
    assert found["isolation"]["network"] is True
    assert found["backends"][0]["version"]
    assert [device["name"] for device in found["devices"]]
    assert [set(attempt) for attempt in found["tried"]] == [{"config", "result"}] * len(found["tried"])
    assert found["tried"][-1]["result"] == "ok"
    assert not home.joinpath("data").exists()


def test_doctor_in_words() -> None:
    done = teahouse("doctor", within_s=120)
    assert (done.returncode, done.stderr) == (0, "")
    for word in ("isolation", "no_new_privs", "tried", "llama"):
        assert word in done.stdout


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("ask", "--help"), ("models", "list", "--help")])
def test_help_is_0_and_opens_nothing(home: Path, arguments: tuple[str, ...]) -> None:
    done = teahouse(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage" in done.stdout
    assert not (home / "data").exists()


def test_help_in_chinese() -> None:
    done = teahouse("--help", TEAHOUSE_LANGUAGE="zh_CN")
    assert done.returncode == 0
    assert sum("\u4e00" <= c <= "\u9fff" for c in done.stdout) > 30, done.stdout


def test_the_machine_s_language_is_followed() -> None:
    done = teahouse("models", "list", TEAHOUSE_LANGUAGE="", LC_ALL="zh_CN.UTF-8")
    assert sum("\u4e00" <= c <= "\u9fff" for c in done.stdout) > 4, done.stdout


def test_the_version() -> None:
    done = teahouse("--version")
    assert (done.returncode, done.stdout) == (0, "teahouse 0.1.0\n")


def test_without_a_home_that_can_be_written_it_still_helps(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way", "utf-8")
    done = teahouse("models", "list", TEAHOUSE_HOME=str(place))
    assert is_quiet(done)
    assert done.returncode in (0, 1)
