"""The command `teahouse`: which commands there are, and how an error ends it.

Exit codes: 0; 2 for wrong usage; 1 for an error, with its text on stderr; 130 after Ctrl-C.
"""

from __future__ import annotations

import gettext
import importlib
import logging
import logging.handlers
import os
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from teahouse import language
from teahouse.cli.console import echo
from teahouse.cli.ending import end_in_time
from teahouse.errors import AppError
from teahouse.language import _
from teahouse.paths import Paths, default_paths
from teahouse.settings import Settings

if TYPE_CHECKING:
    from teahouse.app import App

log = logging.getLogger(__name__)

COMMANDS = {
    "quick": "teahouse.cli.quick:command",
    "chat": "teahouse.cli.chat:command",
    "ask": "teahouse.cli.ask:command",
    "chats": "teahouse.cli.chats:command",
    "prompts": "teahouse.cli.prompts:command",
    "messages": "teahouse.cli.messages:command",
    "backups": "teahouse.cli.backups:command",
    "models": "teahouse.cli.models:command",
    "adapters": "teahouse.cli.adapters:command",
    "plugins": "teahouse.cli.plugins:command",
    "bench": "teahouse.cli.bench:command",
    "doctor": "teahouse.cli.doctor:command",
}


LISTING = "teahouse.listing"


class Session:
    """One run of the command: opens the app when it is first needed and closes it at the end."""

    def __init__(self, paths: Paths, *, is_safe_mode: bool) -> None:
        self.paths = paths
        self.is_safe_mode = is_safe_mode
        self._app: App | None = None
        self._has_plugins = False

    @property
    def app(self) -> App:
        """The app with its plugins, those that were never seen here after a trial."""
        app = self.bare_app
        if not self._has_plugins:
            self._has_plugins = True
            _load_plugins(app)
        return app

    @property
    def bare_app(self) -> App:
        """The app without its plugins: whoever needs some loads them."""
        if self._app is None:
            from teahouse.app import App

            self._app = App.open(self.paths, is_safe_mode=self.is_safe_mode, has_plugins=False)
            self._app.events.listen(_show_notice)
        return self._app

    def close(self) -> None:
        """Close the app if it was opened."""
        if self._app is not None:
            self._app.close()


class Commands(click.Group):
    """Our commands, each imported when it is used, and those of plugins."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help text."""
        return [*COMMANDS, *_plugin_words(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        if cmd_name in COMMANDS:
            module, _colon, function = COMMANDS[cmd_name].partition(":")
            made: click.Command = getattr(importlib.import_module(module), function)()
            return made
        if cmd_name in _plugin_words(ctx):
            if ctx.meta.get(LISTING):
                return click.Command(cmd_name, help=_("Commands of a plugin."))
            from teahouse.cli.contributed import group_of

            return group_of(_session(ctx).bare_app, cmd_name)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; no plugin is loaded for that, so none can spoil the help."""
        ctx.meta[LISTING] = True
        super().format_commands(ctx, formatter)


def build() -> click.Group:
    """The whole command line, in the language in force."""
    return Commands(
        "teahouse",
        callback=_start,
        invoke_without_command=True,
        help=_("Chat with language models on your own machine. Without a command the window opens."),
        params=[
            click.Option(["--safe-mode"], is_flag=True, help=_("Start without plugins.")),
            click.Option(
                ["--startup-report"], is_flag=True,
                help=_("Open the window, print as JSON how fast it opened and what it takes, and quit."),
            ),
            click.Option(
                ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
                help=_("Show the version."),
            ),
        ],
        context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    code = _run(arguments)
    end_in_time(code)
    return code


def _run(arguments: Sequence[str] | None) -> int:
    paths = default_paths()
    _choose_language(paths)
    _log_to_file(paths)
    try:
        result = build().main(args=arguments, prog_name="teahouse", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except AppError as error:
        echo(_("Error: {text}").format(text=error.text), is_error=True)
        if error.hint:
            echo(error.hint, is_error=True)
        return 1
    except (KeyboardInterrupt, click.Abort):
        click.echo("", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        log.exception("teahouse failed")
        text = _("Error: something in Teahouse is wrong ({error}). The details are in {folder}.")
        echo(text.format(error=f"{type(error).__name__}: {error}", folder=paths.logs), is_error=True)
        return 1


def _start(**params: Any) -> int | None:
    ctx = click.get_current_context()
    session = _session(ctx)
    if ctx.invoked_subcommand is not None:
        return None
    from teahouse.cli.window import open_window

    return open_window(session, is_report=bool(params.get("startup_report")))


def _session(ctx: click.Context) -> Session:
    if ctx.obj is None:  # a plugin's command is looked up before the callback has run
        ctx.obj = Session(default_paths(), is_safe_mode=bool(ctx.params.get("safe_mode")))
        ctx.call_on_close(ctx.obj.close)
    found: Session = ctx.obj
    return found


def _plugin_words(ctx: click.Context) -> list[str]:
    if ctx.params.get("safe_mode"):
        return []
    from teahouse.plugins import command_owners

    chosen = str(Settings(default_paths().settings_file, is_peek=True).get("plugins.disabled"))
    disabled = {name.strip() for name in chosen.split(",")}
    return sorted(word for word, plugin in command_owners().items() if plugin not in disabled)


def _load_plugins(app: App) -> None:
    from teahouse.cli.console import ProgressLine, run

    line = ProgressLine()
    try:
        run(
            app.plugins.load_carefully(),
            lambda name: line.show(_("Loading the plugin {name} …").format(name=name)),
        )
    finally:
        line.clear()


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version

        click.echo(f"teahouse {version('teahouse')}")
        ctx.exit()


def _show_notice(event: object) -> None:
    from teahouse.events import Notice

    if isinstance(event, Notice):
        echo(language.sentences(event.text, event.hint), is_error=True)


def _choose_language(paths: Paths) -> None:
    settings = Settings(paths.settings_file, is_peek=True)
    language.activate(os.environ.get("TEAHOUSE_LANGUAGE") or settings.get("app.language"))
    if language.active() != "en":
        # click asks gettext's default domain, which goes by this variable
        os.environ["LANGUAGE"] = language.active()
        gettext.bindtextdomain("click", str(Path(str(resources.files("teahouse"))) / "locale"))
        gettext.textdomain("click")


class _LogFile(logging.handlers.RotatingFileHandler):
    """The log; where it cannot be written, that is said once, in one line.

    The file is opened by the first record, so a folder, a disk or a rotation can fail at any time; logging's
    own answer is a traceback for each record.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=2_000_000, backupCount=3, encoding="utf-8", delay=True)
        self._has_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  logging's name
        """Tell the first error of the file system; any other is a bug in what was logged."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._has_told:
            self._has_told = True
            _tell_unwritable(Path(self.baseFilename).parent, error)


def _tell_unwritable(folder: Path, error: OSError) -> None:
    text = _("No log can be written to {folder}: {error}.")
    echo(text.format(folder=folder, error=error.strerror or error), is_error=True)


def _log_to_file(paths: Paths) -> None:
    try:
        paths.logs.mkdir(parents=True, exist_ok=True)
        handler = _LogFile(paths.logs / "teahouse.log")
    except OSError as error:
        _tell_unwritable(paths.logs, error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    if not any(isinstance(h, logging.handlers.RotatingFileHandler) for h in root.handlers):
        root.addHandler(handler)
        root.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
