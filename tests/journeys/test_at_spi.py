"""What a blind person meets: the real window in the ears of a screen reader, over the real AT-SPI bus."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.at_spi import SHOWING, Node, Reader, screen_reader
from tests.journeys.dbus import BusError
from tests.journeys.screen import Screen, screen, wait_for, window

pytestmark = pytest.mark.journey

INTERACTIVE = {
    "push button",
    "toggle button",
    "button menu",
    "button",
    "check box",
    "radio button",
    "combo box",
    "entry",
    "text",
    "password text",
    "list",
    "list item",
    "table cell",
    "tree item",
    "link",
    "slider",
    "spin button",
    "menu item",
    "check menu item",
    "radio menu item",
    "page tab",
}
OPENED_BY = ("ctrl+comma", "ctrl+k", "ctrl+f", "ctrl+shift+s")
"""Settings, palette, find bar, system prompt."""
MENUS_BY = ("ctrl+m", "ctrl+i", "alt+f")
"""Models, prompts, the menu of files."""
REPLY = """# Tea

Green tea keeps $E = mc^2$ and **wakes**:

| leaf | minutes |
|---|---|
| Longjing | 3 |
| Pu’er | 5 |

```python
brew("Longjing")
```
"""
CLOSE_S = 0.5
MODEL = "echo/echo"
QT_SAYS = ("QSpiApplication::", "qt.accessibility.atspi: Could not find accessible on path")
QUICK_BY = "ctrl+alt+space"
STEPS: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    ("list", "Sections", ("ctrl+comma",), ()),
    ("list", "Models on this computer", ("ctrl+shift+l",), ()),
    ("list", "Plugins on this computer", ("ctrl+shift+x",), ("Escape",)),
    ("menu item", "All models …", ("ctrl+m",), ("Escape", "Escape")),
    ("menu item", "There is no prompt yet.", ("ctrl+i",), ("Escape", "Escape")),
    ("menu item", "Copy message as Markdown", ("F6", "ctrl+Up", "Return"), ("Escape", "ctrl+l")),
    ("list", "Commands", ("ctrl+k",), ("Escape",)),
    ("text", "Find in this conversation", ("ctrl+f",), ("Escape",)),
    ("dialog", "System prompt", ("ctrl+shift+s",), ("Escape",)),
    ("dialog", "What is sent", ("ctrl+p",), ("Escape",)),
    ("filler", "What is on your mind?", ("ctrl+n", "ctrl+l"), ()),
    ("push button", "Close “New conversation” on this side", ("ctrl+backslash",), ()),
    ("list item", "You: how", ("h", "o", "w", "Return"), ()),
    ("menu item", "Copy message as Markdown", ("F6", "ctrl+Up", "Return"), ("Escape",)),
    ("menu item", "All models …", ("ctrl+w", "ctrl+m"), ("Escape", "Escape")),
    ("push button", "Use clipboard", (QUICK_BY,), ("Escape",)),
]
"""What a person does while the reader reads: role and name of what opens, by these keys; what closes it."""

HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Running:
    """A program that runs on a screen, in the ears of a screen reader."""

    shown: Screen
    reader: Reader
    program: Node
    process: subprocess.Popen[bytes]


@contextmanager
def running(home: Path, language: str, **environ: str) -> Iterator[Running]:
    """The app's window on a private screen, and a screen reader that has found it."""
    with screen_reader() as reader, screen() as shown:
        environ |= {**reader.environment, "TEAHOUSE_LANGUAGE": language, "TEAHOUSE_DEV": "1"}
        with window(shown, home, **environ) as process:
            shown.focus(shown.window(process.pid))
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            assert program is not None
            wait_for(lambda: [node for node in program.walk() if MODEL in node.name], "the model")
            yield Running(shown, reader, program, process)


@contextmanager
def heard(home: Path, language: str) -> Iterator[tuple[Screen, Reader, Node]]:
    """The same, where its process does not matter."""
    with running(home, language) as app:
        yield app.shown, app.reader, app.program


def nameless(program: Node) -> list[str]:
    """What a person could reach but not hear the name of."""
    return [
        f"{node.role} {node.path}"
        for node in program.walk()
        if node.role in INTERACTIVE and not node.name.strip()
    ]


