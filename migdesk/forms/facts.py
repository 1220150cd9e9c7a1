"""What a form says of each of its nodes, as texts that two versions can be compared by."""

from __future__ import annotations

from collections.abc import Mapping

from migdesk.forms.definition import Node, Output, TextRef
from migdesk.forms.explain import written
from migdesk.forms.form import Form
from migdesk.forms.outline import outline
from migdesk.forms.sheets import COUNT

TEXTS = ("", "guidance", "image", "audio", "video")
"""Forms of a text: its words, the words of guidance, files that go with it."""


class Version:
    """What one version says of each node, by aspect and language."""

    def __init__(self, form: Form, languages: Mapping[str, str]) -> None:
        self.form = form
        self.languages = languages
        self.nodes = [node for node in form.definition.nodes.values() if designed(node)]
        self.choices: dict[str, dict[str, dict[str, str]]] = {}
        for shown, own in languages.items():
            for entry in outline(form, own or None):
                if entry.choices:
                    labels = {choice.value: choice.label for choice in entry.choices}
                    self.choices.setdefault(entry.ref, {})[shown] = labels

    def facts(self, node: Node) -> dict[tuple[str, str], str]:
        bind, control = node.bind, self.form.control(node)
        found = {
            ("type", ""): self.type_of(node),
            ("data_type", ""): bind.type if node.leaf else "",
            ("default", ""): node.default,
            ("required", ""): self._rule(_flag(bind.required), node),
            ("readonly", ""): self._rule(_flag(bind.readonly), node),
            ("relevant", ""): self._rule(_flag(bind.relevant, "true()"), node),
            ("constraint", ""): self._rule(_flag(bind.constraint, "true()"), node),
            ("calculate", ""): self._rule(bind.calculate, node),
            ("event", ""): self._events(node),
        }
        found |= self._texts("constraint_message", bind.constraint_text, node)
        found |= self._texts("required_message", bind.required_text, node)
        if control is not None:
            found |= self._texts("label", control.label, node)
            found |= self._texts("hint", control.hint, node)
            found["appearance", ""] = control.appearance
            found["count", ""] = self._rule(control.count, node)
            if control.itemset is not None and "[" in control.itemset.nodeset:
                found["choices", ""] = self._rule(control.itemset.nodeset, node)
        return {key: text for key, text in found.items() if text}

    def type_of(self, node: Node) -> str:
        if node.leaf:
            return self.form.type_of(node)
        return "repeat" if node.repeat else "group"

    def _rule(self, source: str, node: Node) -> str:
        return written(self.form, source, node) if source else ""

    def _events(self, node: Node) -> str:
        return "; ".join(
            " ".join([*sorted(action.events), self._rule(action.value, node) or action.text])
            for action in self.form.definition.actions
            if action.target == node.path
        )

    def _texts(
        self, aspect: str, ref: TextRef | None, node: Node
    ) -> dict[tuple[str, str], str]:
        found = {}
        for shown, own in self.languages.items():
            for form in TEXTS:
                said = self.words(ref, node, own, form)
                if said:
                    found[form or aspect, shown] = said
        return found

    def words(self, ref: TextRef | None, node: Node, language: str, form: str = "") -> str:
        """A text with ``${name}`` for the values that it shows."""
        if ref is None or (form and not ref.itext):
            return ""
        parts = ref.parts
        if ref.itext:
            table = self.form.definition.itext.get(language, {})
            parts = table.get(ref.itext, {}).get(form, ())
        text = "".join(
            written(self.form, part.source, node) if isinstance(part, Output) else part
            for part in parts
        ).strip()
        return "" if text == "-" else text

    def label(self, node: Node) -> str:
        control = self.form.control(node)
        own = self.form.default_language
        return self.words(control.label, node, own) if control is not None else ""


def designed(node: Node) -> bool:
    """Whether a designer wrote the node: not the root, nor what pyxform adds."""
    if node.parent is None or node.name == "__version__" or node.name.endswith(COUNT):
        return False
    here: Node | None = node
    while here is not None:
        if here.name.rpartition(":")[2] == "meta" and here.parent and not here.parent.parent:
            return False
        here = here.parent
    return True


def _flag(source: str, usual: str = "false()") -> str:
    return "" if source == usual else source
