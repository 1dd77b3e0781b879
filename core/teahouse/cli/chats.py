"""`teahouse chats`: the conversations in a terminal: listed, found, shown, thrown away and brought back."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime

import click

from teahouse.cli import chats_branch, chats_exchange, chats_set, chats_trash
from teahouse.cli.console import ProgressLine, echo_json, harmless, run
from teahouse.cli.conversation_ids import find_by_name, short_ids
from teahouse.cli.main import Session
from teahouse.language import _
from teahouse.messages import Conversation, Message
from teahouse.search.finder import Hit
from teahouse.search.query import parse
from teahouse.store import Store


def command() -> click.Command:
    """The group."""
    group = click.Group("chats", help=_("Conversations on this machine."))
    for made in (
        _list_command(),
        _search_command(),
        _show_command(),
        chats_set.command(),
        *chats_trash.commands(),
        chats_branch.command(),
    ):
        group.add_command(made)
    for exchange in chats_exchange.commands():
        group.add_command(exchange)
    return group


def _json_option() -> click.Option:
    return click.Option(["--json", "is_json"], is_flag=True, help=_("Print JSON."))


# --- list -------------------------------------------------------------------------------------------


def _list_command() -> click.Command:
    return click.Command(
        "list",
        callback=_list,
        help=_("Conversations, newest first."),
        params=[
            _json_option(),
            click.Option(["--trashed", "is_trashed"], is_flag=True, help=_("Those in the trash.")),
            click.Option(["--archived", "is_archived"], is_flag=True, help=_("Those in the archive.")),
        ],
    )


@click.pass_obj
def _list(session: Session, /, is_json: bool, is_trashed: bool, is_archived: bool) -> None:
    store = session.app.store
    # The archive is out of the way, the trash shows all that is in it.
    wanted = None if is_trashed and not is_archived else is_archived
    found = store.conversations(is_trashed=is_trashed, is_archived=wanted)
    if is_json:
        echo_json([asdict(conversation) for conversation in found])
        return
    ids = short_ids(_all(store))
    for conversation in found:
        click.echo(_shown(_line(conversation, ids[conversation.id])))
    if not found:
        click.echo(_("There is no conversation here."))


def _line(conversation: Conversation, short_id: str) -> str:
    marks = ["📌"] if conversation.is_pinned else []
    marks += [f"[{conversation.folder}]"] if conversation.folder else []
    marks += [f"#{tag}" for tag in conversation.tags]
    parts = [short_id, _time(conversation.updated_ms), _title(conversation.title), *marks]
    return "  ".join(part.replace("\n", " ") for part in parts)


# --- search -----------------------------------------------------------------------------------------


def _search_command() -> click.Command:
    return click.Command(
        "search",
        callback=_search,
        help=_(
            "Search titles, messages and attachments. A query is words, “phrases”, -words to leave out, and "
            "filters: in:FOLDER tag:TAG model:NAME date:2026-11 date:>2026-01-01 has:thumb|attachment|note "
            "role:user|assistant is:pinned|archived|trashed."
        ),
        # -word is a word to leave out, also where it begins like -h.
        context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
        params=[
            click.Argument(["words"], metavar="QUERY", nargs=-1, required=True),
            click.Option(
                ["--limit"], type=click.IntRange(1, 1000), default=20, show_default=True, help=_("At most.")
            ),
            _json_option(),
        ],
    )


@click.pass_obj
def _search(session: Session, /, words: tuple[str, ...], limit: int, is_json: bool) -> None:
    query = " ".join(words)
    store = session.app.store
    _complete_index(store)
    hits, problems = store.search(query, limit=limit), parse(query).problems
    if is_json:
        echo_json({"hits": [asdict(hit) for hit in hits], "problems": list(problems)})
        return
    for problem in problems:
        click.echo(problem, err=True)
    ids = short_ids(_all(store))
    for hit in hits:
        _echo_hit(hit, ids.get(hit.conversation_id, hit.conversation_id))
    if not hits:
        click.echo(_("Nothing was found."))


def _complete_index(store: Store) -> None:
    """Take in what was written by an older version; nearly always there is nothing of that."""
    if store.is_search_complete:
        return
    line = ProgressLine()
    try:
        run(
            store.complete_search,
            lambda done: line.show(_("Indexed for search: {count} …").format(count=done)),
        )
    finally:
        line.clear()


def _echo_hit(hit: Hit, short_id: str) -> None:
    who = _speaker(hit.role) if hit.message_id else _("title")
    click.echo(_shown(f"{short_id}  {_time(hit.created_ms)}  {_title(hit.title)}  · {who}"))
    if hit.message_id:
        click.echo("    " + _styled(hit))


def _styled(hit: Hit) -> str:
    """The snippet with what was found in bold, where the terminal can."""
    parts, at = [], 0
    for start, end in hit.marks:
        parts.append(_shown(hit.snippet[at:start]))
        parts.append(click.style(_shown(hit.snippet[start:end]), bold=True))
        at = end
    return "".join([*parts, _shown(hit.snippet[at:])])


# --- show -------------------------------------------------------------------------------------------


def _show_command() -> click.Command:
    return click.Command(
        "show",
        callback=_show,
        help=_("Print one conversation."),
        params=[click.Argument(["name"], metavar="ID|TITLE"), _json_option()],
    )


@click.pass_obj
def _show(session: Session, /, name: str, is_json: bool) -> None:
    store = session.app.store
    conversation = find_by_name(_all(store), name)
    messages = store.visible_path(conversation.id)
    if is_json:
        echo_json(asdict(conversation) | {"messages": [asdict(message) for message in messages]})
        return
    click.echo(_shown(f"# {_title(conversation.title)}\n\n{_facts(conversation)}"))
    if conversation.system_prompt:
        click.echo(_shown(f"\n## {_speaker('system')}\n\n{conversation.system_prompt}"))
    for message in messages:
        click.echo(_shown(f"\n## {_speaker(message.role)}\n\n{_body(message)}"))


def _facts(conversation: Conversation) -> str:
    facts = [conversation.id, _time(conversation.updated_ms), conversation.model, conversation.folder]
    states = [
        (conversation.is_pinned, _("pinned")),
        (conversation.is_archived, _("in the archive")),
        (conversation.trashed_ms is not None, _("in the trash")),
    ]
    facts += [f"#{tag}" for tag in conversation.tags] + [word for holds, word in states if holds]
    return " · ".join(fact for fact in facts if fact)


def _body(message: Message) -> str:
    parts = [message.text, *(_aside(part.kind, part.data) for part in message.parts)]
    return "\n\n".join(part for part in parts if part)


def _aside(kind: str, data: str) -> str:
    """What of a message is not its text, and worth a line."""
    if kind == "error":
        return _("[error: {text}]").format(text=data.replace("\n", " "))
    if kind == "attachment":
        return _("[attachment: {name}]").format(name=_attachment_name(data))
    return ""


def _attachment_name(data: str) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return "?"
    return str(found.get("name", "?")) if isinstance(found, dict) else "?"


# --- words ------------------------------------------------------------------------------------------


def _all(store: Store) -> list[Conversation]:
    return [*store.conversations(), *store.conversations(is_trashed=True)]


def _shown(text: str) -> str:
    """Text of others, which in a terminal does nothing but be read."""
    return harmless(text) if sys.stdout.isatty() else text


def _title(title: str) -> str:
    return title or _("(without title)")


def _speaker(role: str) -> str:
    names = {"user": _("You"), "assistant": _("Model"), "system": _("System prompt"), "tool": _("Tool")}
    return names.get(role, role)


def _time(milliseconds: int) -> str:
    """Local date and time; empty where a damaged file says one that is none."""
    try:
        return f"{datetime.fromtimestamp(milliseconds / 1000):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError, OSError):
        return ""
