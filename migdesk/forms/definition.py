"""What a form is, once read: nodes, binds, texts, lists and body. Never changed after.

A *scope* is a repeat (or the whole form): the set of nodes that exist once in each
of its rows. Every node has a slot in its scope; slot 0 is the repeat (or root)
itself. All run-time state is arrays indexed by slot, one set per row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Tree = dict[str, Any]
"""Answers by node name: text for a question, Tree for a group, list[Tree] for a repeat."""


@dataclass(frozen=True, slots=True)
class Bind:
    """The rules of one node, as written."""

    type: str = "string"
    relevant: str = ""
    calculate: str = ""
    constraint: str = ""
    constraint_text: TextRef | None = None
    required: str = ""
    required_text: TextRef | None = None
    readonly: str = ""
    preload: str = ""
    preload_params: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    """Attributes of ODK and OpenRosa that widgets and the log read, without prefix."""

    def get(self, name: str) -> str:
        """An attribute of `extra`: ``max-pixels``, ``track-changes``…; blank without it."""
        return dict(self.extra).get(name, "")


@dataclass(frozen=True, slots=True)
class Output:
    """A value shown inside a text; `source` is an expression."""

    source: str


Parts = tuple[str | Output, ...]


@dataclass(frozen=True, slots=True)
class TextRef:
    """A text for a person: an `itext` id, or else its own parts in no language."""

    itext: str = ""
    parts: Parts = ()


@dataclass(eq=False, repr=False, slots=True)
class Scope:
    """A repeat, or the whole form (`parent` is None)."""

    parent: Scope | None
    depth: int
    nodes: list[Node] = field(default_factory=list)
    repeats: list[Node] = field(default_factory=list)

    def common(self, other: Scope) -> Scope:
        """The deepest scope that holds both."""
        a, b = self, other
        while a is not b:
            if a.depth >= b.depth and a.parent is not None:
                a = a.parent
            elif b.parent is not None:
                b = b.parent
        return a


@dataclass(eq=False, repr=False, slots=True)
class Node:
    """One element of the main instance. `path` has no positions: ``/data/kid/age``.

    An attribute with rules of its own (``/data/meta/entity/@id``) is a node called ``@id``;
    attributes without any are in `attributes`.
    """

    name: str
    path: str
    parent: Node | None
    repeat: bool
    scope: Scope
    slot: int
    bind: Bind = field(default_factory=Bind)
    children: list[Node] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    default: str = ""
    template: Tree = field(default_factory=dict)
    place: int = 0
    """A repeat's index among the repeats of the scope around it."""

    @property
    def leaf(self) -> bool:
        return not self.children and not self.repeat

    @property
    def attribute(self) -> bool:
        """Whether it is an attribute of its parent, and no element."""
        return self.name.startswith("@")

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def child(self, name: str) -> Node | None:
        return next((c for c in self.children if c.name == name), None)


@dataclass(eq=False, repr=False, slots=True)
class Item:
    """An element of a secondary instance (a choice, usually)."""

    name: str
    text: str
    parent: Item | None
    children: Sequence[Item] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Text of the first child called `name`; blank when there is none."""
        for child in self.children:
            if child.name == name:
                return child.text
        return ""

    def texts(self, name: str) -> list[str]:
        """Texts of all children called `name`."""
        return [child.text for child in self.children if child.name == name]


LAST_SAVED = Item("", "", None)
"""Stands in `Definition.instances` for the record saved last, which each run brings."""


@dataclass(frozen=True, slots=True)
class FixedItem:
    """A choice written in the body."""

    value: str
    label: TextRef


@dataclass(frozen=True, slots=True)
class Itemset:
    """Choices taken from an instance or a repeat; the names are children of an item."""

    nodeset: str
    value: str
    label: str
    label_itext: bool


@dataclass(eq=False, repr=False, slots=True)
class Control:
    """One element of the body. `kind`: input select1 select rank range upload trigger
    group repeat."""

    kind: str
    node: Node | None
    label: TextRef | None = None
    hint: TextRef | None = None
    appearance: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    items: tuple[FixedItem, ...] = ()
    itemset: Itemset | None = None
    count: str = ""
    fixed: bool = False
    children: list[Control] = field(default_factory=list)

    def walk(self) -> Iterator[Control]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Action:
    """On `events`, write into `target`. `kind`: setvalue (`value`, an expression, or else
    `text`), setgeopoint (where the computer is), recordaudio (`text` is its quality)."""

    events: frozenset[str]
    target: str
    value: str
    text: str
    owner: Node | None
    kind: str = "setvalue"


Itext = Mapping[str, Mapping[str, Mapping[str, Parts]]]
"""language → text id → form ("" is the plain one, else "guidance", "image"…) → parts."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Definition:
    """A whole form, as read from its XForm."""

    title: str
    form_id: str
    version: str
    root: Node
    tree: Tree
    nodes: Mapping[str, Node]
    body: tuple[Control, ...]
    itext: Itext
    languages: tuple[str, ...]
    default_language: str
    instances: Mapping[str, Item]
    attached: Mapping[str, Item]
    """Attached lists by file name: those of `instances`, and those of search()."""
    actions: tuple[Action, ...]
    namespaces: Mapping[str, str]
    public_key: str = ""
    """Base64 of the RSA key that submissions are sealed for; blank where they are not."""
