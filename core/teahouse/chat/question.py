"""What is asked of the model for a conversation: its own choices before those of the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from teahouse.chat.answer import Overflow, Question
from teahouse.chat.beginning import Beginning
from teahouse.chat.branch import Branch, BranchPoint
from teahouse.chat.history import Entry
from teahouse.chat.parameters import Parameters, parameters_of
from teahouse.engine.sampling import Sampling
from teahouse.errors import ModelError, SettingError
from teahouse.language import _, sentences
from teahouse.messages import Attachment, Conversation, File
from teahouse.models.adapter_choice import KEY as ADAPTERS
from teahouse.models.adapter_choice import adapters_of
from teahouse.models.library import Model

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.steering import Steering
    from teahouse.setting import Value

REASONING = {"on": True, "off": False, "auto": None}


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """What the person asks for.

    Attributes:
        text: Their message; None answers an existing one again.
        parent_id: The message to go on from; the visible leaf when None, the beginning when `ROOT`.
            For an answer again it is the message to answer, so that the new reply becomes a sibling
            of the old one; for an edited message it is the parent of the one it replaces.
        model: Empty for the conversation's, else the default one.
        sampling: All sampler values, in the place of those in force and of biases of texts; None for those in
            force, some of which `settings` can change.
        overflow: As the setting `chat.overflow`; empty for the conversation's, as for those below.
        reasoning: As the setting `chat.reasoning`.
        is_reproducible: As the setting `chat.reproducible`; None for the conversation's.
        system_prompt: What the model is told before, for this reply alone; empty for nothing, None for the
            conversation's.
        attachments: Files that the message carries: new ones, and ones that an earlier message carries.
        settings: Values of settings for this reply alone, before those of the conversation.
        seed: For this reply alone; None for what the settings say.
        continues: The reply to go on with, as another version of it; `text`, `parent_id` and
            `attachments` say nothing then.
        branch: The reply to begin again with another token, as another version of it; as for `continues`,
            and the model is the one that wrote it.
        step: Likeliest tokens told of each token as it is written, as `TokenStep`; 0 for none.
        steering: Lets a person choose each token; None lets the model write. Other adapters that are chosen
            meanwhile hold in either case (`chat.following`).
    """

    conversation_id: str
    text: str | None = None
    parent_id: str | None = None
    model: str = ""
    sampling: Sampling | None = None
    max_tokens: int | None = None
    overflow: str = ""
    reasoning: str = ""
    is_reproducible: bool | None = None
    system_prompt: str | None = None
    attachments: tuple[File | Attachment, ...] = ()
    settings: Mapping[str, Value] = field(default_factory=dict)
    seed: int | None = None
    continues: str = ""
    branch: Branch | None = None
    step: int = 0
    steering: Steering | None = None


def wanted_model(app: App, conversation: Conversation | None = None, name: str = "") -> str:
    """The model to ask: the named one, the conversation's, the default, or the first there is.

    Raises:
        ModelError: There is no model at all.
    """
    chosen = name or (conversation.model if conversation else "") or app.settings.get("models.default")
    if chosen:
        return _found(app, chosen)
    models = app.models.list()
    usable = [model for model in models if not model.problem and model.can_chat]
    if not usable:
        raise _none_usable(models)
    return usable[0].name


def _found(app: App, name: str) -> str:
    """A model's own name; one in memory can be asked even if its file is gone."""
    try:
        return app.models.find(name).name
    except ModelError:
        if app.engines.get(name) is None:
            raise
        return name


def _none_usable(models: Sequence[Model]) -> ModelError:
    hint = _("Get the starter model with “teahouse models get starter”, or on the window's first page.")
    if not models:
        return ModelError(_("There is no model yet."), hint)
    problems = [_("“{name}”: {problem}.").format(name=m.name, problem=m.problem) for m in models]
    return ModelError(
        sentences(_("No model here can be used."), *problems),
        hint,
        problems={model.name: model.problem for model in models},
    )


def value_of(app: App, conversation: Conversation | None, key: str, model: str = "") -> Any:
    """The value of a setting in force for a conversation; one of its own that is damaged is passed over.

    Args:
        model: Whose own value goes before the app's; empty for the app's.
    """
    own = conversation.settings.get(key) if conversation else None
    setting = next((setting for setting in app.settings.declared if setting.key == key), None)
    if own is None or setting is None:
        return app.settings.get(key, model)
    try:
        return setting.check(own)
    except SettingError:
        return app.settings.get(key, model)


def sampling_of(app: App, conversation: Conversation | None, model: str = "") -> Sampling:
    """The sampler values in force for a reply of a model in a conversation."""
    return parameters_of(app, conversation, model).sampling


def system_prompt_of(app: App, conversation: Conversation) -> str:
    """What the model is told before the conversation; empty for nothing."""
    return conversation.system_prompt or str(app.settings.get("chat.system_prompt"))


def question_of(
    app: App,
    conversation: Conversation,
    request: TurnRequest,
    *,
    history: Sequence[Entry],
    reply_id: str = "",
    beginning: Beginning | None = None,
    point: BranchPoint | None = None,
) -> Question:
    """The question that a request makes of a history.

    Raises:
        ModelError: There is no such model, or none at all.
    """
    conversation = replace(conversation, settings={**conversation.settings, **request.settings})

    def chosen(key: str, wanted: Any) -> Any:
        return value_of(app, conversation, key) if wanted in (None, "") else wanted

    own = request.system_prompt
    system = system_prompt_of(app, conversation) if own is None else own
    model = wanted_model(app, conversation, request.model)
    parameters = parameters_of(app, conversation, model)
    return Question(
        model=model,
        messages=(*([Entry("system", system)] if system else []), *history),
        sampling=sampling_for(request, parameters),
        biases=() if request.sampling else parameters.biases,
        max_tokens=request.max_tokens or parameters.max_tokens,
        stop=parameters.stop,
        reply_id=reply_id,
        overflow=cast(Overflow, chosen("chat.overflow", request.overflow)),
        has_reasoning=REASONING[chosen("chat.reasoning", request.reasoning)],
        is_reproducible=bool(chosen("chat.reproducible", request.is_reproducible)),
        conversation_id=conversation.id,
        beginning=beginning,
        point=point,
        step=request.step,
        steering=request.steering,
        adapters=adapters_of(app, conversation, model, is_asked=ADAPTERS in request.settings),
    )


def sampling_for(request: TurnRequest, parameters: Parameters) -> Sampling:
    """The sampler values for a request: its own, else those in force, with its own seed."""
    sampling = request.sampling or parameters.sampling
    return sampling if request.seed is None else replace(sampling, seed=request.seed)
