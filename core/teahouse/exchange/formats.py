"""The formats in which conversations can be written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from teahouse.exchange import markdown, own, page, pairs
from teahouse.language import N_
from teahouse.messages import WholeConversation


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """How a file of conversations is written.

    Attributes:
        title: For people; to be translated where it is shown.
        suffix: Of its files, with the dot.
        write: The pieces of one conversation.
        glue: Between any two pieces.
        rule: Between two conversations.
        holds_many: Whether one file can hold several.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[WholeConversation], Iterator[str]]
    opening: str = ""
    glue: str = ""
    rule: str = ""
    closing: str = ""
    holds_many: bool = True


EXPORTS = {
    found.name: found
    for found in (
        ExportFormat(
            "json", N_("Teahouse JSON (everything)"), ".json", own.write,
            opening="[\n", glue=",\n", closing="\n]\n",
        ),
        ExportFormat("markdown", N_("Markdown"), ".md", markdown.write, rule="\n---\n\n"),
        ExportFormat("html", N_("HTML page"), ".html", page.write, holds_many=False),
        ExportFormat(
            "sharegpt", N_("ShareGPT JSON"), ".json", pairs.write_sharegpt,
            opening="[\n", glue=",\n", closing="\n]\n",
        ),
        ExportFormat("openai", N_("OpenAI JSONL"), ".jsonl", pairs.write_openai),
    )
}  # fmt: skip
"""By name, in the order in which they are offered."""
