"""What is read of a wheel before anything is installed, and what is refused."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from teahouse.errors import PluginError
from teahouse.plugins.installing import archive, read_wheel
from teahouse.plugins.installing.staging import unpack
from teahouse.plugins.installing.wheel import peek, sha256_of
from tests.core.wheels import plugin_wheel, write_wheel


def test_what_a_wheel_says_of_itself(tmp_path: Path) -> None:
    path = plugin_wheel(tmp_path, requires=["teahouse>=0.1,<0.2", "click>=8"])
    wheel = read_wheel(path)
    assert (wheel.name, wheel.version, wheel.author, wheel.licence) == (
        "teahouse-jasmine",
        "1.0",
        "茶客",
        "MIT",
    )
    assert (wheel.plugins, wheel.words, wheel.programs) == (["jasmine"], ["jasmine"], ["jasmine-tool"])
    assert (wheel.has_engine, wheel.has_panels, wheel.api) == (True, False, ">=0.1,<0.2")
    assert wheel.sha256 == sha256_of(path)
    assert wheel.requires == ("teahouse>=0.1,<0.2", "click>=8")
    assert peek(path) == ("teahouse-jasmine", "1.0", ["jasmine"])


def test_a_field_of_many_lines_shows_one(tmp_path: Path) -> None:
    path = plugin_wheel(tmp_path, fields=["Author: me", "License: MIT\n   SHA-256  0000", "Summary: x"])
    assert read_wheel(path).licence == "MIT"


def member(name: str, mode: int = 0o100644) -> ZipInfo:
    info = ZipInfo("x")
    info.filename = name
    info.external_attr = mode << 16
    return info


SLIPS = {
    "up": member("teahouse_jasmine/../../evil.py"),
    "up-at-once": member("../evil.py"),
    "absolute": member("/tmp/evil.py"),
    "drive": member("C:/evil.py"),
    "backslash": member("..\\evil.py"),
    "link": member("teahouse_jasmine/link", stat.S_IFLNK | 0o777),
    "device": member("teahouse_jasmine/device", stat.S_IFCHR | 0o666),
    "twice": member("TEAHOUSE_jasmine/words.PY"),
    "pth": member("evil.pth"),
    "pth-in-data": member("teahouse_jasmine-1.0.data/purelib/evil.pth"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_what_leads_elsewhere_is_refused(tmp_path: Path, slip: str) -> None:
    files = {"teahouse_jasmine/words.py": ""}
    path = write_wheel(tmp_path, "teahouse-jasmine", "1.0", files, raw=[(SLIPS[slip], b"x")])
    with pytest.raises(PluginError, match="refused"):
        read_wheel(path)
    assert not list(tmp_path.parent.glob("**/evil*"))


@pytest.mark.parametrize("slip", ["up-at-once", "absolute", "link"])
def test_unpacking_looks_again(tmp_path: Path, slip: str) -> None:
    """Unpacking trusts no one who has read the archive before."""
    path = plugin_wheel(tmp_path)
    wheel = read_wheel(path)
    with ZipFile(path, "a") as stream:
        stream.writestr(SLIPS[slip], b"x")
    with pytest.raises(PluginError, match="refused"):
        unpack([wheel], tmp_path / "root")
    assert not (tmp_path / "root").exists()


def test_a_flood_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = plugin_wheel(tmp_path, more={"teahouse_jasmine/zeros.txt": "0" * 200_000})
    monkeypatch.setattr(archive, "UNPACKED_AT_MOST_BYTES", 100_000)
    with pytest.raises(PluginError, match="larger than any plugin"):
        read_wheel(path)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))


def add_unlisted(path: Path) -> None:
    with ZipFile(path, "a") as stream:
        stream.writestr("teahouse_jasmine/more.py", "")


def rename(path: Path) -> None:
    path.rename(path.with_name("teahouse_other-1.0-py3-none-any.whl"))


def retag(path: Path) -> None:
    path.rename(path.with_name("teahouse_jasmine-1.0-cp27-cp27m-win32.whl"))


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "damaged": (damage, "damaged"),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-40]), "damaged"),
    "empty": (lambda path: path.write_bytes(b""), "damaged"),
    "unlisted": (add_unlisted, "more.py in it is not what its list says"),
    "renamed": (rename, "does not fit the name"),
    "for-others": (retag, "another system"),
    "no-wheel": (lambda path: path.rename(path.with_name("jasmine.whl")), "is not a wheel"),
    "source": (lambda path: path.rename(path.with_name("jasmine-1.0.tar.gz")), "source package"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_not_sound_is_refused(tmp_path: Path, how: str) -> None:
    spoil, words = SPOILT[how]
    spoil(plugin_wheel(tmp_path / "wheels"))
    with pytest.raises(PluginError, match=words) as refused:
        read_wheel(next((tmp_path / "wheels").iterdir()))
    assert "Traceback" not in str(refused.value)


def test_one_without_a_list_is_no_wheel(tmp_path: Path) -> None:
    path = tmp_path / "teahouse_jasmine-1.0-py3-none-any.whl"
    with ZipFile(path, "w") as stream:
        stream.writestr("teahouse_jasmine/__init__.py", "")
    with pytest.raises(PluginError, match="not a sound wheel"):
        read_wheel(path)