def messages(program: Node, name: str) -> list[Node]:
    """The items of the list of messages."""
    return program.find("list", name).children


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_conversation_is_a_list_that_is_read_and_announced(home: Path, language: str) -> None:
    words = {
        "en": ("Conversation", "You", "Assistant", "Longjing; minutes: 3"),
        "zh_CN": ("对话内容", "你", "助手", "Longjing; minutes: 3"),
    }
    transcript, you, assistant, row = words[language]
    with heard(home, language) as (shown, reader, program):
        reader.listen("object:announcement", "object:children-changed")
        shown.type(REPLY)  # the echo back end answers with what it was told
        shown.press("Return")
        said = wait_for(lambda: reader.heard("Announcement"), "the announcement of the reply")
        assert said[-1].body[3].startswith(assistant)
        question, reply = messages(program, transcript)
        assert (question.role, reply.role) == ("list item", "list item")
        assert question.name.startswith(you)
        assert REPLY.strip() in question.name
        assert reply.name.startswith(assistant)
        assert row in reply.text
        assert "E = mc^2" in reply.text
        assert 'brew("Longjing")' in reply.text
        assert not {"**", "|---", "```", "$"} & set(re.findall(r"\*\*|\|---|```|\$", reply.text))
        assert any(reply.path in str(message.body) for message in reader.heard("ChildrenChanged"))
        reply.act("copy")
        wait_for(lambda: REPLY.strip() in shown.clipboard(), "the reply on the clipboard")
        assert all(bool(HAN.search(title)) is (language == "zh_CN") for title in reply.action_titles)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_that_can_be_reached_has_a_name(home: Path, language: str) -> None:
    with heard(home, language) as (shown, reader, program):
        reader.listen("object:state-changed:showing")
        assert program.find("frame").name
        assert not nameless(program), program.dump()
        seen = names(program)
        for key in OPENED_BY:
            before = program.dump()
            shown.press(key)
            wait_for(lambda before=before: program.dump() != before, f"what {key} opens")  # type: ignore[misc]
            assert not nameless(program), program.dump()
            seen |= names(program)
            shown.press("Escape")
            time.sleep(CLOSE_S)
        for count, key in enumerate(MENUS_BY, 1):
            shown.press(key)
            menu = wait_for(lambda count=count: menus(reader, program)[count - 1 :], f"the menu of {key}")[0]  # type: ignore[misc]
            entries = [node for node in menu.children if node.role in INTERACTIVE]
            assert entries
            assert all(node.name for node in entries), menu.dump()
            seen |= {node.name for node in entries}
            shown.press("Escape", "Escape")
        if language == "zh_CN":
            assert sorted(name for name in seen if is_english(name)) == []


def menus(reader: Reader, program: Node, *, since: int = 0) -> list[Node]:
    """The menus that have opened so far, or since so many events."""
    told = reader.heard("StateChanged")[since:]
    shown = [event for event in told if event.body[:2] == ["showing", 1]]
    nodes = [Node(reader.bus, program.service, str(event.fields[1])) for event in shown]
    return [node for node in nodes if node.is_there and node.role == "popup menu"]


def names(program: Node) -> set[str]:
    """What everything is called that a person can reach."""
    return {node.name for node in program.walk() if node.role in INTERACTIVE}


ALIKE = {"JSON Schema", "Top-n-sigma"}
"""Written so in both languages."""


def is_english(name: str) -> bool:
    """Whether a name was left untranslated: several Latin words and no Han character; a model's is none."""
    return (
        name not in ALIKE
        and "/" not in name
        and not HAN.search(name)
        and len(re.findall(r"[A-Za-z]{3,}", name)) > 1
    )


def test_the_focus_is_told_as_it_moves(home: Path) -> None:
    with heard(home, "en") as (shown, reader, program):
        reader.listen("object:state-changed:focused")
        shown.press("Tab", "Tab", "Tab")
        wait_for(lambda: len(focused(reader)) >= 3, "three places of the focus")
        names = [Node(reader.bus, program.service, path).name for path in focused(reader)]
        assert all(names)
        assert len(set(names)) >= 3


def focused(reader: Reader) -> list[str]:
    """Paths of what has got the focus so far."""
    told = [event for event in reader.heard("StateChanged") if event.body[0] == "focused" and event.body[1]]
    return [str(event.fields[1]) for event in told]


def read(node: Node) -> set[tuple[str, str]]:
    """Read all that can be read from here on; returns role and name of what is on the screen."""
    found: set[tuple[str, str]] = set()
    with suppress(BusError):  # it has gone while it was read
        kinds = node.interfaces
        assert "Text" not in kinds or node.text is not None
        assert "Action" not in kinds or all(node.action_titles)
        if node.has(SHOWING):
            found.add((node.role, node.name))
        for child in node.children:
            if not child.path.endswith("/null"):
                found |= read(child)
    return found


def read_all(app: Running, told: int) -> set[tuple[str, str]]:
    """Read the whole program, and the menus that have opened since so many events: they stand beside it."""
    assert app.process.poll() is None
    return read(app.program).union(*(read(menu) for menu in menus(app.reader, app.program, since=told)))


def complaints(home: Path) -> list[str]:
    """What the window has written, but for what Qt says of a slow bus and of questions that come too late."""
    lines = (home / "window.log").read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith(QT_SAYS)]


def test_the_window_lives_and_ends_well_while_all_of_it_is_read_again_and_again(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('[quick]\nshortcut = "Ctrl+Alt+Space"\n', "utf-8")
    # Freed memory is overwritten at once: what is used after its end is found out.
    with running(home, "en", MALLOC_PERTURB_="165") as app:
        app.reader.listen("object:announcement", "object:state-changed:showing", "object:children-changed")
        app.shown.type("Which tea?")
        app.shown.press("Return")
        wait_for(lambda: app.reader.heard("Announcement"), "the reply")
        for role, name, opening, closing in STEPS:
            told = len(app.reader.heard("StateChanged"))
            for key in opening:
                app.shown.press(key)
                read_all(app, told)
            wait_for(lambda: (role, name) in read_all(app, told), name)  # noqa: B023 - it ends before the next
            for key in closing:
                app.shown.press(key)
                read_all(app, told)
        app.shown.press("alt+F4")
        while app.process.poll() is None:
            read(app.program)
        assert app.process.returncode == 0
    assert complaints(home) == []
