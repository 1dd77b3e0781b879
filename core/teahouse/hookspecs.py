"""Every engine hook a plugin can implement. What a person sees of each: docs/plugins.md.

A hook arrives here with the first shipped plugin that uses it. Hooks return values, so that a hook
is tested by calling it; one that raises is reported by its plugin's name and skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.mentions import Mention
    from teahouse.messages import Conversation, Part, Turn
    from teahouse.passages import Context, Embedder, Loader
    from teahouse.plugins import Backend, Command
    from teahouse.settings import Setting

hookspec = pluggy.HookspecMarker("teahouse")
hookimpl = pluggy.HookimplMarker("teahouse")


@hookspec
def register_settings() -> list[Setting]:  # type: ignore[empty-body]
    """Settings of the plugin; their keys start with its name."""


@hookspec
def register_models(app: App) -> list[Backend]:  # type: ignore[empty-body]
    """Back ends that bring models; each runs in a child process."""


@hookspec
def register_commands(app: App) -> list[Command]:  # type: ignore[empty-body]
    """Commands for the terminal, the palette and the menu."""


@hookspec
def choose_sampling(conversation: Conversation | None, model: str) -> dict[str, Any]:  # type: ignore[empty-body]
    """How the next reply is made: fields of `Sampling`, `max_tokens` and `stop`, merged plugin by plugin.

    `conversation` is None for a question that belongs to none, `model` the name of the model that is asked.
    In `logit_bias` a text may stand for the ids of its tokens.
    """


@hookspec
def retrieve_context(query: str, conversation: Conversation) -> Context | None:
    """What the model is to read before it answers; None where the plugin has nothing to do with the question.

    `conversation` has the model that is asked and the settings in force for this reply. It is called on a
    thread of its own; None must come at once.
    """


@hookspec
def review_reply(turn: Turn) -> list[Part]:  # type: ignore[empty-body]
    """Parts for a written reply: one of kind `text` takes the place of its text, others are added."""


@hookspec
def register_loaders() -> list[Loader]:  # type: ignore[empty-body]
    """Types of files that documents may be; each is read in a confined child process."""


@hookspec
def register_embedders() -> list[Embedder]:  # type: ignore[empty-body]
    """What turns texts into vectors, besides the embedding models in the models folder."""


@hookspec
def complete_mention(prefix: str, conversation: Conversation) -> list[Mention]:  # type: ignore[empty-body]
    """What a message can name that fits what is typed: `prefix` begins with `@` or `#`.

    It is asked as people type, on a thread of its own; the id of `conversation` is empty for a new one.
    """
