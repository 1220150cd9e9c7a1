"""Builds everything and brings it together: the only module that knows everyone."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

from migdesk import i18n
from migdesk.errors import Fault
from migdesk.i18n import _
from migdesk.keys import KeyFile
from migdesk.paths import Paths, default_home, resource
from migdesk.settings import COUNTRY, LANGUAGE, Settings
from migdesk.ui import bugs, doors
from migdesk.ui.asker import WindowAsker
from migdesk.ui.closing import Closing
from migdesk.ui.desk import Desk
from migdesk.ui.doors import Doors, Opened, open_demo
from migdesk.ui.first_start import FirstStart, FirstWays, Founding
from migdesk.ui.keeper import Keeper
from migdesk.ui.login import Login, Ways
from migdesk.ui.places import places_for
from migdesk.ui.printer import Printer
from migdesk.ui.runner import Runner, Worker
from migdesk.ui.theme import Theme
from migdesk.ui.window import Window

if TYPE_CHECKING:
    from migdesk.ui.carrier import Carrier

log = logging.getLogger("migdesk")

# Once the gate is painted; and once what the first page needs is loaded.
WARM_MS, COLLECT_MS = 100, 2_000
HEED_MS, CARRIER_MS = 5_000, 3_000


class Program:
    """The life of the window: gate, desk, lock, end."""

    address = ""  # of the shared database of an agency

    def __init__(self, app: QApplication, paths: Paths, language: str = "") -> None:
        self.paths = paths
        self.settings = Settings(paths.settings)
        self._app = app
        self._forced = language
        self._qt_words = QTranslator(app)
        self.speak()
        self.theme = Theme(app, self.settings)
        self.window = Window(self.settings)
        self.asker = WindowAsker(self.window, self.window.bar, paths.log)
        self.worker = Worker(self.asker)
        self.doors = Doors(paths, self.worker, self.enter)
        self.desk: Desk | None = None
        self._carrier: Carrier | None = None
        self._carry_soon = QTimer(singleShot=True, interval=CARRIER_MS)
        self._carry_soon.timeout.connect(self._carry)
        self._gate: Callable[[], None] = self.show_gate
        self._joining = False
        self._place: tuple[str, dict[str, Any]] = ("", {})
        self.keeper = Keeper(self.settings, paths, self.window)
        self._closing: Closing | None = None
        self._hurried = False
        self._heed = QTimer(self.window, interval=HEED_MS)
        self._heed.timeout.connect(self._heed_others)
        self.window.locked.connect(self.lock)
        self.window.switched.connect(lambda: self.lock(forget=True))
        self.window.restyled.connect(lambda: QTimer.singleShot(0, self.window, self.restyle))
        self.window.may_close = self.may_close
        self.window.closed.connect(self.end)
        app.commitDataRequest.connect(self._hurry)
        self.theme.changed.connect(lambda: QTimer.singleShot(0, self.window, self.rebuild))

    def speak(self) -> None:
        """Language of the screen, of Qt's own words, and the direction of reading."""
        code = self._forced or self.settings.get(LANGUAGE) or i18n.system_language()
        i18n.use(code)
        QLocale.setDefault(QLocale(code))
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._app.removeTranslator(self._qt_words)
        if self._qt_words.load(f"qtbase_{code}", folder):
            self._app.installTranslator(self._qt_words)
        mirrored = i18n.language() in i18n.RIGHT_TO_LEFT
        direction = Qt.LayoutDirection
        self._app.setLayoutDirection(
            direction.RightToLeft if mirrored else direction.LeftToRight
        )

    # ---- the gate

    def show_gate(self) -> None:
        """First start where there is nothing yet, else login."""
        try:
            doors.resume(self.paths)
        except Fault as fault:
            self.asker.fault(fault, self.show_gate)
        if self.address or self.paths.keys.exists() or self.paths.database.exists():
            self.show_login()
        else:
            self.show_first_start()

    def show_login(self) -> None:
        """Who are you."""
        self._gate = self.show_login
        if self.address:
            from migdesk.ui.shared import SharedLogin

            gate = partial(SharedLogin, self.address, self.worker, self.settings)
            return self._show(gate(self.enter, self.choose_language))
        accounts, split = list[tuple[str, str]](), False
        fault: Fault | None = None
        try:
            if self.paths.keys.exists():
                keys = KeyFile.load(self.paths.keys)
                accounts, split = keys.accounts(), bool(keys.recovery.mark)
        except Fault as caught:
            fault = caught
        ways = Ways(
            open=self.doors.open,
            recover=self.doors.recover,
            backups=self.doors.backups,
            look=self.doors.look,
            restore=lambda backup, secret, failed: self.doors.restore(
                backup, secret, self._restored, failed
            ),
            choose_backup=lambda: self.asker.open_file(
                _("Choose a backup"), _("MigDesk backups (*.migbackup)")
            ),
            read_backup=self.doors.read_backup,
            language=self.choose_language,
            begin=None if self.paths.database.exists() else self.show_first_start,
        )
        self._show(Login(accounts, ways, self.settings.state("account"), split))
        if fault is not None:
            self.asker.fault(fault)

    def _show(self, gate: QWidget) -> None:
        self.window.show_gate(gate)
        gate.setFocus()
        QTimer.singleShot(WARM_MS, self.window, lambda: self.worker.run(warm))

    def _restored(self, elsewhere: bool) -> None:
        self.show_gate()
        self.asker.tell(doors.restored_words(elsewhere))

    def show_first_start(self, step: int = 0) -> None:
        """Three steps to a new database."""
        self._gate = self.show_first_start
        ways = FirstWays(
            found=self._found,
            keep_key=self._keep_key,
            restore=self.show_login,
            language=self.choose_language,
            done=self.settle,
        )
        self._show(FirstStart(ways, self.settings.get(COUNTRY), step))

    def choose_language(self, code: str) -> None:
        """The language of the screen, from the gate."""
        self._forced = ""
        self.settings.set(LANGUAGE, code)
        self.speak()
        QTimer.singleShot(0, self.window, self._gate)

    def _found(
        self,
        founding: Founding,
        then: Callable[[str], None],
        failed: Callable[[Fault], None],
    ) -> None:
        def founded(opened: Opened, recovery: str) -> None:
            self.settings.set(LANGUAGE, founding.language)
            self.settings.set(COUNTRY, founding.country)
            self.seat(opened)
            then(recovery)

        self.doors.found(founding, founded, failed)

    def _keep_key(self, key: str) -> None:
        if self.desk is not None:
            Printer(self.desk, self.window).print("recovery-key", {"key": key})

    # ---- the desk

    def seat(self, opened: Opened) -> None:
        """Make the desk of who logged in."""
        store, account = opened.store, opened.account
        self._joining = opened.joining
        log.info("login %s", account.id)
        self.settings.remember("account", account.id)
        store.listen(self._on_write)
        self.desk = Desk(
            store,
            Runner(store, self.asker),
            self.asker,
            self.settings,
            account,
            opened.keys,
            opened.key,
            self.paths,
        )

    def enter(self, opened: Opened) -> None:
        """The right password was given: back to the same place."""
        self.seat(opened)
        self.settle()

    def show_join(self) -> None:
        """This computer still waits for its office."""
        from migdesk.ui.join import JoinPage

        if self.desk is not None:
            self._gate = self.show_join
            page = JoinPage(self.desk, self.choose_language, self._joined)
            self.window.show_gate(page)
            page.setFocus()

    def _joined(self) -> None:
        self.lock(forget=True)
        self.asker.tell(_("This computer belongs to the office now. Log in to begin."))

    def settle(self) -> None:
        """Show the desk."""
        if self.desk is None:
            return
        if self._joining:
            self.show_join()
            return
        self.window.settle(self.desk, places_for(self.desk))
        if self._carrier is None:
            self._carry_soon.start()
        self._heed.start()
        self.keeper.begin(self.desk)
        name, args = self._place
        self.window.go(name or "today", **args)
        from migdesk.ui.rights import enrolled_for_less  # beside the login: it needs records

        if less := enrolled_for_less(self.desk):
            self.asker.tell(less)

    def _carry(self) -> None:
        """Begin to exchange by itself, once the first page is there."""
        from migdesk.ui.carrier import Carrier  # beside the start of the program

        if self.desk is not None:
            self._carrier = Carrier(self.desk)
            self._carrier.start()

    def _heed_others(self) -> None:
        """Show what others wrote; note that a backup is due, for who starts after a kill."""
        self.keeper.remember()
        if self.desk is not None:
            self.desk.runner.run(self.desk.store.heed_others)

    def restyle(self) -> None:
        """Apply settings that change words, colours or sizes."""
        self.speak()
        self.theme.apply()

    def rebuild(self) -> None:
        """Make the desk again, where we are. The gate wears the new sheet already, and
        keeps what is being typed there."""
        if self.desk is not None and self.desk.shell is not None:
            self.window.setUpdatesEnabled(False)  # no half-built page is ever seen
            self._place = self.window.leave()
            self.settle()
            self.window.setUpdatesEnabled(True)

    def lock(self, forget: bool = False) -> None:
        """Nothing personal stays: not on the screen, and the key not in memory."""
        self._place = self.window.leave()
        if forget:
            self._place = ("", {})
        self.unseat()
        self.show_login()

    def unseat(self) -> None:
        """Close the store; what was asked to be written is written first."""
        from migdesk import codelists

        self._heed.stop()
        self._carry_soon.stop()
        if self._carrier is not None:
            self._carrier.stop()
            self._carrier = None
        self.keeper.end()
        if self.desk is not None:
            desk, self.desk = self.desk, None
            desk.runner.close()
            desk.store.close()
            codelists.forget()

    def _on_write(self, _changes: object) -> None:
        self.keeper.wrote()

    def may_close(self) -> bool:
        """Keep drafts; if anything was written, back up first and close when that is done."""
        if self._hurried:
            return True
        if self._closing is not None:
            return False
        self._place = self.window.leave()
        if self.desk is None or not self.keeper.due_at_closing():
            return True
        self._heed.stop()
        self._closing = Closing(self.desk.runner, self.keeper, self._backed_up)
        self.window.show_gate(self._closing)
        return False

    def _backed_up(self, _written: bool) -> None:
        self._hurry()
        self.window.close()

    def _hurry(self, *_session: object) -> None:
        """The computer is being switched off, or all is done: no backup holds us up."""
        self._hurried = True

    def end(self) -> None:
        """Close the database; what was asked to be written is written first."""
        self.window.leave()
        self.window.hide()
        self.unseat()
        self.worker.close()

    def demo(self) -> None:
        """Open with invented people, without a password to type."""
        self.enter(open_demo(self.paths, i18n.language()))


