"""Chat formats which a person can choose for a model whose file carries no template.

Nothing here is ever chosen silently: a wrong format makes a model worse without a word. Each source is our
own, written from the family's published format. The texts by which a turn ends are stop strings too,
because in such a file they are often ordinary text.
"""

from __future__ import annotations

from dataclasses import dataclass

from teahouse.errors import TemplateError
from teahouse.language import N_, _, listed


@dataclass(frozen=True, slots=True)
class Format:
    """One chat format.

    Attributes:
        name: As in the setting `engine.template`.
        title: For people: whose format it is.
        source: Jinja.
        stop: Texts by which the assistant's turn ends.
    """

    name: str
    title: str
    source: str
    stop: tuple[str, ...]


def names() -> list[str]:
    """Names of the formats, the commonest first."""
    return [each.name for each in _FORMATS]


def find(name: str) -> Format:
    """The format of this name, its title in the language of the app.

    Raises:
        TemplateError: There is none; the hint lists the names.
    """
    found = next((each for each in _FORMATS if each.name == name), None)
    if found is None:
        raise TemplateError(
            _("There is no chat format “{name}”.").format(name=name),
            _("Choose one of: {names}.").format(names=listed(names())),
            name=name,
        )
    return Format(found.name, _(found.title), found.source, found.stop)


_SYSTEM_FIRST = (
    "{% set ns = namespace(system='') %}"
    "{% if messages and messages[0].role == 'system' %}"
    "{% set ns.system = messages[0].content | trim %}{% set messages = messages[1:] %}{% endif %}"
)
"""The system prompt apart, the other messages in `messages`."""
_ALTERNATE = (
    "{% if m.role != ('user' if loop.index0 % 2 == 0 else 'assistant') %}"
    "{{ raise_exception('user and assistant must take turns, beginning with the user') }}{% endif %}"
)
_KNOWN = (
    "{% if m.role not in ['system', 'user', 'assistant'] %}"
    "{{ raise_exception('it knows no role ' ~ m.role) }}{% endif %}"
)
_OPEN = "{% if add_generation_prompt %}"

CHATML = (
    "{% for m in messages %}"
    + _KNOWN
    + "{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}"
    + _OPEN
    + "{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
LLAMA2 = (
    _SYSTEM_FIRST
    + "{% for m in messages %}"
    + _ALTERNATE
    + "{% if m.role == 'user' %}{{ bos_token + '[INST] ' }}"
    "{% if loop.first and ns.system %}{{ '<<SYS>>\\n' + ns.system + '\\n<</SYS>>\\n\\n' }}{% endif %}"
    "{{ m.content | trim + ' [/INST]' }}"
    "{% else %}{{ ' ' + m.content | trim + ' ' + eos_token }}{% endif %}{% endfor %}"
)
LLAMA3 = (
    "{{ bos_token }}{% for m in messages %}"
    + _KNOWN
    + "{{ '<|start_header_id|>' + m.role + '<|end_header_id|>\\n\\n' + m.content | trim + '<|eot_id|>' }}"
    "{% endfor %}" + _OPEN + "{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}"
)
MISTRAL = (
    _SYSTEM_FIRST
    + "{{ bos_token }}{% for m in messages %}"
    + _ALTERNATE
    + "{% if m.role == 'user' %}{{ '[INST] ' }}"
    "{% if loop.first and ns.system %}{{ ns.system + '\\n\\n' }}{% endif %}"
    "{{ m.content | trim + ' [/INST]' }}"
    "{% else %}{{ ' ' + m.content | trim + eos_token }}{% endif %}{% endfor %}"
)
GEMMA = (
    _SYSTEM_FIRST
    + "{{ bos_token }}{% for m in messages %}"
    + _ALTERNATE
    + "{{ '<start_of_turn>' + ('user' if m.role == 'user' else 'model') + '\\n' }}"
    "{% if loop.first and ns.system %}{{ ns.system + '\\n\\n' }}{% endif %}"
    "{{ m.content | trim + '<end_of_turn>\\n' }}{% endfor %}"
    + _OPEN
    + "{{ '<start_of_turn>model\\n' }}{% endif %}"
)
PHI3 = (
    "{% for m in messages %}"
    + _KNOWN
    + "{{ '<|' + m.role + '|>\\n' + m.content + '<|end|>\\n' }}{% endfor %}"
    + _OPEN
    + "{{ '<|assistant|>\\n' }}{% endif %}"
)
DEEPSEEK = (
    _SYSTEM_FIRST
    + "{{ bos_token + ns.system }}{% for m in messages %}"
    + _ALTERNATE
    + "{{ '<｜User｜>' + m.content if m.role == 'user' else '<｜Assistant｜>' + m.content + eos_token }}"
    "{% endfor %}" + _OPEN + "{{ '<｜Assistant｜>' }}{% endif %}"
)
VICUNA = (
    _SYSTEM_FIRST
    + "{{ bos_token }}{% if ns.system %}{{ ns.system + ' ' }}{% endif %}{% for m in messages %}"
    + _ALTERNATE
    + "{{ 'USER: ' + m.content | trim + ' ' if m.role == 'user'"
    " else 'ASSISTANT: ' + m.content | trim + eos_token }}"
    "{% endfor %}" + _OPEN + "{{ 'ASSISTANT:' }}{% endif %}"
)
ALPACA = (
    _SYSTEM_FIRST
    + "{% if ns.system %}{{ ns.system + '\\n\\n' }}{% endif %}{% for m in messages %}"
    + _ALTERNATE
    + "{{ '### Instruction:\\n' if m.role == 'user' else '### Response:\\n' }}"
    "{{ m.content | trim + '\\n\\n' }}{% endfor %}" + _OPEN + "{{ '### Response:\\n' }}{% endif %}"
)
PLAIN = (
    _SYSTEM_FIRST
    + "{% if ns.system %}{{ ns.system + '\\n\\n' }}{% endif %}{% for m in messages %}"
    + _KNOWN
    + "{% if m.role == 'system' %}{{ raise_exception('the system prompt must come first') }}{% endif %}"
    "{{ ('User: ' if m.role == 'user' else 'Assistant: ') + m.content | trim + '\\n' }}{% endfor %}"
    + _OPEN
    + "{{ 'Assistant:' }}{% endif %}"
)

_FORMATS = (
    Format("chatml", N_("ChatML (Qwen, Yi, Hermes and many others)"), CHATML, ("<|im_end|>", "<|im_start|>")),
    Format("llama2", N_("Llama 2"), LLAMA2, ("</s>", "[INST]")),
    Format("llama3", N_("Llama 3"), LLAMA3, ("<|eot_id|>", "<|start_header_id|>")),
    Format("mistral", N_("Mistral and Mixtral (Instruct)"), MISTRAL, ("</s>", "[INST]")),
    Format("gemma", N_("Gemma"), GEMMA, ("<end_of_turn>", "<start_of_turn>")),
    Format("phi3", N_("Phi 3"), PHI3, ("<|end|>", "<|user|>")),
    Format("deepseek", N_("DeepSeek (V2.5 and later)"), DEEPSEEK, ("<｜end▁of▁sentence｜>", "<｜User｜>")),
    Format("vicuna", N_("Vicuna"), VICUNA, ("</s>", "USER:")),
    Format("alpaca", N_("Alpaca (### Instruction)"), ALPACA, ("### Instruction:", "### Response:")),
    Format("plain", N_("Plain text (User: … Assistant: …)"), PLAIN, ("\nUser:", "\nAssistant:")),
)
