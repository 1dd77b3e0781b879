"""The shape of the house: who imports whom, sizes, docstrings, exports. `make check` runs this alone."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE_ROOTS = ("core", "desktop", "plugins")
LONGEST_FUNCTION = 60
LONG_FUNCTIONS_ALLOWED = 0.02
MEDIAN_MODULE = 170

CORE_LIBRARIES = {"click", "packaging", "platformdirs", "pluggy", "tomlkit"}
DESKTOP_LIBRARIES = {"PySide6", "shiboken6", "markdown_it", "ziamath", "pygments"}
ALLOWED_ONLY_IN = {
    "llama_cpp": "core/teahouse/engine/llama/",
    "numpy": "core/teahouse/engine/llama/",
    "jinja2": "core/teahouse/engine/template.py",
    "huggingface_hub": "core/teahouse/net.py",
}
"""Libraries that one module or package of the core keeps to itself."""

TORCH_FREE = {
    f"teahouse_torch.{name}" for name in ("examples_file", "general", "memory", "run_folder", "settings")
}
"""What of the torch back end needs no torch, so that plugins may use it in the app's process."""

NETWORK = {
    *("aiohttp", "ftplib", "http", "httpx", "huggingface_hub", "imaplib", "poplib", "requests", "smtplib"),
    *("socket", "socketserver", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc"),
    *("PySide6.QtNetwork", "PySide6.QtWebSockets"),
}
MAY_USE_NETWORK = {"core/teahouse/net.py"}

PICKLED_CACHES = {"diskcache", "LlamaCache", "LlamaDiskCache", "LlamaRAMCache"}
"""llama-cpp-python's caches unpickle what lies on the disk (CVE-2025-69872)."""


@dataclass(frozen=True)
class Source:
    """One module of the program: its path from the clone's root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """`teahouse`, `teahouse_desktop`, `teahouse_echo` …"""
        return self.path.split("/")[1]

    @property
    def is_panel(self) -> bool:
        """Whether this is the half of a plugin that may use Qt."""
        return self.path.startswith("plugins/") and self.path.split("/")[2] in ("panel.py", "panel")


@cache
def sources() -> tuple[Source, ...]:
    """Every module under the source roots."""
    files = [file for root in SOURCE_ROOTS for file in sorted((ROOT / root).rglob("*.py"))]
    texts = [(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")) for file in files]
    return tuple(Source(path, text, ast.parse(text)) for path, text in texts)


def imported_modules(source: Source) -> Iterator[str]:
    """Full names of what a module imports, wherever in it, also by `import_module("name")`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from_import(node, source)
        elif isinstance(node, ast.Call) and _is_import_call(node):
            yield str(node.args[0].value)  # type: ignore[attr-defined]


def _from_import(node: ast.ImportFrom, source: Source) -> Iterator[str]:
    module = node.module or ""
    if node.level:
        module = source.package + (f".{module}" if module else "")
    yield from (f"{module}.{alias.name}" for alias in node.names)


def _is_import_call(node: ast.Call) -> bool:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    constant = node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)
    return name in ("import_module", "__import__") and bool(constant)


def is_inside(module: str, names: set[str]) -> bool:
    """Whether `a.b.c` is one of the names or lies in one of them (`a`, `a.b`)."""
    parts = module.split(".")
    return any(".".join(parts[:length]) in names for length in range(1, len(parts) + 1))


def allowed_packages(source: Source) -> set[str] | None:
    """What a core or desktop module may import beside the standard library; `None`: any but the house's."""
    if source.path.startswith("core/teahouse/"):
        kept = {name for name, place in ALLOWED_ONLY_IN.items() if source.path.startswith(place)}
        return {"teahouse", *CORE_LIBRARIES, *kept}
    if source.path.startswith("desktop/"):
        return {"teahouse", "teahouse_desktop", *DESKTOP_LIBRARIES}
    return None


def forbidden_imports(source: Source) -> list[str]:
    """The imports of a module that design.md's "Who may import whom" rules out."""
    allowed = allowed_packages(source)
    return [module for module in imported_modules(source) if not _is_allowed(module, source, allowed)]


