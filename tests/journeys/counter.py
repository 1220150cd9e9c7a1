"""An agent at the counter: fills the forms of an office by keyboard, opens papers from the
print menu and reads them as who receives them would.

Answers are what a person types: words in the language of the screen, days as 12/3/2026,
names of people. What a paper or a form says is read back for what must never stand there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from migdesk.models.store import Store
from migdesk.printing.raster import count_pages, draw_page
from migdesk.printing.sheets import SHEETS
from migdesk.services import records
from migdesk.ui.login import Login
from migdesk.ui.pages.settings_accounts import AccountsSide
from migdesk.ui.preview import Preview
from migdesk.ui.recordview.edit_choices import BooleanEditor, ChipsEditor, ChoiceEditor
from migdesk.ui.recordview.edit_links import LinkEditor
from migdesk.ui.recordview.editor import LongTextEditor
from migdesk.ui.recordview.editors import FieldBox
from migdesk.ui.recordview.form import RecordForm
from migdesk.ui.recordview.lines import Line
from tests.journeys.traveller import CTRL, ENTER, PASSWORD, Traveller, type_into

RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\bNone\b|[{}]|•••|MIGDESK1")
"""Codes, gaps and other insides of the program."""
PICTURES = os.environ.get("MIGDESK_PICTURES", "")
"""A folder for pictures of screens and papers, to be looked at by a person."""


class Agent(Traveller):
    """Someone who works with the program; `papers` is where the papers go."""

    papers: Path

    # ---- forms

    @property
    def form(self) -> RecordForm:
        """The form in front."""
        shown = [f for f in self.window.findChildren(RecordForm) if f.isVisible()]
        assert len(shown) == 1, [f.about.kind for f in shown]
        return shown[0]

    def begin(self, place: str, kind: str) -> RecordForm:
        """An empty form of a page, asked for in its list with Ctrl+N."""
        page = self.page(place, kind=kind)
        part = page.part(kind)
        if part.back_button.isVisible():  # in a narrow window a record covers the list
            self.press(part.back_button)
        part.list.table.setFocus()
        if not part.list.table.isVisible():
            self.press(part.list.empty.button)
        else:
            self.hold(Qt.Key.Key_N)
        self.settle()
        return self.form

    def fill(self, form: RecordForm, **said: Any) -> None:
        """Answer fields of a form."""
        for name, words in said.items():
            form.area.ensureWidgetVisible(form.boxes[name])
            self.answer(form.boxes[name], words)

    def rewrite(self, form: RecordForm, **said: str) -> None:
        """Answer fields in which something stands: it is selected, and typed over."""
        for name, words in said.items():
            box = form.boxes[name]
            form.area.ensureWidgetVisible(box)
            self.write(box, words)
            assert box.check() and words.casefold() in box.editor.line.text().casefold()

    def line(self, form: RecordForm, kind: str, **said: Any) -> Line:
        """A new line below a form, typed cell by cell; what is no column is opened first."""
        form.area.ensureWidgetVisible(form.lines[kind].add_button)
        self.press(form.lines[kind].add_button)
        line = form.lines[kind].lines[-1]
        if any(name not in line.boxes for name in said):
            self.press(line.more_button)
        for name, words in said.items():
            form.area.ensureWidgetVisible(line.boxes[name])
            self.answer(line.boxes[name], words)
        return line

    def answer(self, box: FieldBox, words: Any) -> None:
        """Type into a field what a person would say, and see that it was understood."""
        editor: Any = box.editor
        assert box.isVisible(), box.field.name
        if isinstance(editor, LinkEditor):
            self.pick(box, words)
        elif isinstance(editor, BooleanEditor):
            choice = editor._choices[words]
            choice.setFocus()
            QTest.keyClick(choice, Qt.Key.Key_Space)
        elif isinstance(editor, ChipsEditor):
            for each in words:
                self._chip(editor, each)
        elif isinstance(editor, LongTextEditor):
            editor.setFocus()
            type_into(editor.pad, words)
        else:
            self.write(box, words)
        self.pump()
        assert box.check(), (box.field.name, words, box.wrong, box.editor.typed())
        assert box.value() not in (None, "", []), (box.field.name, words)
        if isinstance(editor, ChoiceEditor):
            assert words.casefold() in editor.line.text().casefold()

    def _chip(self, editor: Any, words: str) -> None:
        before = len(editor._chosen)
        self.focus()
        editor.line.setFocus()
        type_into(editor.line, words)
        suggester = getattr(editor, "suggester", None)
        if suggester is not None and not words.isdecimal():
            self.take_offered(suggester, words)
        else:
            QTest.keyClick(editor.line, ENTER)
        self.wait(lambda: len(editor._chosen) == before + 1)
        if suggester is not None:
            suggester.close()

    def save(self, form: RecordForm) -> str:
        """Ctrl+S; the id of the record."""
        first = next(box for box in form.findChildren(FieldBox) if box.isVisible())
        self.focus()
        first.editor.setFocus()
        QTest.keyClick(self.window.focusWidget() or form, Qt.Key.Key_S, CTRL)
        self.pump()
        wrong = {
            box.field.name: box.wrong
            for box in form.findChildren(FieldBox)
            if box.wrong and box.isVisible()
        }
        assert not wrong, wrong
        self.wait(lambda: form.id and not form._saving and not form.dirty())
        self.settle()
        assert form.id
        return form.id

    def enter(self, place: str, kind: str, **said: Any) -> str:
        """A new record on a page, typed and saved."""
        form = self.begin(place, kind)
        self.fill(form, **said)
        return self.save(form)

    def add(self, kind: str, **said: Any) -> str:
        """A record that the record shown is named in: its tab, “Add”, typed and saved."""
        detail = self.detail
        detail.tabs.select(kind)
        self.settle()
        part = detail._parts[kind]
        self.press(getattr(part, "visits", part).add_button)
        self.settle()
        form = self.form
        assert form.about.kind == kind
        self.fill(form, **said)
        return self.save(form)

    def add_to(self, owner: str, id: str, kind: str, **said: Any) -> str:
        """`add`, to the record that is opened for it."""
        self.open(owner, id)
        return self.add(kind, **said)

    def open(self, kind: str, id: str) -> RecordForm:
        """The file of a record, with its form in front."""
        self.desk.open(kind, id)
        self.settle()
        self.detail.tabs.select("summary" if kind == "case" else "file")
        self.pump()
        return self.form

    @staticmethod
    def day(days: int) -> str:
        """A day so far from today, as one types it."""
        return f"{date.today() + timedelta(days=days):%d/%m/%Y}"

    @property
    def detail(self) -> Any:
        """The file in front: a person, an organisation, a case."""
        page: Any = self.window.page
        if page.name == "cases":
            return page.file
        split = page.split if hasattr(page, "split") else page.part(page.tabs.current)
        return split.detail

    def get(self, kind: str, id: str) -> records.View:
        return self.store.read(records.get, kind, id)

    # ---- matches, and what follows from them

    def matches(self, place: str, way: str, words: str) -> Any:
        """The tab of matches of a page, with what is found for whoever these words name;
        `way`: the kind of what is looked for."""
        tab: Any = self.page(place, tab="matches").part("matches")
        if tab.way.subject != way:
            tab.take(next(each for each in tab.directions if each.subject == way))
        line = tab.choosers[way].line
        self.focus()
        line.setFocus()
        type_into(line, words)
        self.take_offered(tab.choosers[way].suggester, words)
        self.wait(lambda: tab.found)
        self.settle()
        return tab

    def start(self, tab: Any) -> tuple[str, str]:
        """Ctrl+Enter on the first match: (kind, id) of the record that it begins."""
        self.focus()
        tab.table.setFocus()
        self.hold(ENTER)
        self.settle()
        return self.detail.about.kind, self.detail.id

    def next(self, words: str, nth: int = 0) -> None:
        """Press what comes next in the file in front, by its words."""
        found = [b for b in self.detail.way.findChildren(QPushButton) if b.text() == words]
        shown = [button for button in found if button.isVisible()]
        assert len(shown) > nth, (words, told(self.detail.way))
        self.press(shown[nth])
        self.settle()

    # ---- papers

    def paper(
        self, kind: str, id: str, sheet: str, *answers: str | bool, wants: Sequence[str] = ()
    ) -> str:
        """A document from the print menu of a record, saved as PDF; its words. `answers`: to
        what is asked before it may leave."""
        self.asker.answers = list(answers)
        self.print_menu(kind, id, str(SHEETS[sheet].title))
        return self.read_paper(sheet, wants)

    def read_paper(self, name: str, wants: Sequence[str] = ()) -> str:
        """Save the document that is previewed now, and read it."""
        self.settle()
        assert self.asker.answers == []
        data = self.here(Preview)._data
        if PICTURES:
            self._picture_of(data, name)
        text = self.printed(self.papers, re.sub(r"\W+", "-", name))
        if PICTURES:
            print(name, text, sep="\n")
        assert not (found := RAW.findall(text)), (name, found)
        assert not (lacks := [word for word in wants if word not in text]), (lacks, text)
        return text

    def _picture_of(self, data: bytes, name: str) -> None:
        for page in range(count_pages(data)):
            rgba, width, height = draw_page(data, page, 76)
            picture = QImage(rgba, width, height, QImage.Format.Format_RGBA8888)
            picture.save(f"{PICTURES}/{name}-{page + 1}.png")

    @contextmanager
    def refused(self, words: str) -> Iterator[None]:
        """What is done here is refused with these words."""
        try:
            yield
        except AssertionError:
            assert self.asker.faults
        else:
            self.wait(lambda: self.asker.faults)
        said, self.asker.faults[:] = " ".join(self.asker.faults), []
        assert words in said, said

    # ---- the screen

    def look(self, name: str) -> str:
        """What the window says now; no code or gap stands there."""
        for wide, high in ((1024, 600), (1366, 768)) if PICTURES else ((1366, 768),):
            self.window.resize(wide, high)
            self.settle()
            if PICTURES:
                self.window.grab().save(f"{PICTURES}/{name}-{wide}.png")
        labels = [w for w in self.window.findChildren(QLabel) if w.isVisible()]
        text = " ".join(" ".join(label.text().split()) for label in labels)
        assert not (found := RAW.findall(text)), (name, found)
        return text

    def tabs_shown(self) -> list[str]:
        """Words of the tabs that stand in the row of the file in front."""
        tabs = self.detail.tabs
        return [tabs.tabText(n) for n in range(tabs.count()) if tabs.isTabVisible(n)]

    # ---- people

    def receive_known(self, words: str) -> Any:
        """F2, the name, Enter on the one who is found; the page."""
        page = self.page("receive")
        page.search.line.setFocus()
        type_into(page.search.line, words)
        self.wait(lambda: page.search.answered and page.search.found)
        QTest.keyClick(page.search.line, ENTER)
        self.settle()
        assert page.mode == "known"
        return page

    def register(self, search: str, request: str, **said: Any) -> tuple[str, str]:
        """Receive somebody new with a request: (person, visit)."""
        page = self.page("receive")
        page.search.line.setFocus()
        type_into(page.search.line, search)
        self.wait(lambda: page.search.answered)
        self.hold(ENTER)
        assert page.mode == "register"
        for name, words in said.items():
            self.answer(page.register.fields[name], words)
        self.choose(page.register.consents.answers["registration"], "given")
        self.answer(page.visit.asked["request"], request)
        page.visit.asked["request"].editor.setFocus()
        self.hold(Qt.Key.Key_S)
        self.wait(lambda: page.mode == "done")
        self.settle()
        return page.done.person, page.done.visit

    def enrol(self, name: str, role: str) -> None:
        """A second account for this computer, under Settings."""
        self.page("settings", tab="accounts")
        side = self.here(AccountsSide)
        type_into(side.name, name)
        self.choose(side.role, role)
        type_into(side.first_password.first, PASSWORD)
        type_into(side.first_password.again, PASSWORD)
        side.add()
        self.wait(lambda: not side.name.text())
        self.settle()

    def log_in_as(self, name: str) -> None:
        """Lock the window; somebody else opens it."""
        self.desk.shell.lock()
        self.pump()
        login = self.here(Login)
        box = login.password_side.account
        box.setCurrentIndex(box.findText(name))
        self.log_in()
        self.program.speak()
        assert self.desk.account.name == name


def told(widget: QWidget) -> str:
    """Words that stand in a part of the window."""
    labels = [w for w in widget.findChildren(QLabel) if w.isVisibleTo(widget)]
    return " ".join(" ".join(label.text().split()) for label in labels)


def count(store: Store, kind: str) -> int:
    return store.read(records.count, kind, records.Query())
