"""System packages: what is missing, and what is done about it."""

from __future__ import annotations

import pytest
from bootstrap import system
from bootstrap.commands import Finished
from bootstrap.console import Stop
from bootstrap.place import Place
from bootstrap.system import (
    ensure,
    installed_packages,
    is_present,
    missing_packages,
    read_packages,
    window_purposes,
)

from tests.packaging.conftest import ALL_PURPOSES, FakeMachine

STATUS = """hi |libgl1|
ii |libglib2.0-0t64|libglib2.0-0 (= 2.80.0-6), other-name
rc |libegl1|
un |xvfb|
"""


def test_installed_names_count_with_what_they_provide() -> None:
    assert installed_packages(STATUS) == {"libgl1", "libglib2.0-0t64", "libglib2.0-0", "other-name"}


def test_missing_is_what_neither_dpkg_nor_its_check_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_present", lambda check: check == "command:cc")
    wanted = {
        "libgl1": "library:GL",
        "libegl1": "library:EGL",
        "gcc": "command:cc",
        "libc6-dev": "",
    }
    missing = missing_packages(wanted, lambda _command: Finished(0, STATUS))
    assert missing == ["libegl1", "libc6-dev"]


def test_every_purpose_is_in_the_table(place: Place) -> None:
    table = place.root / "packaging" / "system-packages.toml"
    packages = read_packages(table, ALL_PURPOSES)
    assert {"g++", "libgl1", "libxcb-cursor0", "xvfb", "fonts-noto-cjk"} <= packages.keys()
    assert all(check == "" or check.split(":")[0] in ("command", "library") for check in packages.values())


def test_checks_look_at_this_machine() -> None:
    assert is_present("command:sh")
    assert not is_present("command:no-such-program")
    assert not is_present("library:no-such-library")


@pytest.fixture
def debian(monkeypatch: pytest.MonkeyPatch, machine: FakeMachine) -> FakeMachine:
    """A Debian where two packages are missing and nothing else answers for them."""
    machine.missing = {"xvfb", "fonts-noto-cjk"}
    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system, "is_present", lambda _check: False)
    return machine


def test_root_installs_only_what_is_missing(debian: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_root", lambda: True)
    ensure(ALL_PURPOSES, debian.place, ask=debian.ask, work=debian.work)
    update, install = debian.commands
    assert update == ["apt-get", "update"]
    assert install[0] == "apt-get"
    assert install[install.index("install") :] == [
        *("install", "-y", "--no-install-recommends", "xvfb", "fonts-noto-cjk"),
    ]
    assert debian.environs[1]["DEBIAN_FRONTEND"] == "noninteractive"


def test_a_failing_update_does_not_stop_the_installation(
    debian: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "is_root", lambda: True)
    debian.failing = {"update"}
    ensure(["tests"], debian.place, ask=debian.ask, work=debian.work)
    assert debian.ran("install") == 1


def test_others_get_the_exact_command(debian: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "is_root", lambda: False)
    with pytest.raises(Stop) as raised:
        ensure(["tests"], debian.place, ask=debian.ask, work=debian.work)
    assert raised.value.code == 1
    assert "sudo apt-get install -y --no-install-recommends xvfb fonts-noto-cjk" in str(raised.value)
    assert debian.commands == []


def test_other_systems_get_the_names(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "has_apt", lambda: False)
    monkeypatch.setattr(system, "is_present", lambda check: check != "library:GL")
    with pytest.raises(Stop, match="Missing on this system: GL"):
        ensure(["window"], machine.place, ask=machine.ask, work=machine.work)


def test_nothing_missing_is_nothing_done(machine: FakeMachine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "has_apt", lambda: True)
    ensure(ALL_PURPOSES, machine.place, ask=machine.ask, work=machine.work)
    assert machine.commands == []


@pytest.mark.parametrize(
    ("environ", "platform", "purposes"),
    [
        ({}, "linux", []),
        ({"DISPLAY": ":0"}, "linux", ["window", "x11"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ["window"]),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", ["window"]),
        ({}, "darwin", []),
    ],
)
def test_without_a_display_the_window_needs_nothing(
    environ: dict[str, str], platform: str, purposes: list[str]
) -> None:
    assert window_purposes(environ, platform=platform) == purposes
