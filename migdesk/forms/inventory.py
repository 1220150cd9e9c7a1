"""What is in a form, counted, and which of its texts lack a translation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migdesk.forms.facts import designed
from migdesk.forms.form import Form
from migdesk.forms.outline import outline

_PARTS = {
    "label": "label",
    "hint": "hint",
    "jr:constraintMsg": "constraint_message",
    "jr:requiredMsg": "required_message",
    "jr:noAppErrorString": "message",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that another language has. `of`: reference of the question, or name of the list
    of choices; `part`: label hint constraint_message required_message message choice; `form`
    is "" for words, else guidance, image, audio or video; `words` are those of the language
    that has them."""

    of: str
    part: str
    form: str
    words: str


@dataclass(frozen=True, slots=True)
class Speech:
    """A language of the form. `texts`: how many there should be."""

    language: str
    default: bool
    texts: int
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """`types`: number of questions by type, notes and calculations too; `rules`: number of
    relevant, constraint, required, calculate, choices (filters)."""

    types: Mapping[str, int]
    groups: int
    repeats: int
    choices: int
    rules: Mapping[str, int]
    languages: tuple[Speech, ...]

    @property
    def questions(self) -> int:
        """Questions that a person answers."""
        unasked = ("note", "calculate", "hidden")
        return sum(n for kind, n in self.types.items() if kind not in unasked)


def inventory(form: Form) -> Inventory:
    """Count a form."""
    nodes = [node for node in form.definition.nodes.values() if designed(node)]
    program = form.program
    rules = {
        "relevant": len(program.relevant),
        "constraint": len(program.constraint),
        "required": sum(program.required[node] is not False for node in nodes),
        "calculate": sum(node in program.calculate for node in nodes),
        "choices": sum("[" in program.choices[node].source for node in program.choices),
    }
    return Inventory(
        types=Counter(form.type_of(node) for node in nodes if node.leaf),
        groups=sum(not node.leaf and not node.repeat for node in nodes),
        repeats=sum(node.repeat for node in nodes),
        choices=sum(len(entry.choices) for entry in outline(form)),
        rules=rules,
        languages=tuple(_speeches(form)),
    )


def _speeches(form: Form) -> Iterator[Speech]:
    itext = form.definition.itext
    wanted: dict[tuple[str, str], str] = {}
    for language in (form.default_language, *form.languages):
        for text_id, forms in itext.get(language, {}).items():
            for name, parts in forms.items():
                if parts and parts != ("-",):
                    words = "".join(p if isinstance(p, str) else "…" for p in parts).strip()
                    wanted.setdefault((text_id, name), words)
    for language in form.languages:
        texts = itext[language]
        missing = tuple(
            _missing(text_id, name, words)
            for (text_id, name), words in wanted.items()
            if texts.get(text_id, {}).get(name, ()) in ((), ("-",)) and words
        )
        yield Speech(language, language == form.default_language, len(wanted), missing)


def _missing(text_id: str, form: str, words: str) -> Missing:
    """pyxform names texts ``/data/age:label``, and those of choices ``list-3``."""
    if text_id.startswith("/"):
        ref, _colon, part = text_id.partition(":")
        return Missing(ref, _PARTS.get(part, "message"), form, words)
    return Missing(text_id.rpartition("-")[0] or text_id, "choice", form, words)
