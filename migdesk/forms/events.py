"""What happens by itself while a form is filled: events, actions, metadata.

Actions write as a person would: an answer that an action has changed may set off the
next action. A value that is only calculated sets off none (JavaRosa, POLICY.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from migdesk.forms.definition import Node
from migdesk.forms.engine import Cell, Engine, canonical
from migdesk.forms.form import Form
from migdesk.forms.instance import Row, ref_of
from migdesk.forms.program import BoundAction
from migdesk.forms.surroundings import Surroundings
from migdesk.forms.values import codec
from migdesk.forms.xpath.code import Frame
from migdesk.forms.xpath.convert import moment_text

FIRST, LOAD, NEW_ROW, CHANGED, END = (
    "odk-instance-first-load",
    "odk-instance-load",
    "odk-new-repeat",
    "xforms-value-changed",
    "xforms-revalidate",
)
AUDIT_FILE = "audit.csv"


class Events:
    """Fires the actions of one filling. `wrote` tells of an answer that was changed; `sound`
    are the places where a recording of the conversation was asked for, with its quality."""

    def __init__(self, form: Form, engine: Engine, frame: Frame, around: Surroundings) -> None:
        self._form = form
        self._engine = engine
        self._frame = frame
        self._around = around
        self.sound: dict[str, str] = {}
        self._written: list[Cell] = []
        self._under_way: list[tuple[BoundAction, Row]] = []
        self._on = {
            name: [action for action in form.actions if name in action.events]
            for name in (FIRST, LOAD, NEW_ROW, END)
        }
        self._set_off: dict[Node, list[BoundAction]] = {}
        for action in form.actions:
            if CHANGED in action.events and action.owner is not None:
                self._set_off.setdefault(action.owner, []).append(action)

    def opened(self, *, new: bool) -> None:
        """The form is on the screen: metadata of the start, then the events of loading."""
        root = self._engine.root
        if new:
            self._preload(self._at_start)
            self._fire(self._on[FIRST], root)
        self._fire(self._on[LOAD], root)
        self.settle()

    def closed(self) -> None:
        """The form is finished: metadata of the end."""
        self._fire(self._on[END], self._engine.root)
        self._preload(self._at_end)
        if self._form.audit is not None:
            self._put(self._form.audit, self._engine.root, AUDIT_FILE)
        self.settle()

    def wrote(self, node: Node, row: Row) -> None:
        self._written.append((node, row))

    def settle(self) -> None:
        """Calculate, welcome new rows, and fire what changed answers set off."""
        self._engine.settle()
        self._welcome()
        while self._written:
            self._changed(*self._written.pop(0))

    def _changed(self, node: Node, row: Row) -> None:
        """Fire what a changed answer sets off, at once. An action that is under way is not
        begun again, so that two cannot chase each other."""
        self._engine.settle()
        self._welcome()
        for action in self._set_off.get(node, ()):
            if (action, row) not in self._under_way:
                self._under_way.append((action, row))
                self._apply(action, row)
                self._under_way.pop()
        self._engine.settle()

    def _welcome(self) -> None:
        """Fire "odk-new-repeat" for rows just added, until they add no more."""
        while self._engine.born:
            repeat, row = self._engine.born.pop(0)
            heed = (a for a in self._on[NEW_ROW] if a.owner and a.owner.scope is repeat.scope)
            self._fire(heed, row)

    def _fire(self, actions: Iterable[BoundAction], row: Row) -> None:
        for action in actions:
            self._apply(action, row)
            self._engine.settle()

    def _apply(self, action: BoundAction, row: Row) -> None:
        """Write an action's value in every row of its target that `row` is about."""
        target = action.target
        common = row.scope.common(target.scope)
        start = row.up(row.scope.depth - common.depth)
        coerce = codec(target.bind.type).coerce
        for place in list(start.below(target.scope)):
            text = action.text
            if action.kind == "recordaudio":
                self.sound[ref_of(target, place)] = text
                continue
            if action.kind == "setgeopoint":
                text = self._around.location()
            elif action.value is not None:
                text = coerce(action.value.value()(place, self._frame))
            self._put(target, place, text)

    def _put(self, node: Node, row: Row, text: str) -> None:
        if row.kept[node.slot] != text:
            self._engine.write(node, row, text, canonical(node, text))
            self._changed(node, row)

    # metadata -----------------------------------------------------------------

    def _preload(self, value_of: Callable[[str, str], str]) -> None:
        """Answers that `value_of` knows from `jr:preload` and its parameters."""
        for node in self._form.definition.nodes.values():
            text = value_of(node.bind.preload, node.bind.preload_params)
            if text:
                for row in self._engine.rows_of(node):
                    self._engine.write(node, row, text, canonical(node, text))
        self._engine.settle()

    def _at_start(self, kind: str, wanted: str) -> str:
        match kind, wanted:
            case "timestamp", "start":
                return moment_text(self._around.now())
            case "date", "" | "today":
                return self._around.now().date().isoformat()
            case "uid", _:
                return f"uuid:{self._around.uuid()}"
            case "property", name:
                return self._around.property(name)
        return ""

    def _at_end(self, kind: str, wanted: str) -> str:
        return moment_text(self._around.now()) if (kind, wanted) == ("timestamp", "end") else ""
