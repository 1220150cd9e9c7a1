"""What a person takes home: proof that the office received a request (A5)."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import CheckItem, CheckList, Document, Note, Paragraph, Title
from migdesk.printing.sheets.common import Imprint, facts, page, section, spoken


@dataclass(frozen=True)
class RequestReceipt:
    """`papers`: what to bring back. `next_step` and `answer_by` may be empty."""

    imprint: Imprint
    person: str
    subject: str
    received_on: str
    received_by: str = ""
    details: str = ""
    next_step: str = ""
    answer_by: str = ""
    papers: tuple[str, ...] = ()
    contact: str = ""


@spoken
def lay_out(data: RequestReceipt) -> Document:
    """One A5 page, whatever fits; longer requests run to a second one."""
    title = _("Request receipt")
    blocks = [
        Title(title, subtitle=data.imprint.code),
        facts(
            [
                (_("Received from"), data.person),
                (_("Received on"), data.received_on),
                (_("Subject"), data.subject),
                (_("Received by"), data.received_by),
            ]
        ),
        Paragraph(data.details),
        *section(_("What happens next"), Paragraph(data.next_step), facts(
            [(_("Answer expected by"), data.answer_by)]
        )),
        *section(_("Please bring"), CheckList([CheckItem(paper) for paper in data.papers])),
        Note(
            data.contact,
            _("Keep this receipt. Show it or give its number when you come back or call."),
        ),
    ]  # fmt: skip
    return page(data.imprint, title, blocks, "A5")