def _is_allowed(module: str, source: Source, allowed: set[str] | None) -> bool:
    top = module.split(".")[0]
    if top in sys.stdlib_module_names or top == source.package:
        return True
    if allowed is not None:
        return top in allowed
    if top in ("PySide6", "shiboken6", "teahouse_desktop"):
        return source.is_panel
    return is_inside(module, TORCH_FREE) or not top.startswith("teahouse_")


def test_sources_are_found() -> None:
    assert {source.path.split("/")[0] for source in sources()} == set(SOURCE_ROOTS)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)
def test_imports_go_in_the_right_direction(source: Source) -> None:
    assert forbidden_imports(source) == []


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("core/teahouse/x.py", "import PySide6.QtCore", ["PySide6.QtCore"]),
        ("core/teahouse/x.py", "def f():\n from teahouse_desktop import a", ["teahouse_desktop.a"]),
        ("core/teahouse/x.py", "import llama_cpp", ["llama_cpp"]),
        ("core/teahouse/engine/llama/model.py", "import llama_cpp", []),
        ("core/teahouse/x.py", "import importlib\nimportlib.import_module('torch')", ["torch"]),
        ("desktop/teahouse_desktop/x.py", "import teahouse_echo", ["teahouse_echo"]),
        ("desktop/teahouse_desktop/x.py", "from . import y\nfrom teahouse import app", []),
        ("plugins/teahouse_a/x.py", "import chromadb, teahouse, teahouse_a.b", []),
        ("plugins/teahouse_a/x.py", "import teahouse_b\nimport PySide6", ["teahouse_b", "PySide6"]),
        ("plugins/teahouse_a/x.py", "from teahouse_torch import settings, lora", ["teahouse_torch.lora"]),
        ("plugins/teahouse_a/panel.py", "import teahouse_desktop, PySide6", []),
        ("plugins/teahouse_a/panel/x.py", "import PySide6\nimport teahouse_b", ["teahouse_b"]),
    ],
)
def test_wrong_imports_are_noticed(path: str, text: str, found: list[str]) -> None:
    assert forbidden_imports(Source(path, text, ast.parse(text))) == found


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)
def test_only_net_opens_sockets(source: Source) -> None:
    used = [module for module in imported_modules(source) if is_inside(module, NETWORK)]
    assert not used or source.path in MAY_USE_NETWORK


@pytest.mark.parametrize("text", ["import socket", "from urllib import request", "import http.client as c"])
def test_socket_imports_are_noticed(text: str) -> None:
    modules = imported_modules(Source("core/teahouse/x.py", text, ast.parse(text)))
    assert any(is_inside(module, NETWORK) for module in modules)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)
def test_pickled_caches_are_never_used(source: Source) -> None:
    assert not PICKLED_CACHES & set(identifiers(source.tree))


def identifiers(tree: ast.Module) -> Iterator[str]:
    """Every name that code mentions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)
def test_modules_and_exceptions_have_docstrings(source: Source) -> None:
    classes = [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]
    bare = [node.name for node in classes if is_exception(node) and not ast.get_docstring(node)]
    assert ast.get_docstring(source.tree), "the module has none"
    assert bare == []


def is_exception(node: ast.ClassDef) -> bool:
    """Whether a class is an exception, as far as its bases' names tell."""
    names = [getattr(base, "id", getattr(base, "attr", "")) for base in node.bases]
    return any(re.search(r"(Error|Exception|Warning|Crashed|Refused|Cancelled)$", name) for name in names)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)
def test_exports_equal_all(source: Source) -> None:
    """A package of the core or the desktop offers exactly what its top brings in: `__all__` says so."""
    names = {name for node in source.tree.body for name in public_names(node)} - {"__all__"}
    declared = set(declared_exports(source.tree))
    assert declared <= names
    if source.path.endswith("__init__.py") and not source.path.startswith("plugins/"):
        assert declared == names


def public_names(node: ast.stmt) -> Iterator[str]:
    """Names without a leading underscore that a top-level statement defines or imports."""
    if isinstance(node, (ast.Import, ast.ImportFrom)) and getattr(node, "module", "") != "__future__":
        yield from (name for alias in node.names if not (name := alias.asname or alias.name).startswith("_"))
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
        yield node.name
    elif isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (t.id for t in targets if isinstance(t, ast.Name) and not t.id.startswith("_"))


