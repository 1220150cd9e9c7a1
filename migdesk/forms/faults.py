"""The one base of everything that can be wrong with a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from migdesk.errors import Mistake
from migdesk.i18n import N_, Text, _


@dataclass(frozen=True)
class Place:
    """Where in a workbook (or in a form) something is wrong; any part may be unknown."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    ref: str | None = None

    def __str__(self) -> str:
        parts = []
        if self.sheet:
            parts.append(_("sheet “{sheet}”").format(sheet=self.sheet))
        if self.row:
            parts.append(_("row {row}").format(row=self.row))
        if self.column:
            parts.append(_("column “{column}”").format(column=self.column))
        if self.ref and not self.row:
            parts.insert(0, _("question {ref}").format(ref=self.ref))
        return ", ".join(parts)


@dataclass(frozen=True)
class Remark:
    """What a designer should know of a form that can be used all the same."""

    text: Text
    place: Place = Place()

    def __str__(self) -> str:
        where = str(self.place)
        if not where:
            return str(self.text)
        return _("{where}: {what}").format(where=where, what=self.text)


class FormFault(Mistake):
    """A form that cannot be run. `place` says where its designer should look."""

    code = "FRM-000"
    text = N_("The form cannot be used.")

    def __init__(self, place: Place | None = None, **gaps: Any) -> None:
        self.place = place or Place()
        super().__init__(field=self.place.ref, **gaps)

    def at(self, place: Place) -> FormFault:
        """The same fault, at a place that is now known better."""
        self.place = place
        self.field = place.ref
        return self

    def said(self) -> str:
        """What is wrong, without the place."""
        return super().words

    @property
    def words(self) -> str:
        where = str(self.place)
        if not where:
            return self.said()
        return _("{where}: {what}").format(where=where, what=self.said())


class BrokenReference(FormFault):
    code = "FRM-003"
    text = N_("“{target}” does not exist in the form. Correct the name, or add the question.")
