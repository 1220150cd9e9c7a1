"""The directory goes out and comes in from its page, with a look before and a way back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from migdesk.jobs.hsds_package import NoDirectory
from migdesk.models.store import Store
from migdesk.services import records
from migdesk.services.views import Query
from migdesk.ui.desk import Desk
from migdesk.ui.directory_package import DirectoryPackage
from migdesk.ui.pages.services import ServicesPage
from tests.ui.conftest import ScriptedAsker

Maker = Callable[..., str]


def test_out_and_in(
    qtbot: QtBot,
    desk: Desk,
    asker: ScriptedAsker,
    store: Store,
    make: Maker,
    tmp_path: Path,
) -> None:
    page = ServicesPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.package_button.click()
    menu = page.findChildren(QMenu)[-1]
    out, back = menu.actions()
    clinic = make("service", name="Clinic", phone="+221339960000")
    asker.paths = [tmp_path / "ours"]
    out.trigger()
    assert asker.told == ["1 record was exported."] and (tmp_path / "ours.zip").exists()
    asker.paths = [tmp_path / "ours.zip"]
    back.trigger()
    assert asker.told[-1] == "Everything in this package is here already."
    store.write(records.delete, "service", clinic)
    package = DirectoryPackage(desk, page)
    asker.paths = [tmp_path / "ours.zip", tmp_path / "ours.zip"]
    package.open()
    assert asker.asked[-1] == "Import a directory"
    assert store.read(records.count, "service", Query()) == 0
    asker.confirms = [True]
    package.open()
    assert asker.told[-1] == "1 record was imported." and asker.then is not None
    assert store.read(records.count, "service", Query()) == 1
    asker.then()
    assert store.read(records.count, "service", Query()) == 0
    asker.paths = [tmp_path / "nothing.zip"]
    package.open()
    assert isinstance(asker.faults[-1], NoDirectory)