def declared_exports(tree: ast.Module) -> list[str]:
    """The value of `__all__`; nothing when there is none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def test_sizes() -> None:
    """Half of the modules are short, and all but a few functions."""
    modules = [source.text.count("\n") for source in sources()]
    functions = [item for source in sources() for item in function_lengths(source)]
    long = [item for item in functions if item[1] > LONGEST_FUNCTION]
    assert statistics.median(modules) <= MEDIAN_MODULE
    assert len(long) <= LONG_FUNCTIONS_ALLOWED * len(functions), long


def function_lengths(source: Source) -> Iterator[tuple[str, int]]:
    """Each function of a module with its lines."""
    for node in ast.walk(source.tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield f"{source.path}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


CORE_ALONE = """
import importlib, pkgutil, sys

class OnlyCore:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in allowed:
            raise ModuleNotFoundError(f"No module named {name!r} (an extra)", name=name)

allowed = sys.stdlib_module_names | set(sys.argv[1].split(",")) | {"teahouse"}
sys.meta_path.insert(0, OnlyCore())
import teahouse
for module in pkgutil.walk_packages(teahouse.__path__, "teahouse."):
    if not module.name.startswith("teahouse.engine.llama."):  # the binding: in the engine's child only
        importlib.import_module(module.name)
print("teahouse.cli.main" in sys.modules, sorted({name.partition(".")[0] for name in sys.modules} - allowed))
"""


def test_core_alone_imports_without_the_extras() -> None:
    """Every module of the core loads where nothing but the core's own few libraries can be imported."""
    allowed = ",".join(CORE_LIBRARIES | {"__main__", "__mp_main__", "_virtualenv", "sitecustomize"})
    command = [sys.executable, "-c", CORE_ALONE, allowed]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("True "), done.stdout


def test_core_libraries_are_those_the_project_declares() -> None:
    required = importlib.metadata.requires("teahouse") or []
    names = {re.split(r"[^\w.-]", item)[0] for item in required if "extra ==" not in item}
    assert names == CORE_LIBRARIES


# Assembled, so that this file itself stays clean.
FORBIDDEN = [
    "py" + "pi.org",
    "py" + "pi.python.org",
    "pythonhosted" + ".org",
    "npm" + "js.org",
    "npm" + "js.com",
    "crates" + ".io",
    "deb." + "debian.org",
    "conda.anaconda" + ".org",
]


def test_no_package_registry_is_named() -> None:
    """Registries are reached through pip and apt as the person has set them up, never by a host of ours."""
    found = [
        f"{path}: {word}" for path, text in tracked_texts() for word in FORBIDDEN if word in text.casefold()
    ]
    assert found == []


def tracked_texts() -> Iterator[tuple[str, str]]:
    """Every text file that belongs to the project."""
    for path in tracked_files():
        try:
            yield path, (ROOT / path).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):  # a picture, or just deleted
            continue


def tracked_files() -> list[str]:
    """What git knows or would take; where there is no git, all but hidden and made folders."""
    listing = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(listing, capture_output=True, check=False)
    except FileNotFoundError:
        return walked_files()
    return [name for name in done.stdout.decode().split("\0") if name] or walked_files()


def walked_files() -> list[str]:
    """Every file of the clone outside hidden and made folders."""
    files = (file.relative_to(ROOT) for file in ROOT.rglob("*") if file.is_file())
    return [file.as_posix() for file in files if not any(map(is_made, file.parts[:-1]))]


def is_made(folder: str) -> bool:
    """Whether a folder of this name holds what tools have made."""
    return (folder.startswith(".") and folder != ".ci") or folder in ("__pycache__", "build", "dist")


def test_without_git_the_same_files_are_found() -> None:
    tracked = {name for name in tracked_files() if (ROOT / name).is_file()}
    assert set(walked_files()) >= {name for name in tracked if not name.startswith(".") or name == ".ci/run"}
