"""When and where to come (A5)."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import CheckItem, CheckList, Document, Note, Paragraph, Title
from migdesk.printing.sheets.common import Imprint, facts, page, section, spoken


@dataclass(frozen=True)
class AppointmentSlip:
    """`when` is the day and the hour, ready for display."""

    imprint: Imprint
    person: str
    when: str
    place: str
    with_whom: str = ""
    subject: str = ""
    bring: tuple[str, ...] = ()
    directions: str = ""
    contact: str = ""


@spoken
def lay_out(data: AppointmentSlip) -> Document:
    """One A5 page with the day and the hour in large."""
    title = _("Appointment")
    blocks = [
        Title(data.when, kicker=title, subtitle=data.place),
        facts(
            [
                (_("For"), data.person),
                (_("With"), data.with_whom),
                (_("Subject"), data.subject),
            ]
        ),
        *section(_("Please bring"), CheckList([CheckItem(paper) for paper in data.bring])),
        *section(_("How to find us"), Paragraph(data.directions)),
        Note(
            data.contact,
            _("If you cannot come, tell us: we will find another time."),
        ),
    ]
    return page(data.imprint, title, blocks, "A5")
