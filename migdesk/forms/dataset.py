"""Submissions of all versions of a form as data: variables, rows, one sheet a repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migdesk.forms.choices import Choice
from migdesk.forms.definition import Node, Tree
from migdesk.forms.faults import FormFault
from migdesk.forms.form import Form
from migdesk.forms.outline import Outline, outline
from migdesk.forms.submission import read
from migdesk.forms.values import NUMERIC

MANY = frozenset({"select_multiple", "rank"})


@dataclass(slots=True)
class Variable:
    """A question in all its versions, described by the newest that has it.

    `path` is ``group/question``; `choices` are those of every version; `label` may be "".
    `linked`: not of the form, but of the record that the submission is about.
    """

    name: str
    path: str
    type: str
    numeric: bool = False
    label: str = ""
    choices: tuple[Choice, ...] = ()
    hxl: str = ""
    linked: bool = False

    @property
    def many(self) -> bool:
        """May an answer hold several choices?"""
        return self.type in MANY


@dataclass(slots=True)
class Line:
    """One row. `index` counts from 1 in its sheet, `parent` is the index of the row around
    it in the sheet of that (0: none), `entry` the place of its submission.

    A value is None where the question was not asked, "" where it was left blank.
    """

    index: int
    parent: int
    entry: int
    values: list[str | None]


@dataclass(slots=True)
class Sheet:
    """The form itself (`parent` is None), or one repeat with the words that head it."""

    name: str
    path: str
    parent: Sheet | None
    label: str = ""
    variables: list[Variable] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)

    def place(self, name: str) -> int:
        """Column of the variable called `name` (its path or its name); -1 if none is."""
        for by in ("path", "name"):
            for place, variable in enumerate(self.variables):
                if getattr(variable, by) == name:
                    return place
        return -1


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission: `form` is the place of its version in the forms given, `facts` are
    columns that every export has, `traits` what is known of whom it is about."""

    key: str
    xml: str
    form: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Dataset:
    """`sheets[0]` is the form. `unread`: keys of submissions that could not be read."""

    title: str
    form_id: str
    sheets: list[Sheet]
    entries: list[Entry] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def main(self) -> Sheet:
        return self.sheets[0]

    def add(self, forms: Merged, entry: Entry) -> None:
        """Read one submission into its rows."""
        form = forms.forms[entry.form]
        try:
            answers: Tree = read(form, entry.xml)["answers"]
        except FormFault:
            self.unread.append(entry.key)
            return
        self.entries.append(entry)
        self._add(forms, form.definition.root, answers, 0)

    def _add(self, forms: Merged, top: Node, tree: Tree, parent: int) -> None:
        sheet = forms.sheet_of[top]
        values: list[str | None] = [None] * len(sheet.variables)
        line = Line(len(sheet.rows) + 1, parent, len(self.entries) - 1, values)
        sheet.rows.append(line)
        inner: list[tuple[Node, Tree]] = []
        for node, answer in _leaves(top, tree, inner):
            place = forms.place_of.get(node)
            if place is not None:
                values[place] = answer
        for repeat, row in inner:
            self._add(forms, repeat, row, line.index)

    def column(self, sheet: Sheet, source: Sheet, place: int) -> list[str | None]:
        """Values of a variable of `source` (`sheet`, or one around it) for each row of
        `sheet`."""
        chain = [sheet]
        while chain[-1] is not source:
            above = chain[-1].parent
            assert above is not None
            chain.append(above)
        lines = sheet.rows
        for outer in chain[1:]:
            lines = [outer.rows[line.parent - 1] for line in lines]
        return [line.values[place] for line in lines]

    def traits(self, sheet: Sheet, name: str) -> list[str | None]:
        """What is known, for each row, of whom the submission is about."""
        return [self.entries[line.entry].traits.get(name) for line in sheet.rows]


def _leaves(
    top: Node, tree: Tree, inner: list[tuple[Node, Tree]]
) -> Iterator[tuple[Node, str]]:
    """Answers below `top`; rows of repeats go to `inner`."""
    for child in top.children:
        value = tree.get(child.name)
        if child.repeat:
            inner += [(child, row) for row in value or ()]
        elif child.children:
            if isinstance(value, dict):
                yield from _leaves(child, value, inner)
        elif isinstance(value, str):
            yield child, value


