"""Which column of a table answers which question: the names that Kobo, ODK Central and we
ourselves give to columns.

    Kobo      group/question, question/choice, _index, _parent_index, _parent_table_name
    Central   group-question, point-Latitude, KEY, PARENT_KEY, SubmissionDate
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migdesk.forms.dataset import path_of, plain, tops, variables_of
from migdesk.forms.definition import Node
from migdesk.forms.form import Form
from migdesk.forms.outline import outline
from migdesk.forms.values import codec

KEYS = {
    "KEY": "key",
    "_index": "key",
    "PARENT_KEY": "parent",
    "_parent_index": "parent",
    "_parent_table_name": "table",
    "_uuid": "instance",
    "instanceID": "instance",
    "meta/instanceID": "instance",
    "SubmissionDate": "finished",
    "_submission_time": "finished",
}
IGNORED = re.compile(
    r"_id|_submission__(id|uuid|submission_time|validation_status|notes|status|submitted_by|"
    r"tags|_version_)|_submission__?_version__|_validation_status|_notes|_status|_tags|"
    r"_submitted_by|__version__|formhub/uuid|_geolocation|_attachments|_xform_id_string|"
    r"meta/(rootUuid|deprecatedID)|SET-OF-.*|SubmitterID|SubmitterName|AttachmentsPresent|"
    r"AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion|instanceName|"
    r"_.*_(latitude|longitude|altitude|precision)|.*_URL"
)
_POINT = {"latitude": 0, "longitude": 1, "altitude": 2, "accuracy": 3, "precision": 3}
_YES = frozenset({"1", "true", "yes", "oui", "1.0"})


@dataclass(frozen=True, slots=True)
class Target:
    """What a column holds: an answer to `node` (`part`: one choice of it, or the place of a
    number in a position), or a `key` of the table (see `KEYS`); neither: known and of no
    use here."""

    node: Node | None = None
    part: str = ""
    key: str = ""


def repeat_of(form: Form, name: str, columns: Sequence[str]) -> Node | None:
    """The repeat that a table is of, or the root; None if the name fits nothing.

    Kobo calls a sheet by the repeat (cut to 31 signs), Central a file ``form-group-repeat``.
    A table without keys of a parent is the form's own.
    """
    found = tops(form)
    if not {"PARENT_KEY", "_parent_index"} & set(columns):
        return found[0]
    wanted = name.casefold()
    for node in sorted(found[1:], key=lambda node: -len(path_of(node))):
        path = path_of(node).casefold()
        own = plain(node.name).casefold()
        names = {own, own[:31], path, path.replace("/", "-"), path.replace("/", "_")}
        if wanted in names or any(wanted.endswith(f"-{each}") for each in names):
            return node
    return None


class Columns:
    """The columns of tables of one form. Keeps the words of the form between tables."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self._labels: dict[Node, list[str]] = {}
        self._choices: dict[Node, dict[str, list[str]]] = {}
        self._codes: dict[Node, dict[str, str]] = {}
        nodes = form.definition.nodes
        for language in form.languages or ("",):
            for entry in outline(form, language):
                if entry.kind != "question" or entry.ref not in nodes:
                    continue
                node = nodes[entry.ref]
                if entry.label:
                    said = [entry.label, f"{entry.label} ({path_of(node)})"]
                    self._labels.setdefault(node, []).extend(said)
                words = self._choices.setdefault(node, {})
                for choice in entry.choices:
                    words.setdefault(choice.value, []).append(choice.label)

    def guess(self, top: Node, columns: Sequence[str]) -> list[Target | None]:
        """What each column of a table of `top` holds; None where nothing fits."""
        known = self._names(top)
        return [_target(known, column) for column in columns]

    def _names(self, top: Node) -> dict[str, Target]:
        """Every name that a column may have, the surest first."""
        found: dict[str, Target] = {}
        nodes = variables_of(self.form, top)
        inside = len(path_of(top)) + 1 if top.parent is not None else 0
        for way in range(4):
            made: dict[str, list[Target]] = {}
            for node in nodes:
                path = path_of(node)
                labels = self._labels.get(node, [])
                names = ([path], [path[inside:]], [plain(node.name)], labels)
                for name in names[way]:
                    for written, target in self._written(node, name):
                        made.setdefault(written, []).append(target)
                        made.setdefault(_plain(written), []).append(target)
            for name, targets in made.items():
                if len({target.node for target in targets}) == 1:
                    found.setdefault(name, targets[0])
        return found

    def _written(self, node: Node, name: str) -> Iterator[tuple[str, Target]]:
        yield name, Target(node)
        kind = self.form.type_of(node)
        if kind == "select_multiple":
            for value, words in self._choices.get(node, {}).items():
                for said in (value, *words):
                    yield f"{name}/{said}", Target(node, value)
        elif kind == "geopoint":
            for part in _POINT:
                yield f"{name}-{part.title()}", Target(node, part)

    # cells --------------------------------------------------------------------

    def text(self, node: Node, given: Sequence[tuple[Target, str]]) -> str:
        """The stored text of one answer from its column, or from those of its parts."""
        whole = [text for target, text in given if not target.part]
        if whole:
            # XML cannot hold control characters; what a person types loses them too.
            return self._whole(node, codec("string").parse(whole[0]))
        if self.form.type_of(node) == "geopoint":
            numbers = ["", "", "0", "0"]
            for target, text in given:
                numbers[_POINT[target.part]] = codec("string").parse(text)
            return " ".join(numbers).strip()
        return " ".join(target.part for target, text in given if text.casefold() in _YES)

    def _whole(self, node: Node, text: str) -> str:
        kind = self.form.type_of(node)
        if text[:1] == "'" and text[1:2] in ("=", "@", "\t"):
            text = text[1:]  # the guard that keeps a spreadsheet from running it
        if kind not in ("select_one", "select_multiple", "rank"):
            return text
        codes = self._by_words(node)
        if kind == "select_one":
            return self._code(codes, text)
        parts = text.split()
        if not all(part in codes for part in parts):
            parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
        return " ".join(self._code(codes, part) for part in parts)

    @staticmethod
    def _code(codes: Mapping[str, str], said: str) -> str:
        return codes.get(said) or codes.get(said.casefold(), said)

    def _by_words(self, node: Node) -> dict[str, str]:
        """Code by itself, and by its words in every language, whatever their case."""
        if node not in self._codes:
            made: dict[str, str] = {}
            for code, words in self._choices.get(node, {}).items():
                for said in filter(None, words):
                    made.setdefault(said, code)
                    made.setdefault(said.casefold(), code)
            made |= {code: code for code in self._choices.get(node, {})}
            self._codes[node] = made
        return self._codes[node]


def _target(known: Mapping[str, Target], column: str) -> Target | None:
    name = column.strip()
    if name in KEYS or _plain(name) == "meta/instanceid":
        return Target(key=KEYS.get(name, "instance"))
    target = known.get(name) or known.get(_plain(name))
    if target is not None:
        return target
    return Target() if IGNORED.fullmatch(name) else None


def _plain(name: str) -> str:
    return re.sub(r"[/:.-]", "/", name).casefold()
