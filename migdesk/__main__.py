"""`migdesk`: a subcommand works without a screen, else the window opens."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from migdesk import cores

NO_SCREEN = 3


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code; 3 when there is no screen to open a window on."""
    cores.forbid()
    given = list(sys.argv[1:] if argv is None else argv)
    # Loading makes thousands of objects that live as long as the program; looking for
    # garbage among them took a fifth of the start. `app.start` turns it on again.
    gc.disable()
    home, demo, language, address = None, False, "", ""
    if given:  # else the login is there before the database is loaded, while one types
        from migdesk import cli

        args = cli.parser().parse_args(given)
        if args.command:
            gc.enable()
            return cli.run(given)
        home, demo, language, address = args.home, args.demo, args.language, args.store
    if not has_screen():
        from migdesk.i18n import _

        words = _(
            "No screen: MigDesk needs one to open its window (DISPLAY and WAYLAND_DISPLAY "
            "are not set). Without a screen, see: migdesk --help"
        )
        print(words, file=sys.stderr)
        return NO_SCREEN
    from migdesk.ui.imports import read_no_sources

    read_no_sources()
    from migdesk.app import start

    return start(home, demo, language, address)


def has_screen() -> bool:
    """Can Qt open a window here? Only Linux may lack a screen."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(n) for n in names)


if __name__ == "__main__":
    sys.exit(main())
