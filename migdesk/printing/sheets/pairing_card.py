"""A computer's public card: what another office reads to exchange with this one."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import Code, Document, KeepTogether, Note, Paragraph, Qr, Title
from migdesk.printing.sheets.common import Facts, Imprint, facts, page, section, spoken


@dataclass(frozen=True)
class PairingCard:
    """`fingerprint` is compared aloud, `card` typed or scanned whole."""

    imprint: Imprint
    computer: str
    fingerprint: tuple[str, ...]
    card: str
    facts: Facts = ()


@spoken
def lay_out(data: PairingCard) -> Document:
    """One page: fingerprint in large, QR, full text."""
    title = _("Pairing card")
    blocks = [
        Title(data.computer, kicker=title),
        facts(data.facts),
        KeepTogether([*section(_("Fingerprint"), Code(data.fingerprint))]),
        Note(
            _(
                "Before the first exchange, both offices read their fingerprints to each "
                "other, by telephone or face to face. Refuse the card if one sign differs."
            )
        ),
        *section(
            _("For a barcode reader"),
            Qr(
                data.card,
                _("In Exchange choose “Pair a computer”: the reader types the card."),
                55,
            ),
        ),
        *section(_("To type"), Paragraph(data.card, "code")),
        Paragraph(_("This card holds no secret: it may be shown and sent."), "small"),
    ]
    return page(data.imprint, title, blocks)