def warm() -> None:
    """Load what the first page needs while the password is being typed."""
    import_module("migdesk.models.store").warm()
    import_module("migdesk.ui.pages.today")
    import_module("migdesk.codelists").countries()


def _catch(asker: WindowAsker) -> None:
    """Errors in slots are ours: note them, say so once, go on."""

    def hook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        elif isinstance(error, Fault):
            asker.fault(error)
        else:
            code = bugs.note(error.with_traceback(trace))
            QTimer.singleShot(0, lambda: asker.bug(code))

    sys.excepthook = hook


def open_program(paths: Paths, language: str = "", address: str = "") -> Program:
    """Qt, the window and what belongs to it, before anything is shown."""
    bugs.log_to(paths.log)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("MigDesk")
    app.setWindowIcon(QIcon(str(resource("icons", "migdesk.svg"))))
    program = Program(app, paths, language)
    program.address = address
    _catch(program.asker)
    return program


def collect() -> None:
    """Look for garbage from now on, but not among what was loaded at the start."""
    gc.freeze()
    gc.enable()


def start(
    home: Path | None = None, demo: bool = False, language: str = "", address: str = ""
) -> int:
    """Open the window; returns the exit code when it was closed."""
    beside = "demo" if demo else "shared" if address else ""
    program = open_program(Paths(home or default_home() / beside).make(), language, address)
    if demo:
        program.demo()
    else:
        program.show_gate()
    program.window.closed.connect(QApplication.quit)
    program.window.show()
    QTimer.singleShot(COLLECT_MS, collect)
    return QApplication.exec()
