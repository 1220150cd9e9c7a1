"""Today: what the day holds, one press away from the thing itself."""

from __future__ import annotations

from datetime import date
from functools import partial

from babel.dates import format_date
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from migdesk.i18n import _, language, ngettext
from migdesk.models.dates import read_moment, show_hour
from migdesk.models.store import Changes
from migdesk.services import conflict_list, drafts, office
from migdesk.services import today as service
from migdesk.services.conflict_list import Questions
from migdesk.services.drafts import DraftView
from migdesk.services.records import View
from migdesk.services.today import Due, Exchange, Today
from migdesk.ui.desk import Desk, Page
from migdesk.ui.rights import may_go
from migdesk.ui.widgets import Button, Card, PageHeader, Row, RowList, empty, label
from migdesk.ui.widgets.navigation import grouped

from .my_office import OfficeChoice
from .pieces import GAP, Columns, body_of, stacked
from .review_returned import ReturnedCard
from .today_dates import DatesCard
from .today_safety import SafetyCard
from .today_visits import VisitsCard
from .today_welcome import DemoBar, WelcomeCard

SHOWN = 4


class ListCard(Card):
    """A heading, rows to press, and words for when there are none."""

    def __init__(self, title: str, nothing: str, aside: QWidget | str = "") -> None:
        super().__init__(title, aside)
        self.rows = RowList()
        self.nothing = label(nothing, "muted", wrap=True)
        self.body.addWidget(self.rows)
        self.body.addWidget(self.nothing)

    def show_rows(self, rows: list[Row]) -> None:
        """Show these rows, or the words for none."""
        self.rows.show_rows(rows)
        self.rows.setVisible(bool(rows))
        self.nothing.setVisible(not rows)


class FiguresCard(Card):
    """Three figures of the month."""

    def __init__(self) -> None:
        super().__init__(" ")
        self.line = QHBoxLayout()
        self.line.setSpacing(GAP)
        self.body.addLayout(self.line)

    def show_figures(self, month: str, figures: list[tuple[int, str]]) -> None:
        """(figure, what it counts) side by side."""
        self.title.setText(month)
        empty(self.line)
        for number, words in figures:
            column = QVBoxLayout()
            column.setSpacing(0)
            figure = label(f"{number}", "figure")
            figure.setAccessibleName(f"{number} {words}")
            column.addWidget(figure)
            column.addWidget(label(words, "muted", wrap=True))
            column.addStretch(1)
            self.line.addLayout(column, 1)


