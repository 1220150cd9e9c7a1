"""The client's view of a filling: what the screen, the printer and the tests use."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from migdesk.forms import submission
from migdesk.forms.audit import Audit
from migdesk.forms.choices import Options, options
from migdesk.forms.definition import Node, Output, Parts, TextRef, Tree
from migdesk.forms.engine import Engine, canonical
from migdesk.forms.events import Events
from migdesk.forms.faults import FormFault, Place
from migdesk.forms.form import Form
from migdesk.forms.instance import Row, cell_ref, dump, ref_of
from migdesk.forms.live import Live, body
from migdesk.forms.surroundings import Surroundings
from migdesk.forms.values import Value
from migdesk.forms.xpath.code import Frame
from migdesk.i18n import N_

PLACE = re.compile(r"/([^/\[\]]+)(?:\[(\d+)\])?")
Refs = set[str]


class NoSuchPlace(FormFault):
    code = "FRM-040"
    text = N_("The form has no place “{ref}” now.")


class Calculated(FormFault):
    code = "FRM-041"
    text = N_("This answer is calculated by the form and cannot be typed.")


class FixedRows(FormFault):
    code = "FRM-042"
    text = N_("The form itself decides how many rows there are here.")


class NotFinished(FormFault):
    code = "FRM-043"
    text = N_("The questionnaire is not finished: {count} answers are missing or wrong.")


class OtherForm(FormFault):
    code = "FRM-044"
    text = N_("These answers belong to the form “{theirs}”, not to “{ours}”.")


class Run:
    """One filling of a form, new or resumed from a draft.

    now         clock, with its zone; for tests and for a fixed moment
    properties  deviceid, username, phonenumber, email… asked for by the form
    rng         source of uuid() and random()
    location    where the computer is, for forms that ask: ``lat lon alt acc``
    last_saved  XML of the record of this form saved last, for answers taken over from it
    frozen      a finished submission to look at: its calculations stand as they were
                (an age that counted up to that day), and no event fires

    `audit` is the event log, for forms that ask for one.
    """

    def __init__(
        self,
        form: Form,
        language: str | None = None,
        draft: Mapping[str, Any] | None = None,
        now: Callable[[], datetime] | None = None,
        properties: Mapping[str, str] | None = None,
        rng: random.Random | None = None,
        location: Callable[[], str] | None = None,
        last_saved: str | None = None,
        frozen: bool = False,
    ) -> None:
        if draft is not None and draft["form"] != form.form_id:
            raise OtherForm(theirs=draft["form"], ours=form.form_id)
        self.form = form
        self._around = Surroundings(
            form, now, properties, rng, self.choice_label, location, last_saved
        )
        self._lists: dict[tuple[Any, ...], Options] = {}
        self._options: dict[tuple[Node, Row], Options] = {}
        saved = draft or {}
        self._around.seed = saved.get("seed") or self._around.seed
        wanted = language or saved.get("language")
        if wanted in form.languages:
            self._around.language = wanted
        tree: Tree = form.definition.tree if draft is None else saved["answers"]
        self._frame = Frame(self._around, None, 1, 1)
        self._engine = Engine(
            form, self._frame, tree, restored=draft is not None, frozen=frozen
        )
        self._events = Events(form, self._engine, self._frame, self._around)
        if not frozen:
            self._events.opened(new=draft is None)
        self.audit = self._log(None if draft is None else saved.get("audit") or ())
        self._after()

    def _log(self, saved: Iterable[Mapping[str, Any]] | None) -> Audit | None:
        if self.form.audit is None:
            return None
        around = self._around
        user = around.property("username")
        return Audit(self.form.audit, around.now, around.location, user, saved)

    # the tree -----------------------------------------------------------------

    @property
    def root(self) -> Row:
        return self._engine.root

    def walk(self) -> Iterator[Live]:
        """Live nodes in body order, each before what it holds; also not relevant ones."""
        return body(self, self.form.definition.body, self.form.definition.root, self.root, 0)

    def node(self, ref: str) -> Live:
        """The live node at a reference. Raises NoSuchPlace."""
        node, row, exact = self._find(ref)
        for live in self.walk() if not node.leaf else ():
            if live.ref == ref:
                return live
        return Live.of(self, node, row, exact)

    def _find(self, ref: str) -> tuple[Node, Row, bool]:
        """Node and row of a reference; False when it names a repeat, not a row of it."""
        row, path, exact, node = self.root, "", True, None
        for found in PLACE.finditer(ref):
            path += f"/{found[1]}"
            node = self.form.definition.nodes.get(path)
            if node is None:
                raise NoSuchPlace(ref=ref)
            if node.repeat:
                exact = found[2] is not None
                if exact:
                    rows = row.kids[node.place]
                    index = int(found[2]) - 1
                    if not 0 <= index < len(rows):
                        raise NoSuchPlace(ref=ref)
                    row = rows[index]
        if node is None or (node.leaf and row.scope is not node.scope):
            raise NoSuchPlace(ref=ref)
        return node, row, exact

    # actions ------------------------------------------------------------------

    def set(self, ref: str, value: str | Value) -> Refs:
        """Answer a question with text as typed, or with a typed value.

        An answer of the wrong type is kept and shown as a violation; rules see a blank.
        Returns the references whose value, relevance, choices, text or violation may
        have changed. Raises NoSuchPlace, Calculated.
        """
        node, row, _ = self._find(ref)
        if not node.leaf:
            raise NoSuchPlace(ref=ref)
        if node in self.form.program.calculate:
            raise Calculated(Place(ref=ref))
        text, old = typed_text(value), row.kept[node.slot]
        self._engine.write(node, row, text, canonical(node, text))
        if row.kept[node.slot] != old:
            if canonical(node, text) or canonical(node, old):
                self._events.wrote(node, row)
            if self.audit is not None:
                self.audit.answered(ref, old, row.kept[node.slot])
        return self._after()

    def add(self, ref: str) -> str:
        """Add a row at the end of a repeat (`ref` without its last position).

        Returns the new row's reference; `changed` has the rest. Raises FixedRows.
        """
        node, row, exact = self._find(ref)
        if not node.repeat or exact:
            raise NoSuchPlace(ref=ref)
        self._may_change(node)
        new = self._engine.insert(node, row)
        self._after()
        if self.audit is not None:
            self.audit.mark("add repeat", ref_of(node, new))
        return ref_of(node, new)

    def remove(self, ref: str) -> Refs:
        """Remove a row (`ref` with its position). Later rows move up. Raises FixedRows."""
        node, row, exact = self._find(ref)
        if not node.repeat or not exact:
            raise NoSuchPlace(ref=ref)
        self._may_change(node)
        if self.audit is not None:
            self.audit.mark("delete repeat", ref)
        self._engine.delete(node, row)
        self._options.clear()
        return self._after()

    def _may_change(self, repeat: Node) -> None:
        control = self.form.control(repeat)
        if control is not None and (control.count or control.fixed):
            raise FixedRows()

    def _after(self) -> Refs:
        """Settle, with all that follows by itself, and gather what changed."""
        self._events.settle()
        self.changed = self._take()
        return self.changed

    def _take(self) -> Refs:
        cells = self._engine.take_changed()
        for cell in cells:
            self._options.pop(cell, None)
        return {cell_ref(node, row) for node, row in cells}

    # words --------------------------------------------------------------------

    @property
    def sound(self) -> Mapping[str, str]:
        """Where the form wants the conversation recorded, and with which quality ("" where
        it does not say); it is the screen that asks the person and records."""
        return self._events.sound

    @property
    def language(self) -> str:
        return self._around.language

    @language.setter
    def language(self, name: str) -> None:
        """Switch; calculations that show words of the form are done again."""
        if name not in self.form.languages or name == self._around.language:
            return
        self._around.language = name
        self._options.clear()
        self._lists.clear()
        self._engine.respeak()
        self._after()

    def words(self, ref: TextRef | None, node: Node, row: Row, form: str = "") -> str:
        """A text in the language in use, with its values."""
        return self.joined(self.form.parts(ref, self._around.language, form), node, row)

    def joined(self, parts: Parts, node: Node, row: Row) -> str:
        return "".join(
            self._shown(part, node, row) if isinstance(part, Output) else part for part in parts
        )

    def _shown(self, part: Output, node: Node, row: Row) -> str:
        expression = self.form.program.outputs[node, part.source]
        return str(expression.text()(row, self._frame))

    def choice_label(self, node: Node, row: Row, value: str) -> str:
        """Label of a choice now; the value itself where it is not offered. Asked while
        values still change, so it does not trust what was offered before."""
        return options(self, node, row, self._lists).labels.get(value, value)

    def evaluate(self, run: Callable[[Any, Any], Any], row: Row) -> Any:
        """Run a compiled rule of the form in `row`."""
        return run(row, self._frame)

    def options(self, node: Node, row: Row) -> Options:
        """Choices offered now, in order."""
        found = self._options.get((node, row))
        if found is None:
            found = options(self, node, row, self._lists)
            self._options[node, row] = found
        return found

    # the end ------------------------------------------------------------------

    def missing(self) -> list[str]:
        """References that block finalising: required and blank, or with a violation."""
        return [live.ref for live in self.walk() if live.blocking]

    def progress(self) -> tuple[int, int]:
        """(answered, relevant questions that a person may answer)."""
        asked = [live for live in self.walk() if live.asks]
        return sum(1 for live in asked if live.text), len(asked)

    def draft(self) -> dict[str, Any]:
        """Everything kept, as plain JSON values; `Run(form, draft=…)` goes on from it."""
        return {
            "form": self.form.form_id,
            "version": self.form.version,
            "language": self._around.language,
            "seed": self._around.seed,
            "answers": dump(self.root, self.form.definition.root),
            **({} if self.audit is None else {"audit": self.audit.saved()}),
        }

    def finalise(self) -> str:
        """Submission XML. Raises NotFinished while something is missing or wrong."""
        missing = self.missing()
        if missing:
            raise NotFinished(Place(ref=missing[0]), count=len(missing))
        self._events.closed()
        self._after()
        if self.audit is not None:
            self.audit.leave()
            self.audit.mark("form finalize")
        return submission.write(self.form, self.root)

    def audit_log(self) -> bytes | None:
        """The event log as ODK writes it (`audit.csv`); None where the form asks for none."""
        return None if self.audit is None else self.audit.csv()


def typed_text(value: Any) -> str:
    """Text of an answer given as a value: dates in ISO form, several choices in a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)