class Merged:
    """The versions of a form as one set of sheets. Questions are the same where they have
    the same name in the same repeat, wherever their group; a name that one version uses
    twice counts with its groups."""

    def __init__(self, forms: Sequence[tuple[Form, str | None]]) -> None:
        """`forms` with the language to take words in, newest first."""
        self.forms = [form for form, _language in forms]
        self.sheet_of: dict[Node, Sheet] = {}
        self._sheets: dict[str, Sheet] = {}
        self._variables: dict[tuple[str, str], Variable] = {}
        self._twice = self._ambiguous()
        variables: dict[Node, Variable] = {}
        for form, language in forms:
            entries = {entry.ref: entry for entry in outline(form, language)}
            for top in tops(form):
                self._take(form, top, entries, variables)
        places = {
            id(variable): place
            for sheet in self._sheets.values()
            for place, variable in enumerate(sheet.variables)
        }
        self.place_of = {node: places[id(variable)] for node, variable in variables.items()}

    def _ambiguous(self) -> set[str]:
        twice: set[str] = set()
        for form in self.forms:
            for top in tops(form):
                names = [plain(node.name) for node in variables_of(form, top)]
                twice |= {name for name, times in Counter(names).items() if times > 1}
            names = [plain(top.name) for top in tops(form)]
            twice |= {name for name, times in Counter(names).items() if times > 1}
        return twice

    def _key(self, node: Node) -> str:
        name = plain(node.name)
        return path_of(node) if name in self._twice else name

    def _take(
        self, form: Form, top: Node, entries: Mapping[str, Outline], found: dict[Node, Variable]
    ) -> None:
        key = "" if top.parent is None else self._key(top)
        sheet = self._sheets.get(key)
        if sheet is None:
            around = top.parent
            while around is not None and around not in self.sheet_of:
                around = around.parent
            parent = self.sheet_of[around] if around is not None else None
            said = entries.get(top.path)
            sheet = Sheet(plain(top.name), path_of(top), parent, said.label if said else "")
            self._sheets[key] = sheet
        self.sheet_of[top] = sheet
        at = 0
        for node in variables_of(form, top):
            variable = self._variables.get((key, self._key(node)))
            if variable is None:
                variable = _variable(form, node, entries.get(node.path))
                self._variables[key, self._key(node)] = variable
                sheet.variables.insert(at, variable)
            else:
                _widen(variable, entries.get(node.path))
            found[node] = variable
            at = next(n for n, v in enumerate(sheet.variables) if v is variable) + 1

    def dataset(self) -> Dataset:
        """An empty set of data with these sheets."""
        first = self.forms[0]
        return Dataset(first.title, first.form_id, list(self._sheets.values()))


def tops(form: Form) -> list[Node]:
    """The root and every repeat, each before those inside it."""
    nodes = form.definition.nodes.values()
    return [form.definition.root, *(node for node in nodes if node.repeat)]


def variables_of(form: Form, top: Node) -> list[Node]:
    """Nodes of the form, or of a row of a repeat, that hold data: no notes, and not the
    identifier, which every row has anyway."""
    return [
        node
        for node in top.scope.nodes
        if node.leaf
        and not node.attribute
        and plain(node.name) != "instanceID"
        and not (form.is_note(node) and form.control(node) is not None)
    ]


def plain(name: str) -> str:
    """Name without its prefix: ``orx:meta`` is ``meta``."""
    return name.rpartition(":")[2]


def path_of(node: Node) -> str:
    """``group/question``, without the root and without prefixes."""
    return "/".join(plain(part) for part in node.path.split("/")[2:])


def _variable(form: Form, node: Node, entry: Outline | None) -> Variable:
    return Variable(
        name=plain(node.name),
        path=path_of(node),
        type=form.type_of(node),
        numeric=node.bind.type in NUMERIC,
        label=entry.label if entry else "",
        choices=entry.choices if entry else (),
        hxl=node.attributes.get("hxl", ""),
    )


def _widen(variable: Variable, older: Outline | None) -> None:
    """Add the choices that only an older version offers."""
    known = {choice.value for choice in variable.choices}
    more = tuple(c for c in (older.choices if older else ()) if c.value not in known)
    variable.choices += more


def collect(
    forms: Sequence[tuple[Form, str | None]], entries: Iterable[Entry]
) -> Dataset:
    """Data of submissions; `forms` (with the language of words) newest first."""
    merged = Merged(forms)
    made = merged.dataset()
    for entry in entries:
        made.add(merged, entry)
    return made
