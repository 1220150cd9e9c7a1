"""Where a repeat ends and where the form ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.forms import Live
from migdesk.i18n import _, ngettext
from migdesk.ui.widgets import Button, PrimaryButton, Row, RowList, empty, label

from .box import Box
from .choice import ChoiceButton
from .filling import Filling
from .stops import Stop

LISTED = 50
"""Rows of a repeat that are listed at its end; the outline leads to the others."""


class MoreBox(Box):
    """The end of a repeat: the rows there are, another one, or that is all."""

    def __init__(
        self,
        add: Callable[[str], object],
        remove: Callable[[str], object],
        on: Callable[[], object],
        go: Callable[[str], object],
    ) -> None:
        super().__init__()
        self._actions = (add, remove, on, go)
        self.where = label("", "caption", wrap=True)
        self.words = label("", "question", wrap=True)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(0)
        self.more = ChoiceButton("", "1")
        self.enough = ChoiceButton("", "2")
        for button in (self.more, self.enough):
            button.setCheckable(False)
        self.ref = ""
        self.more.clicked.connect(lambda: add(self.ref))
        self.enough.clicked.connect(lambda: on())
        for part in (self.where, self.words):
            self.column.addWidget(part)
        self.column.addLayout(self.rows)
        self.column.addSpacing(4)
        self.column.addWidget(self.more)
        self.column.addWidget(self.enough)
        self.setFocusProxy(self.more)

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        stop = stops[0]
        live = stop.live
        assert live is not None
        self.ref = stop.ref
        self.where.setText(" · ".join(stop.heads[-1:]))
        self.where.setVisible(bool(stop.heads) and alone)
        words = ngettext("{name}: {n} so far", "{name}: {n} so far", live.count)
        self.words.setText(words.format(name=live.label, n=live.count))
        self.more.show_as(_("Add another: {name}").format(name=live.label))
        self.enough.show_as(_("That is all"))
        self._list(filling, live)

    def _list(self, filling: Filling, live: Live) -> None:
        _add, remove, _on, go = self._actions
        empty(self.rows)
        rows = live.row.kids[live.node.place]
        first = max(len(rows) - LISTED, 0)
        if first:
            words = ngettext("{n} earlier entry", "{n} earlier entries", first).format(n=first)
            self.rows.addWidget(label(words, "caption"))
        for place, row in enumerate(rows[first:], first + 1):
            ref = f"{live.ref}[{place}]"
            kid = Live.of(filling.run, live.node, row, True)
            name = filling.row_name(kid) or _("Number {n}").format(n=place)
            line = QWidget()
            flat = QHBoxLayout(line)
            flat.setContentsMargins(0, 2, 0, 2)
            open_ = Button(f"{place} · {name}", partial(go, ref), role="flat")
            flat.addWidget(open_)
            flat.addStretch(1)
            away = Button(_("Remove"), partial(remove, ref), role="link")
            away.setAccessibleName(_("Remove {name}").format(name=name))
            flat.addWidget(away)
            self.rows.addWidget(line)

    def press(self, key: str) -> bool:
        if key in ("1", "+"):
            self.more.click()
        elif key == "2":
            self.enough.click()
        else:
            return False
        return True

    def enter(self, key: str) -> None:
        self.enough.setFocus()


class EndBox(Box):
    """The end: what is missing, with a way there, and the button that finishes."""

    def __init__(self, finish: Callable[[], object], go: Callable[[str], object]) -> None:
        super().__init__()
        self._go = go
        self.words = label("", "question", wrap=True)
        self.sub = label("", "muted", wrap=True)
        self.rows = RowList()
        self.button = PrimaryButton(_("Finish and save"), finish, key=_("Ctrl Enter"))
        for part in (self.words, self.sub, self.rows):
            self.column.addWidget(part)
        self.column.addSpacing(8)
        line = QHBoxLayout()
        line.addWidget(self.button)
        line.addStretch(1)
        self.column.addLayout(line)

    def show_stops(self, filling: Filling, stops: Sequence[Stop], alone: bool) -> None:
        here = filling.key == stops[0].key
        missing = filling.missing() if here else []
        answered, asked = filling.progress()
        self.words.setText(_("End of the questionnaire"))
        if missing:
            said = ngettext(
                "{n} answer is missing or wrong. Choose it to go there.",
                "{n} answers are missing or wrong. Choose one to go there.",
                len(missing),
            ).format(n=len(missing))
        else:
            said = _("{n} questions answered of {total}.").format(n=answered, total=asked)
            if here:
                said += " " + _("It can be finished.")
        self.sub.setText(said)
        self.rows.show_rows([self._row(filling, each) for each in missing])
        self.button.setEnabled(not missing)

    def _row(self, filling: Filling, stop: Stop) -> Row:
        assert stop.live is not None
        return Row(
            stop.live.label,
            filling.wrong(stop),
            lead=stop.number,
            lead_tone="late",
            open=lambda: self._go(stop.key),
        )

    def enter(self, key: str) -> None:
        if self.rows.rows:
            self.rows.rows[0].setFocus()
        else:
            self.button.setFocus()
