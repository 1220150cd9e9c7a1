"""Editors of links: typing searches, choosing links, the arrow opens the record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from migdesk.i18n import N_, _
from migdesk.models import RECORDS, Field, RecordType
from migdesk.models.kinds import BadValue, Kind, Link, Links
from migdesk.models.search import fold
from migdesk.services import records, search
from migdesk.services.records import Page, Query
from migdesk.ui.desk import Desk

from .edit_choices import ChipsEditor
from .editor import OPEN, SHOW_ALL, LineEditor
from .parts import tool
from .suggest import Answer, Option, Suggester

PAUSE_MS = 120
CREATE = "+"


def creatable(about: RecordType) -> str:
    """Name of the field that a typed name fills when such a record may be made on the
    spot: the only field that it needs is its name. "" if it asks for more; a person is
    never made here, because the office searches first."""
    needed = [f for f in about.fields.values() if f.required]
    named = len(needed) == 1 and type(needed[0].kind) is Kind and not about.owner
    return needed[0].name if named and about.main else ""


class Finder:
    """Options for a link: by the search index, or from a short list read whole."""

    def __init__(self, editor: QWidget, desk: Desk, to: str) -> None:
        self.editor = editor
        self.desk = desk
        self.about = RECORDS[to]

    def __call__(self, text: str, answer: Answer) -> None:
        if self.about.searched and text:
            self.desk.runner.read(
                search.find,
                text,
                (self.about.kind,),
                9,
                then=lambda hits: answer(
                    [
                        *(Option(h.id, h.title, h.code or h.detail) for h in hits),
                        *self._create(text, [h.title for h in hits]),
                    ]
                ),
                owner=self.editor,
            )
        else:
            self.desk.runner.read(
                records.list_page,
                self.about.kind,
                Query(),
                "",
                100,
                then=lambda page: answer(self._fit(page, text)),
                owner=self.editor,
            )

    def _fit(self, page: Page, text: str) -> list[Option]:
        wanted = text.casefold()
        return [
            Option(row.id, row.title, row.code)
            for row in page.rows
            if wanted in row.title.casefold()
        ]

    def _create(self, text: str, known: Sequence[str]) -> list[Option]:
        same = any(title.casefold() == text.casefold() for title in known)
        if same or not creatable(self.about):
            return []
        words = _("Create “{name}”").format(name=text)
        return [Option((CREATE, text), words)]

    def create(self, option: Option, answer: Answer) -> None:
        """Make the record that "Create" stands for and hand it over."""
        name = " ".join(str(option.value[1]).split())
        self.desk.runner.write(
            records.save,
            self.about.kind,
            None,
            {creatable(self.about): name},
            then=lambda id: answer([Option(id, name)]),
            owner=self.editor,
        )


def is_new(option: Option) -> bool:
    """True for the option that makes a record."""
    return isinstance(option.value, tuple)


class LinkEditor(LineEditor):
    """One record, chosen by typing its name; a name that was not chosen is refused."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        kind = field.kind
        assert isinstance(kind, Link)
        self.to = kind.to
        self.finder = Finder(self, desk, kind.to)
        self.suggester = Suggester(self.line, self.finder, self._choose, PAUSE_MS, goes_on=True)
        self.open_button = tool("open-in-new", _("Open the record"), self._open)
        self.all_button = tool("menu-down", _("Show all"), self.suggester.open_all)
        if RECORDS[self.to].searched:
            self.all_button.setParent(self)
            self.all_button.hide()
        else:
            self.add_inner(self.all_button, SHOW_ALL)
        self.add_inner(self.open_button, OPEN)
        self.open_button.hide()
        self.line.textEdited.connect(lambda _text: self.open_button.hide())

    def value(self) -> Any:
        text = self.line.text()
        if text == self._shown:
            return self._stored
        if not text.strip():
            return None
        raise BadValue(N_("Choose one of the records found."))

    def set_value(self, stored: Any, shown: str = "") -> None:
        self._stored = stored
        self._show(shown)
        if stored and not shown:
            self.desk.runner.read(
                records.title_of,
                self.to,
                stored,
                then=lambda title: self._titled(stored, title),
                owner=self,
            )

    def _titled(self, stored: Any, title: str) -> None:
        if stored == self._stored and self.line.text() == self._shown:
            self._show(title or _("(not here)"))

    def _show(self, words: str) -> None:
        self._shown = words
        self.line.setText(words)
        self.line.setCursorPosition(0)
        self.open_button.setVisible(bool(self._stored))

    def typed(self) -> Any:
        same = self.line.text() == self._shown
        return [self._stored if same else None, self.line.text()]

    def set_typed(self, typed: Any) -> None:
        stored, text = typed if isinstance(typed, list) else (None, "")
        if stored:
            self.set_value(stored, text)
        else:
            self._stored, self._shown = None, ""
            self.line.setText(str(text or ""))
            self.open_button.hide()

    def _choose(self, option: Option) -> None:
        if is_new(option):
            self.line.setText(str(option.value[1]))
            self.finder.create(option, lambda made: self._choose(made[0]))
            return
        self.set_value(option.value, option.label)
        self.changed.emit()

    def _open(self) -> None:
        if self._stored:
            self.desk.open(self.to, self._stored)

    def _on_left(self) -> None:
        # A hand that is faster than the list still means the one that it would have shown.
        text = self.line.text().strip()
        if text and self.line.text() != self._shown:
            self.finder(text, partial(self._take_only, text))
        self.left.emit()

    def _take_only(self, text: str, found: Sequence[Option]) -> None:
        if self.suggester.is_open or self.line.hasFocus() or self.line.text().strip() != text:
            return
        begun = [o for o in found if not is_new(o) and fold(o.label).startswith(fold(text))]
        exact = [option for option in begun if fold(option.label) == fold(text)]
        if len(exact or begun) == 1:
            self._choose((exact or begun)[0])


class LinksEditor(ChipsEditor):
    """Several records of one kind."""

    def __init__(self, desk: Desk, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(desk, field, parent)
        kind = field.kind
        assert isinstance(kind, Links)
        self.to = kind.to
        self._titles: dict[str, str] = {}
        self.finder = Finder(self, desk, kind.to)
        self.suggester = Suggester(self.line, self.finder, self.add, PAUSE_MS)

    def options_of(self, stored: Sequence[Any]) -> list[Option]:
        return [Option(id, self._titles.get(id, "…")) for id in stored]

    def set_value(self, stored: Any, shown: str = "") -> None:
        super().set_value(stored)
        if stored:
            self.desk.runner.read(
                records.titles, self.to, stored, then=self._on_titles, owner=self
            )

    def _on_titles(self, found: dict[str, str]) -> None:
        self._titles |= found
        self._chosen = self.options_of([o.value for o in self._chosen])
        self._show()

    def add(self, option: Option) -> None:
        if is_new(option):
            self.finder.create(option, lambda made: self.add(made[0]))
            return
        self._titles[option.value] = option.label
        super().add(option)

    def read(self, text: str) -> list[Option]:
        if text.strip():
            raise BadValue(N_("Choose one of the records found."))
        return []
