"""A form ready to be filled: definition, compiled rules, graph. Shared by all runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from migdesk.forms.appearances import HONOURED
from migdesk.forms.definition import Control, Definition, Node, Parts, TextRef
from migdesk.forms.graph import Graph
from migdesk.forms.media import texts_with_media
from migdesk.forms.program import Program
from migdesk.forms.reader import read

_BY_CONTROL = {
    "select1": "select_one",
    "select": "select_multiple",
    "rank": "rank",
    "range": "range",
    "upload": "file",
    "trigger": "acknowledge",
}
_BY_BIND = {"string": "text", "int": "integer"}
_BY_MEDIA = {"image": "image", "audio": "audio", "video": "video"}


@contextmanager
def _uncollected() -> Iterator[None]:
    """Loading makes many objects and hardly any garbage: to look for garbage meanwhile
    takes longer than the loading itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Form:
    """Made by `Form.load`; immutable. `languages` are named as the designer named them."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.program = Program(definition)
        self.graph = Graph(self.program)
        self.actions = self.program.actions
        self.audit = _audit(definition)
        self.media_texts = texts_with_media(definition.itext)
        self._types: dict[Node, str] = {}

    @classmethod
    def load(cls, xml: str, files: Mapping[str, bytes] | None = None) -> Form:
        """Form of an XForm text; `files` are its attached lists by name.

        Raises a FormFault where the form cannot run: not a form, unknown function,
        broken reference, circle, missing file.
        """
        with _uncollected():
            return cls(read(xml, files))

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def form_id(self) -> str:
        return self.definition.form_id

    @property
    def version(self) -> str:
        return self.definition.version

    @property
    def languages(self) -> tuple[str, ...]:
        return self.definition.languages

    @property
    def default_language(self) -> str:
        return self.definition.default_language

    def parts(self, ref: TextRef | None, language: str, form: str = "") -> Parts:
        """Parts of a text. A language without it (pyxform writes “-”) borrows the
        default language's words."""
        if ref is None:
            return ()
        if not ref.itext:
            return ref.parts
        for code in (language, self.default_language, *self.languages):
            parts = self.definition.itext.get(code, {}).get(ref.itext, {}).get(form, ())
            if parts and parts != ("-",):
                return parts
        return ()

    def control(self, node: Node) -> Control | None:
        """Where the body shows `node`; None for calculated and hidden ones."""
        return self.program.controls.get(node)

    def type_of(self, node: Node) -> str:
        """Question type as XLSForm names it."""
        found = self._types.get(node)
        if found is None:
            found = self._types[node] = self._type(node)
        return found

    def _type(self, node: Node) -> str:
        control = self.control(node)
        if control is None:
            return "calculate" if node in self.program.calculate else "hidden"
        if control.kind == "upload":
            media = control.attributes.get("mediatype", "").partition("/")[0]
            return _BY_MEDIA.get(media, "file")
        if control.kind in _BY_CONTROL:
            return _BY_CONTROL[control.kind]
        if self.is_note(node):
            return "note"
        return _BY_BIND.get(node.bind.type, node.bind.type)

    def is_note(self, node: Node) -> bool:
        """A text to read: read only, and nothing ever fills it."""
        return (
            self.program.readonly[node] is True
            and node not in self.program.calculate
            and not node.default
            and node.bind.type == "string"
            and all(action.target is not node for action in self.actions)
        )

    def not_yet(self) -> tuple[tuple[str, str], ...]:
        """Questions whose type has no widget of its own yet, as (reference, type). They
        are filled as text; tell the designer at import."""
        found = ((node.path, self.type_of(node)) for node in self.program.controls if node.leaf)
        return tuple((path, kind) for path, kind in found if kind not in HONOURED)


def _audit(definition: Definition) -> Node | None:
    """Where the name of the event log goes: ``meta/audit``."""
    for meta in definition.root.children:
        for child in meta.children if meta.name.endswith("meta") else ():
            if child.name.endswith("audit") and child.leaf:
                return child
    return None
