"""Receive (F2): search first, register whoever is not known, note the visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from PySide6.QtWidgets import QWidget

from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.models.store import Changes
from migdesk.services import persons, records
from migdesk.services.persons import Candidate, Received, Reception
from migdesk.services.records import View
from migdesk.ui.desk import Desk, Page
from migdesk.ui.recordview.parts import shortcut
from migdesk.ui.widgets import PageHeader

from .pieces import body_of
from .receive_bars import DoneCard, Ways, WhoBar
from .receive_draft import DraftKeeper
from .receive_gather import box_of, gather
from .receive_names import candidate_of
from .receive_register import RegisterCard
from .receive_search import SearchBlock
from .receive_visit import VisitCards

SEARCH, KNOWN, REGISTER, TICKET, DONE = "search", "known", "register", "ticket", "done"


class ReceivePage(Page):
    """One person at the counter. `mode` says how far we are: searching, with a known
    person, registering, without a name, or done."""

    name = "receive"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.mode = SEARCH
        self.person: Candidate | None = None
        self.done: Received | None = None
        self.draft = DraftKeeper(desk, self._typed, self._put_back, self)
        self._saving = False
        self._build()
        self._connect()
        self._set_mode(SEARCH)

    def _build(self) -> None:
        self.header = PageHeader()
        self.search = SearchBlock(self.desk)
        self.who = WhoBar()
        self.register = RegisterCard(self.desk)
        self.visit = VisitCards(self.desk)
        self.recorded = DoneCard(
            Ways(
                onward=self.begin,
                person=lambda: self._open("person", self.done.person if self.done else None),
                case=lambda: self._open("case", self.done.case if self.done else None),
                receipt=lambda: self._print("request-receipt"),
                slip=lambda: self._print("appointment-slip"),
            )
        )
        box = body_of(self)
        for part in (
            self.header,
            self.draft.bar,
            self.search,
            self.who,
            self.register,
            self.recorded,
            self.visit,
        ):
            box.addWidget(part)
        box.addStretch(1)

    def _connect(self) -> None:
        self.search.chosen.connect(self.receive_known)
        self.search.wanted.connect(self.receive_new)
        self.search.ticket.connect(lambda: self.receive_ticket())
        self.who.back.connect(self.back)
        self.who.opened.connect(self._open_person)
        self.register.back.connect(self.back)
        self.register.changed.connect(self.draft.touch)
        self.register.perhaps.chosen.connect(self.receive_known)
        self.visit.changed.connect(self.draft.touch)
        self.visit.saved.connect(self.save)
        shortcut("Esc", self, self.back)
        shortcut("Ctrl+S", self, lambda: self.save(False))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut(keys, self, self._on_ctrl_enter)

    def load(self) -> None:
        if self.mode == DONE:
            self.begin()
        if self.mode == SEARCH:
            self.search.start(self.search.line.text())
        self.draft.look()

    def on_changed(self, changes: Changes) -> None:
        if self.mode == KNOWN and self.person and changes.touches("case"):
            self._read_cases()

    def arrive(self, **args: Any) -> None:
        """``text``: begin a search; ``person``: an id, to be received at once; ``ticket``:
        an earlier visit without a name, to go on with its number; ``draft``: an id, to be
        resumed; ``appointment`` (with ``adviser`` and ``room``): a moment that
        was chosen in the agenda."""
        if args.get("appointment") and not self.draft.dirty:
            self.begin()  # whoever was shown before is not meant
            place = (str(args.get(name) or "") for name in ("adviser", "room"))
            self.visit.plan(str(args["appointment"]), *place)
        if args.get("draft"):
            self.draft.take_up(str(args["draft"]))
        elif args.get("person") and not self.draft.dirty:
            self.desk.runner.read(
                records.get, "person", args["person"], then=self._receive_view, owner=self
            )
        elif args.get("ticket") and not self.draft.dirty:
            asked = persons.ticket, str(args["ticket"])
            self.desk.runner.read(*asked, then=self.receive_known, owner=self)
        elif args.get("text") and not self.draft.dirty:
            self._set_mode(SEARCH)
            self.search.start(str(args["text"]))

    def leave(self) -> None:
        if not self._saving:
            self.draft.keep()

    def begin(self) -> None:
        """The next person: everything empty, the focus in the search."""
        self.draft.begin()
        self.person = self.done = None
        self.visit.clear()
        self._set_mode(SEARCH)
        self.search.start()

    def receive_known(self, person: Candidate) -> None:
        """Somebody whom we know: straight to what is asked."""
        if person.ticket:
            self.receive_ticket(person)
            return
        self.person = person
        self.who.show_person(person)
        self.visit.receive(person.id)
        self._read_cases()
        self._set_mode(KNOWN)
        self.visit.focus()

    def _receive_view(self, view: View) -> None:
        self.search.line.setText(view.title)
        self.receive_known(candidate_of(view))

    def receive_new(self, words: str) -> None:
        """Somebody whom the search did not find."""
        self._set_mode(REGISTER)
        self.register.start(words)

    def receive_ticket(self, again: Candidate | None = None) -> None:
        """Somebody who gives no name; `again` with the number of an earlier visit."""
        self.person = again
        self.who.show_ticket(again)
        self._set_mode(TICKET)
        self.visit.focus()

    def back(self) -> None:
        """Back to the search; what was typed about the visit stays."""
        if self.mode in (KNOWN, TICKET, REGISTER):
            self.person = None
            self.visit.receive("")
            self._set_mode(SEARCH)
            self.search.line.setFocus()
            self.search.line.selectAll()

    def _set_mode(self, mode: str) -> None:
        self.mode = mode
        hint = _(
            "Search first: name in any order and spelling, alias, telephone, code, village"
        )
        self.header.show_as(_("Receive"), hint if mode == SEARCH else "")
        self.search.setVisible(mode == SEARCH)
        self.who.setVisible(mode in (KNOWN, TICKET))
        self.register.setVisible(mode == REGISTER)
        self.visit.setVisible(mode != DONE)
        self.visit.case.setVisible(mode != TICKET)
        self.recorded.setVisible(mode == DONE)

    def _read_cases(self) -> None:
        person = self.person
        if person is not None:
            self.desk.runner.read(
                persons.cases_of,
                person.id,
                then=lambda cases: (
                    self.visit.case.offer(cases) if self.person is person else None
                ),
                owner=self,
            )

    def _on_ctrl_enter(self) -> None:
        if self.mode == SEARCH:
            self.search.register()
        else:
            self.save(True)

    def save(self, printing: bool) -> None:
        """Record the visit, with the registration and the case, all or nothing."""
        if self.mode == SEARCH:
            self.desk.asker.tell(_("Choose the person first, or receive without a name."))
            self.search.line.setFocus()
        focused = self.focusWidget()
        if self._saving or self.mode in (SEARCH, DONE):
            return
        if focused is not None:
            focused.clearFocus()  # lets the field read what was typed
        reception = self._reception()
        if reception is None or self.visit.notes.holds(self.visit.person):
            return
        self._set_saving(True)
        self.desk.runner.write(
            persons.receive,
            reception,
            self.draft.id,
            then=lambda done: self._on_saved(done, printing),
            owner=self,
            failed=self._on_failed,
        )

    def _set_saving(self, saving: bool) -> None:
        # What is typed meanwhile would look saved and be lost: nobody types meanwhile.
        self._saving = saving
        self.draft.hold(saving)
        for part in (self.register, self.visit):
            part.setDisabled(saving)

    def _reception(self) -> Reception | None:
        new = self.register if self.mode == REGISTER else None
        known = self.person.id if self.mode == KNOWN and self.person else ""
        again = self.person.ticket if self.mode == TICKET and self.person else ""
        return gather(self.visit, known, new, self.mode != TICKET, again)

    def _on_failed(self, fault: Fault) -> None:
        self._set_saving(False)
        self.draft.keep()
        new = self.register if self.mode == REGISTER else None
        box = box_of(fault, self.visit, new)
        if box is not None:
            box.say(fault.words)
            box.editor.setFocus()
        else:
            self.desk.asker.fault(fault)

    def _on_saved(self, done: Received, printing: bool) -> None:
        self._set_saving(False)
        self.done = done
        self.draft.recorded()
        self._set_mode(DONE)
        self.desk.runner.read(
            records.get,
            "visit",
            done.visit,
            then=lambda visit: self.recorded.tell(done, visit),
            owner=self,
        )
        if printing:
            self._print("request-receipt")

    def _open_person(self) -> None:
        if self.person is not None:
            self.desk.open("person", self.person.id)

    def _open(self, kind: str, id: str | None) -> None:
        if id:
            self.desk.open(kind, id)

    def _print(self, sheet: str) -> None:
        """A document of the visit; who gave no name takes a ticket home for a receipt."""
        if self.done is not None:
            if sheet == "request-receipt" and not self.done.person:
                sheet = "ticket"
            self.desk.print(sheet, id=self.done.visit)

    def _typed(self) -> tuple[str, Mapping[str, Any]]:
        person = self.person
        title = person.title if person else self.register.name_typed() or self.search.text
        return title, {
            "mode": self.mode,
            "search": self.search.text,
            "person": asdict(person) if person else None,
            "register": self.register.typed(),
            "visit": self.visit.typed(),
        }

    def _put_back(self, body: Mapping[str, Any]) -> None:
        self.search.line.setText(body["search"])
        self.person = Candidate(**body["person"]) if body["person"] else None
        self.register.set_typed(body["register"])
        self.visit.set_typed(body["visit"])
        if body["mode"] == TICKET:
            self.who.show_ticket(self.person)
        elif self.person is not None:
            self.who.show_person(self.person)
            self.visit.receive(self.person.id)
            self._read_cases()
        self._set_mode(body["mode"])
        if self.mode == SEARCH:
            self.search.line.setFocus()
        else:
            self.visit.focus()
