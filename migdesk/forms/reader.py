"""XForm XML → `Definition`. The only reader of form XML; it trusts nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from lxml import etree

from migdesk.forms import entities
from migdesk.forms.definition import (
    Action,
    Bind,
    Control,
    Definition,
    FixedItem,
    Itemset,
    Node,
    Output,
    Parts,
    Scope,
    TextRef,
)
from migdesk.forms.faults import BrokenReference, FormFault, Place
from migdesk.forms.secondary import Secondary
from migdesk.forms.xml import (
    JR,
    MAX_DEPTH,
    XFORMS,
    XHTML,
    NotAForm,
    attributes_of,
    beside_questions,
    local,
    parse_xml,
    qualified,
    tree_of,
)
from migdesk.i18n import N_

EVENTS = "{http://www.w3.org/2001/xml-events}"
_EXTRA = ("{http://www.opendatakit.org/xforms}", "{http://openrosa.org/xforms}")
_ACTIONS = (f"{XFORMS}setvalue", f"{_EXTRA[0]}setgeopoint", f"{_EXTRA[0]}recordaudio")
_OLD_NAMES = {"xforms-ready": "odk-instance-first-load", "jr-insert": "odk-new-repeat"}
KNOWN = frozenset(
    ["odk-instance-first-load", "odk-instance-load", "odk-new-repeat", "xforms-value-changed",
     "xforms-revalidate"]
)  # fmt: skip
_FIELDS = frozenset(
    ["input", "select1", "select", "rank", "range", "upload", "trigger", "secret"]
)
_BIND = f"{XFORMS}bind"
_LABEL, _HINT = f"{XFORMS}label", f"{XFORMS}hint"
_SHOWN = _FIELDS | {"group", "repeat"}


class UnknownEvent(FormFault):
    code = "FRM-006"
    text = N_("The event “{name}” is not known. Correct its name in the form.")


class TwiceInGroup(FormFault):
    code = "FRM-005"
    text = N_("“{name}” appears twice in the same group. Give each question its own name.")


def read(text: str, files: Mapping[str, bytes] | None = None) -> Definition:
    """Definition of an XForm. `files`: attached lists by name (CSV, GeoJSON, XML).

    Raises NotAForm, UnsafeForm, BrokenReference, MissingFile, BadList, NoColumn, and the
    faults of `entities`.
    """
    return _Reader(parse_xml(text), files or {}).definition()


class _Reader:
    def __init__(self, html: etree._Element, files: Mapping[str, bytes]) -> None:
        self.html = html
        self.files = files
        model = html.find(f".//{XFORMS}model")
        if model is None:
            raise NotAForm(why="model")
        self.model = model
        body = html.find(f"{XHTML}body")
        self.body = () if body is None else tuple(body)
        self.nodes: dict[str, Node] = {}
        self.texts: dict[str, TextRef] = {}

    def definition(self) -> Definition:
        instances = self.model.findall(f"{XFORMS}instance")
        if not instances or not len(instances[0]):
            raise NotAForm(why="instance")
        main = instances[0][0]
        self.repeats = {
            repeat.get("nodeset", "").strip() for repeat in self.html.iter(f"{XFORMS}repeat")
        }
        self.bound = {bind.get("nodeset", "").strip() for bind in self.model.findall(_BIND)}
        root = self._node(main, None, Scope(None, 0), 0)
        for bind in self.model.findall(_BIND):
            self._bind(bind)
        entities.read(self.html)
        languages, default, itext = self._itext()
        body = tuple(c for e in self.body for c in self._control(e, root))
        lists = Secondary(self.html, instances[1:], self.files)
        lists.check(body)
        return Definition(
            title=(self.html.findtext(f"{XHTML}head/{XHTML}title") or "").strip(),
            form_id=main.get("id") or main.nsmap.get(None) or local(main),
            version=main.get("version") or main.get(f"{JR}version") or "",
            root=root,
            tree=tree_of(main, root),
            nodes=self.nodes,
            body=body,
            itext=itext,
            languages=languages,
            default_language=default,
            instances=lists.instances,
            attached=lists.attached,
            actions=tuple(self._actions()),
            namespaces={k: v for k, v in main.nsmap.items() if k},
            public_key=self._public_key(),
        )

    def _public_key(self) -> str:
        element = self.model.find(f"{XFORMS}submission")
        return "" if element is None else element.get("base64RsaPublicKey", "").strip()

    # main instance ------------------------------------------------------------

    def _node(
        self, element: etree._Element, parent: Node | None, scope: Scope, deep: int
    ) -> Node:
        if deep > MAX_DEPTH:
            raise NotAForm(why=f"> {MAX_DEPTH}")
        name = qualified(element) if parent else local(element)
        path = f"{parent.path if parent else ''}/{name}"
        repeat = path in self.repeats
        place = len(scope.repeats)
        inner = Scope(scope, scope.depth + 1) if repeat else scope
        node = Node(name, path, parent, repeat, inner, len(inner.nodes), place=place)
        inner.nodes.append(node)
        self.nodes[path] = node
        node.attributes = attributes_of(element)
        if repeat:
            scope.repeats.append(node)
        self._attributes(node, inner)
        for child in element:
            self._child(child, node, inner, deep)
        if not len(element):
            node.default = (element.text or "").strip()
        if repeat and element.get(f"{JR}template") is not None:
            node.template = tree_of(element, node)
        return node

    def _attributes(self, node: Node, scope: Scope) -> None:
        """Attributes that a bind speaks of become nodes."""
        for name in [n for n in node.attributes if f"{node.path}/@{n}" in self.bound]:
            path = f"{node.path}/@{name}"
            made = Node(f"@{name}", path, node, False, scope, len(scope.nodes))
            made.default = node.attributes.pop(name).strip()
            scope.nodes.append(made)
            node.children.append(made)
            self.nodes[path] = made

    def _child(self, child: etree._Element, node: Node, scope: Scope, deep: int) -> None:
        path = f"{node.path}/{qualified(child)}"
        if path not in self.nodes:
            node.children.append(self._node(child, node, scope, deep + 1))
        elif path not in self.repeats:
            raise TwiceInGroup(Place(ref=path), name=qualified(child))

    def _find(self, path: str) -> Node:
        node = self.nodes.get(path.strip())
        if node is None:
            raise BrokenReference(Place(ref=path.strip()), target=path.strip())
        return node

    def _bind(self, element: etree._Element) -> None:
        node = self._find(element.get("nodeset", ""))

        written = {str(name): str(value) for name, value in element.attrib.items()}

        def get(name: str) -> str:
            return written.get(name, "").strip()

        node.bind = Bind(
            type=get("type").removeprefix("xsd:").removeprefix("odk:") or "string",
            relevant=get("relevant"),
            calculate=get("calculate"),
            constraint=get("constraint"),
            constraint_text=self._message(get(f"{JR}constraintMsg")),
            required=get("required"),
            required_text=self._message(get(f"{JR}requiredMsg")),
            readonly=get("readonly"),
            preload=get(f"{JR}preload"),
            preload_params=get(f"{JR}preloadParams"),
            extra=tuple(
                (str(name).rpartition("}")[2], str(value).strip())
                for name, value in element.attrib.items()
                if str(name).startswith(_EXTRA)
            ),
        )

    # texts --------------------------------------------------------------------

    def _message(self, text: str) -> TextRef | None:
        if not text:
            return None
        return TextRef(itext=_itext_id(text)) if _itext_id(text) else TextRef(parts=(text,))

    def _text(self, element: etree._Element | None) -> TextRef | None:
        if element is None:
            return None
        ref = _itext_id(element.get("ref", ""))
        if ref:
            return TextRef(itext=ref)
        if element.get("ref"):
            return TextRef(parts=(Output(element.get("ref", "")),))
        return TextRef(parts=_parts(element))

    def _itext(self) -> tuple[tuple[str, ...], str, dict[str, dict[str, dict[str, Parts]]]]:
        table: dict[str, dict[str, dict[str, Parts]]] = {}
        default = ""
        for translation in self.model.iterfind(f"{XFORMS}itext/{XFORMS}translation"):
            language = translation.get("lang", "")
            if translation.get("default") is not None:
                default = language
            texts = table.setdefault(language, {})
            for text in translation:
                texts[text.get("id", "")] = {
                    value.get("form", ""): _parts(value) for value in text
                }
        languages = tuple(table)
        return languages, default or (languages[0] if languages else ""), table

    # body ---------------------------------------------------------------------

    def _control(self, element: etree._Element, around: Node) -> Iterator[Control]:
        kind = local(element)
        if kind == "group":
            yield self._group(element, around)
        elif kind == "repeat":
            yield self._repeat(element, around, None)
        elif kind in _FIELDS:
            yield self._field(element, around, kind)

    def _resolve(self, path: str, around: Node) -> Node:
        path = path.strip()
        return self._find(path if path.startswith("/") else f"{around.path}/{path}")

    def _group(self, element: etree._Element, around: Node) -> Control:
        ref = element.get("ref", "")
        node = self._resolve(ref, around) if ref else None
        parts = [e for e in element if local(e) in _SHOWN]
        if len(parts) == 1 and local(parts[0]) == "repeat":
            nodeset = parts[0].get("nodeset", "").strip()
            if node is None or node.path == nodeset:
                return self._repeat(parts[0], around, element)
        group = self._start(element, "group", node)
        inside = node or around
        group.children = [c for e in parts for c in self._control(e, inside)]
        return group

    def _repeat(
        self, element: etree._Element, around: Node, wrapper: etree._Element | None
    ) -> Control:
        node = self._resolve(element.get("nodeset", ""), around)
        labelled = element if wrapper is None else wrapper
        repeat = self._start(labelled, "repeat", node)
        if not repeat.appearance:
            repeat.appearance = (element.get("appearance") or "").strip()
        repeat.count = (element.get(f"{JR}count") or "").strip()
        repeat.fixed = (element.get(f"{JR}noAddRemove") or "").strip() == "true()"
        repeat.children = [c for e in element for c in self._control(e, node)]
        return repeat

    def _field(self, element: etree._Element, around: Node, kind: str) -> Control:
        node = self._resolve(element.get("ref", ""), around)
        control = self._start(element, kind, node)
        if kind in ("input", "upload", "range") and not element.get("query"):
            return control
        control.items = tuple(
            FixedItem(
                (item.findtext(f"{XFORMS}value") or "").strip(),
                self._text(item.find(f"{XFORMS}label")) or TextRef(),
            )
            for item in element.findall(f"{XFORMS}item")
        )
        itemset = element.find(f"{XFORMS}itemset")
        if element.get("query"):
            control.kind = "select1"
            control.itemset = Itemset(element.get("query", "").strip(), "name", "label", False)
        elif itemset is not None:
            control.itemset = _itemset(itemset)
        return control

    def _start(self, element: etree._Element, kind: str, node: Node | None) -> Control:
        words = {part.tag: part for part in reversed(element)}
        return Control(
            kind,
            node,
            label=self._text(words.get(_LABEL)),
            hint=self._text(words.get(_HINT)),
            appearance=(element.get("appearance") or "").strip(),
            attributes={str(k): str(v) for k, v in element.attrib.items()},
        )

    def _actions(self) -> Iterator[Action]:
        for element in self.html.iter(*_ACTIONS):
            if beside_questions(element):
                continue
            owner = self._owner(element)
            yield Action(
                events=frozenset(self._events(element)),
                target=self._target(element, owner),
                value=(element.get("value") or "").strip(),
                text="" if "value" in element.attrib else self._said(element),
                owner=owner,
                kind=local(element),
            )

    def _said(self, element: etree._Element) -> str:
        """What is written as it stands; how well to record."""
        return element.get(f"{_EXTRA[0]}quality") or element.text or ""

    def _owner(self, element: etree._Element) -> Node | None:
        """The question, group or repeat around an action; None for the form itself."""
        for above in element.iterancestors():
            path = above.get("ref") or above.get("nodeset")
            if path:
                return self._find(path)
        return None

    def _events(self, element: etree._Element) -> Iterator[str]:
        written = element.get("event") or element.get(f"{EVENTS}event") or ""
        for name in written.split():
            event = _OLD_NAMES.get(name, name)
            if event not in KNOWN:
                raise UnknownEvent(Place(ref=element.get("ref")), name=name)
            yield event

    def _target(self, element: etree._Element, owner: Node | None) -> str:
        """Path of what an action writes: a path, one relative to its owner, or a bind's id."""
        ref = (element.get("ref") or "").strip()
        if element.get("bind"):
            found = self.model.find(f"{XFORMS}bind[@id='{element.get('bind')}']")
            ref = "" if found is None else found.get("nodeset", "").strip()
        if ref.startswith("/") or owner is None:
            return ref
        return posixpath.normpath(f"{owner.path}/{ref}")


def _itext_id(text: str) -> str:
    text = text.strip()
    if text.startswith("jr:itext("):
        inner = text[len("jr:itext(") :].rstrip(")").strip()
        return inner[1:-1] if inner[:1] in ("'", '"') else ""
    return ""


def _parts(element: etree._Element) -> Parts:
    """Text of an element cut at its outputs; white space at both ends is layout."""
    parts: list[str | Output] = [element.text or ""]
    for child in element:
        if local(child) == "output":
            parts.append(Output(child.get("value") or child.get("ref") or ""))
        parts.append(child.tail or "")
    if isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return tuple(part for part in parts if part != "")


def _itemset(element: etree._Element) -> Itemset:
    value = element.find(f"{XFORMS}value")
    label = element.find(f"{XFORMS}label")
    said = "" if label is None else label.get("ref", "").strip()
    spoken = said.startswith("jr:itext(")
    return Itemset(
        nodeset=element.get("nodeset", "").strip(),
        value="" if value is None else value.get("ref", "").strip(),
        label=said[len("jr:itext(") :].rstrip(")").strip() if spoken else said,
        label_itext=spoken,
    )
