"""A list written to a file; what leaves the office is asked for at the consent gate."""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QWidget

from migdesk.i18n import _, ngettext
from migdesk.jobs.export_table import Outgoing, about_people, export_table
from migdesk.models import RecordType
from migdesk.services.consent_gate import Override
from migdesk.services.records import Query
from migdesk.ui.desk import Desk


def export(
    owner: QWidget,
    desk: Desk,
    about: RecordType,
    query: Query,
    columns: tuple[str, ...],
    ending: str,
) -> None:
    """Ask where it goes, if it tells of people, and for a file; then write it."""
    outgoing: Outgoing | None = None
    if about.kind == "person" or about_people(about.kind):
        way = desk.asker.choose(_("Export"), _("Where does this table go?"), _ways())
        if way is None:
            return
        if way != "stays":
            outgoing = _outgoing(desk, way)
            if outgoing is None:
                return
    name = f"{about.plural}.{ending}"
    path = desk.asker.save_file(_("Export"), name, f"{ending.upper()} (*.{ending})")
    if path is None:
        return
    desk.runner.job(
        export_table,
        about.kind,
        query,
        columns,
        path,
        outgoing,
        then=lambda n: desk.asker.tell(
            ngettext("{n} record written.", "{n} records written.", n).format(n=n)
        ),
        owner=owner,
        title=_("Export"),
    )


def _ways() -> tuple[tuple[str, str], ...]:
    return (
        ("stays", _("It stays in the office")),
        ("masked", _("It leaves, without names")),
        ("agreed", _("It leaves, with those who agreed")),
        ("override", _("It leaves with all, with a reason…")),
    )


_WAYS: dict[str, Literal["masked", "agreed", "override"]] = {
    "masked": "masked",
    "agreed": "agreed",
    "override": "override",
}


def _outgoing(desk: Desk, way: str) -> Outgoing | None:
    title = _("This leaves the office")
    recipient = desk.asker.text(title, _("To whom does it go?"))
    if not recipient:
        return None
    override: Override | None = None
    if way == "override":
        reason = desk.asker.text(title, _("Why can it not wait for the consent?"))
        if not reason:
            return None
        urgent = desk.account.role == "agent" and desk.asker.confirm(
            title, _("Is somebody in danger? Only then may you decide alone."), _("In danger")
        )
        override = Override(reason, urgent)
    return Outgoing(recipient, _WAYS[way], override=override)
