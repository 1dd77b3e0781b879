"""Which extras are installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bootstrap.console import Stop
from bootstrap.extras import choose_extras, engine_requirement, read_extras

ROOT = Path(__file__).resolve().parents[2]
DECLARED = {
    "engine": ["llama-cpp-python==1.2", "jinja2"],
    "desktop": [],
    "train": ["torch"],
    "dev": ["pytest"],
}


@pytest.mark.parametrize(
    ("named", "chosen"),
    [
        ("", ["desktop", "engine"]),
        ("train", ["desktop", "engine", "train"]),
        ("train,dev", ["desktop", "dev", "engine", "train"]),
        (" dev  engine ", ["desktop", "dev", "engine"]),
    ],
)
def test_all_but_those_by_name_only(named: str, chosen: list[str]) -> None:
    assert choose_extras(DECLARED, named) == chosen


def test_an_unknown_extra_is_named_with_those_there_are() -> None:
    with pytest.raises(Stop, match=r"no extra tran\. There are: desktop, dev, engine, train") as raised:
        choose_extras(DECLARED, "tran")
    assert raised.value.code == 2


def test_the_project_pins_its_engine() -> None:
    assert engine_requirement(DECLARED) == "llama-cpp-python==1.2"
    assert engine_requirement(read_extras(ROOT / "pyproject.toml")).startswith("llama-cpp-python==")
