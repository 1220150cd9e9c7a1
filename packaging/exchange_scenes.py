"""Scenes of the exchange: computers, places, what came, what waits for a person, backups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication
from studio import Studio

from migdesk.jobs.enrol import Found
from migdesk.jobs.keep_backups import choose_second
from migdesk.models.store import Store
from migdesk.services import (
    devices,
    enrolment,
    joining,
    records,
)
from migdesk.services.enrolment import Grant
from migdesk.services.records import Query
from migdesk.services.registry import Scope
from migdesk.ui.desk import Account, Desk
from migdesk.ui.join import JoinPage
from migdesk.ui.runner import DirectRunner
from migdesk.ui.shared import SharedLogin

Scene = Callable[[Studio], None]


def settling(sort: str) -> Scene:
    """A tab of To settle."""

    def show(studio: Studio) -> None:
        page = studio.page("settle")
        studio.settle()  # a job looks for duplicates, and the page reads again
        page.tabs.setCurrentIndex(page.sorts.index(sort))
        studio.settle()

    return show


def settle_many(studio: Studio) -> None:
    settling("conflict")(studio)
    page = studio.page("settle")
    page.many()
    page.press("2")
    studio.settle()


def after_many(studio: Studio) -> None:
    studio.page("settle").card.left.emit()
    studio.settle()


def looking(studio: Studio) -> None:
    """What lies in the folder, before it is taken over."""
    page = studio.page("exchange")
    page.look()
    studio.settle()


def place(kind: str) -> Scene:
    """The form of a place of exchange."""

    def show(studio: Studio) -> None:
        page = studio.page("exchange")
        page.places.add()
        form = page.places.form
        form.kind.setCurrentIndex(form.kind.findData(kind))
        QApplication.processEvents()
        form.called.setFocus()

    return show


def after_place(studio: Studio) -> None:
    studio.page("exchange").places.form.close_form()


def enrolling(step: int) -> Scene:
    """The steps of an enrolment: the card, the words, what it receives, the invitation."""

    def show(studio: Studio) -> None:
        page = studio.page("devices")
        page.enrol()
        steps = page.steps
        if step:
            with newcomer(studio) as there:
                steps.line.setText(there.read(devices.own).card)
            steps.read()
        if step == 2:
            steps.agree()
            steps.grant.some.setChecked(True)
        if step == 3:
            steps.invite(page.found[-1])
        studio.settle()

    return show


def after_enrolling(studio: Studio) -> None:
    studio.page("devices").steps.close_it()


@contextmanager
def newcomer(studio: Studio) -> Iterator[Store]:
    """A computer that was started for the first time."""
    assert studio.desk.paths is not None
    path = studio.desk.paths.home / "newcomer.db"
    made = Store.open(path, b"n" * 32, create=True)
    made.write(joining.begin, "Portable neuf", "Binta Sow", "acc-n")
    try:
        yield made
    finally:
        made.close()
        for each in path.parent.glob("newcomer.db*"):
            each.unlink()


def about(page: str) -> Scene:
    """A page about one person."""

    def show(studio: Studio) -> None:
        studio.page(page, kind="person", id=studio.ids.person)

    return show


def merging_two(studio: Studio) -> None:
    page = studio.page("merge", kind="person", id=studio.ids.person)
    rows = studio.desk.store.read(records.list_page, "person", Query(text="Diallo")).rows
    page.compare(next(row.id for row in rows if row.id != studio.ids.person))
    studio.settle()


def setting(tab: str) -> Scene:
    def show(studio: Studio) -> None:
        studio.page("settings", tab=tab)

    return show


def backups(studio: Studio) -> None:
    assert studio.desk.paths is not None
    page = studio.page("settings", tab="backups")
    side = page.stack.currentWidget()
    if not any(studio.desk.paths.backups.glob("*")):
        second = studio.desk.paths.home.parent / "second"
        second.mkdir(exist_ok=True)
        choose_second(second, studio.desk.settings)
        side.back_up()
        studio.settle()
        side.load()
    studio.settle()


def inside(studio: Studio) -> None:
    """A record of a backup beside what it is today."""
    backups(studio)
    side = studio.page("settings", tab="backups").stack.currentWidget()
    assert studio.desk.paths is not None
    side.look(next(studio.desk.paths.backups.glob("*.migbackup")))
    studio.settle()
    person = studio.ids.person
    studio.desk.store.write(records.save, "person", person, {"aliases": ["Mina"]})
    side.inside.choose("person", person)
    studio.settle()


def after_inside(studio: Studio) -> None:
    studio.page("settings", tab="backups").stack.currentWidget().close_inside()


SCENES: dict[str, Scene] = {
    "settle-conflict": settling("conflict"),
    "settle-many": settle_many,
    "settle-duplicate": settling("duplicate"),
    "settle-bundle": settling("bundle"),
    "settle-report": settling("report"),
    "settle-parked": settling("parked"),
    "exchange-look": looking,
    "place-folder": place("folder"),
    "place-sftp": place("sftp"),
    "place-webdav": place("webdav"),
    "place-s3": place("s3"),
    "place-smb": place("smb"),
    "devices": lambda studio: studio.page("devices"),
    "enrol-card": enrolling(0),
    "enrol-words": enrolling(1),
    "enrol-grant": enrolling(2),
    "enrol-invitation": enrolling(3),
    "merge": merging_two,
    "erase": about("erase"),
    "backups": backups,
    "backup-inside": inside,
    "safety": setting("safety"),
}
AFTER: dict[str, Scene] = {
    "settle-many": after_many,
    **dict.fromkeys((name for name in SCENES if name.startswith("place-")), after_place),
    **dict.fromkeys((name for name in SCENES if name.startswith("enrol-")), after_enrolling),
    "backup-inside": after_inside,
}


# ---- gates


@contextmanager
def joining_page(studio: Studio) -> Iterator[None]:
    """A computer that waits for its invitation."""
    with newcomer(studio) as store:
        runner = DirectRunner(store, studio.desk.asker)
        account = Account("acc-n", "Binta Sow", "agent")
        desk = Desk(store, runner, studio.desk.asker, studio.desk.settings, account)
        studio.program.window.show_gate(JoinPage(desk, str, bool))
        QApplication.processEvents()
        yield
        runner.close()


def invited(studio: Studio) -> None:
    """The office that invites, on the other side."""
    page = studio.program.window.findChildren(JoinPage)[-1]
    card = page.desk.store.read(devices.own).card
    line = studio.desk.store.write(
        enrolment.enrol, card, Grant("Portable neuf", "agent", Scope(True))
    )
    _name, data = studio.desk.store.write(enrolment.invitation, line)
    view = page.desk.store.read(joining.look, data)
    page._on_found(Found(data, view))


def shared_login(studio: Studio) -> None:
    """The login of an agency's database."""
    program = studio.program
    address = "postgresql://donnees.exemple.sn/migdesk"
    gate = SharedLogin(address, program.worker, program.settings, bool, str)
    program.window.show_gate(gate)
    QApplication.processEvents()