class TodayPage(Page):
    """Appointments and steps due at the left; figures, drafts and doubts at the right. Who
    receives nobody has what is left of this."""

    name = "today"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.day = date.today()
        self.registrations = 0
        self.receives = may_go(desk, "receive")
        self.offices = OfficeChoice(desk)
        self.offices.changed.connect(self._read)
        self.header = PageHeader(actions=[self.offices])
        self.welcome = WelcomeCard(desk)
        self.demo = DemoBar(desk)
        self.all_button = Button("", lambda: desk.go("cases"), role="link")
        self.appointments = ListCard(
            _("Appointments"),
            _("None today. An appointment is made while receiving a person."),
            Button(_("Agenda"), lambda: desk.go("agenda"), role="link"),
        )
        self.due = ListCard(
            _("To do"),
            _("Nothing is due within a week. Steps are written in a case."),
            self.all_button,
        )
        self.dates = DatesCard(desk)
        self.dates.counted.connect(self._on_dates)
        self._found: Today | None = None
        self._kept = 0
        self.figures = FiguresCard()
        self.drafts = ListCard(
            _("To resume"), _("Nothing was left unfinished. What is typed is kept by itself.")
        )
        self.doubts = ListCard(_("To settle"), _("Nothing waits for a decision."))
        self.exchange = ListCard(_("Exchange"), "")
        self.returned = ReturnedCard(desk)
        self.returned.asked.connect(lambda id: desk.go("questionnaires", correct=id))
        self.visits = VisitsCard(desk)
        self.safety = SafetyCard(desk)
        self._lay_out()

    def _lay_out(self) -> None:
        box = body_of(self)
        box.addWidget(self.header)
        box.addWidget(self.safety)
        if not self.receives:
            left = stacked(self.returned, self.visits)
            right = stacked(self.drafts, self.exchange)
        else:
            box.addWidget(self.demo)
            box.addWidget(self.welcome)
            left = stacked(self.returned, self.appointments, self.due, self.dates)
            right = stacked(self.figures, self.drafts, self.doubts, self.exchange)
        box.addWidget(Columns((left, 3), (right, 2)))
        box.addStretch(1)

    def _read(self) -> None:
        asked = (self.desk.account.id, self.offices.office)
        self.desk.runner.read(
            service.today, self.day, *asked, then=self._on_today, owner=self
        )

    def load(self) -> None:
        self.day = date.today()
        runner = self.desk.runner
        self.offices.load()
        self._read()
        self.returned.load()
        self.safety.load()
        if not self.receives:
            self.visits.load()
        if self.receives:
            self.dates.load()
            runner.read(conflict_list.registrations, then=self._on_registrations, owner=self)
            shown = (conflict_list.ALL, "", SHOWN)
            runner.read(conflict_list.page, *shown, then=self._on_conflicts, owner=self)
            runner.read(service.counts, then=self._on_counts, owner=self)
            runner.read(office.facts, then=self.demo.on_facts, owner=self)

    def on_changed(self, changes: Changes) -> None:
        if self.isVisible():
            self.load()

    def _on_dates(self, kept: int) -> None:
        self._kept = kept
        self._show_head()

    def _show_head(self) -> None:
        """The day, and how much it holds as far as that is known."""
        title = format_date(self.day, "EEEE d MMMM", locale=language())
        found = self._found
        said = _counted(found, self._kept) if found is not None and self.receives else ""
        self.header.show_as(title[:1].upper() + title[1:], said)

    def _on_today(self, found: Today) -> None:
        self._found = found
        self._show_head()
        self.appointments.show_rows([self._appointment(visit) for visit in found.appointments])
        self.due.show_rows([self._due(due) for due in found.due])
        self.all_button.setVisible(found.due_total > len(found.due))
        self.all_button.setText(_("See all ({n})").format(n=found.due_total))
        self.drafts.show_rows([self._draft(draft) for draft in found.drafts])
        self._show_figures(found)
        self._show_exchange(found.exchange)

    def _appointment(self, visit: View) -> Row:
        who = visit.shown["person"] or _("Ticket {number}").format(number=visit.shown["ticket"])
        about = visit.shown["next_step"] or visit.shown["request"]
        person = visit.values["person"]
        return Row(
            who,
            muted=about,
            lead=show_hour(str(visit.values["appointment"])),
            end=visit.shown["room"],
            open=partial(self.desk.open, "person", person) if person else None,
        )

    def _due(self, due: Due) -> Row:
        case = due.case
        opened = partial(self.desk.open, "case", case.id) if case else None
        if due.days < 0:
            late = ngettext("{n} day late", "{n} days late", -due.days)
            lead, tone = late.format(n=-due.days), "late"
        elif due.days == 0:
            lead, tone = _("today"), "waiting"
        else:
            day = date.fromisoformat(str(due.step.values["due"]))
            lead, tone = format_date(day, "EEEE", locale=language()), ""
        about = " ".join(filter(None, (case.code, case.title))) if case else ""
        return Row(due.step.title, muted=about, lead=lead, lead_tone=tone, open=opened)

    def _draft(self, draft: DraftView) -> Row:
        when = self._when(draft.saved)
        return Row(draft.title or draft.kind, end=when, open=partial(self.resume, draft))

    def _when(self, stored: str) -> str:
        """The hour of a moment of today, else its day."""
        moment = read_moment(stored)
        if moment.date() == self.day:
            return show_hour(stored)
        return format_date(moment, "d MMM y", locale=language())

    def resume(self, draft: DraftView) -> None:
        """Go to where a draft was being typed."""
        if draft.kind == "visit" and "mode" in draft.body:
            self.desk.go("receive", draft=draft.id)
        elif draft.kind == "submission":
            self.desk.go("questionnaires", draft=draft.id)
        else:
            self.desk.open(draft.kind, drafts.target(draft))

    def _show_figures(self, found: Today) -> None:
        month = format_date(self.day, "LLLL", locale=language())
        self.figures.show_figures(
            month[:1].upper() + month[1:],
            [
                (found.received, ngettext("visit", "visits", found.received)),
                (found.opened, ngettext("case opened", "cases opened", found.opened)),
                (found.financed, ngettext("financed", "financed", found.financed)),
            ],
        )

    def _show_exchange(self, state: Exchange) -> None:
        go = partial(self.desk.go, "exchange")
        rows = [Row(_("Nothing was exchanged yet"), open=go)]
        if state.last:
            rows = [Row(_("Last exchange"), end=self._when(state.last), open=go)]
        if state.peers:
            rows.append(Row(_("Changes to send"), end=grouped(state.waiting) or "0", open=go))
        self.exchange.show_rows(rows)

    def _on_registrations(self, waiting: int) -> None:
        self.registrations = waiting

    def _on_conflicts(self, found: Questions) -> None:
        go, n = partial(self.desk.go, "settle"), self.registrations
        words = ngettext("{n} registration waits", "{n} registrations wait", n).format(n=n)
        rows = [Row(words, end=_("Decide"), end_tone="waiting", open=go)] if n else []
        rows += [
            Row(
                f"{view.label} · {view.title}",
                end=_("2 values"),
                end_tone="waiting",
                open=go,
            )
            for view in found.rows
        ]
        self.doubts.show_rows(rows)

    def _on_counts(self, counts: dict[str, int]) -> None:
        self.welcome.setVisible(counts["person"] == 0)
        if counts["person"] == 0 and self.hasFocus():
            self.welcome.receive_button.setFocus()


def _counted(found: Today, dates: int) -> str:
    """How much the day holds, in one line."""
    visits, drafts = len(found.appointments), len(found.drafts)
    parts = (
        (visits, ngettext("{n} appointment", "{n} appointments", visits)),
        (found.due_total, ngettext("{n} step to do", "{n} steps to do", found.due_total)),
        (dates, ngettext("{n} date to keep", "{n} dates to keep", dates)),
        (drafts, ngettext("{n} thing to resume", "{n} things to resume", drafts)),
    )
    said = ", ".join(words.format(n=n) for n, words in parts if n)
    return said or _("Nothing is planned.")
