"""Faults: errors with a code, words for a person, and a fate on the screen.

A subclass sits beside the code that raises it and names only its `code` and its
`text`; gaps are given as keywords: ``raise WrongPassword(seconds=4)``.
"""

from __future__ import annotations

from typing import Any, ClassVar

from migdesk.i18n import N_, Text


class Fault(Exception):
    """An error that we foresaw. Never raised itself; see the three fates below."""

    code: ClassVar[str] = "GEN-000"
    text: ClassVar[Text] = N_("Something went wrong.")

    def __init__(self, **gaps: Any) -> None:
        self.gaps = gaps
        super().__init__(self.code)

    @property
    def words(self) -> str:
        """What to show: translated, with its gaps filled."""
        return str(self.text(**self.gaps))

    def __str__(self) -> str:
        return f"{self.code}: {self.words}"


def named(code: str, among: type[Fault] = Fault) -> type[Fault] | None:
    """The fault with a code, among those whose modules are loaded."""
    for kind in among.__subclasses__():
        found = kind if kind.code == code else named(code, kind)
        if found is not None:
            return found
    return None


class Mistake(Fault):
    """The person can correct it. `field` names the field it belongs to, if any."""

    def __init__(self, field: str | None = None, **gaps: Any) -> None:
        self.field = field
        super().__init__(**gaps)


class Obstacle(Fault):
    """The surroundings refused (disk full, file locked): retry may work."""


class Refusal(Fault):
    """Unsafe to go on (bad signature, wrong key, newer format, no right)."""


class Cancelled(Exception):
    """The person asked to stop. Not a fault; nothing is shown."""
