"""The key that opens the office's data when every password is lost."""

from __future__ import annotations

from dataclasses import dataclass

from migdesk.i18n import _
from migdesk.printing.blocks import (
    CheckItem,
    CheckList,
    Code,
    Document,
    Note,
    Party,
    Qr,
    Signatures,
    Title,
)
from migdesk.printing.sheets.common import Imprint, facts, page, section, spoken


@dataclass(frozen=True)
class RecoveryKey:
    """`groups` are the signs of the key, in groups to copy by hand; `qr` the same
    key for a scanner. Never saved: print it, and let it go."""

    imprint: Imprint
    office: str
    groups: tuple[str, ...]
    qr: str = ""
    made_on: str = ""
    made_by: str = ""


@spoken
def lay_out(data: RecoveryKey) -> Document:
    """One page: the key, how to keep it, how to use it, who took it."""
    title = _("Recovery key")
    made = [(_("Made on"), data.made_on), (_("Made by"), data.made_by)]
    rules = [
        _("Keep it in a closed envelope, in a safe or a locked cupboard."),
        _("Keep a second copy in another building."),
        _("Do not photograph it, do not send it by e-mail or telephone."),
        _("If it may have been seen, make a new one in Settings: this one then opens nothing."),
    ]
    blocks = [
        Title(title, kicker=data.office),
        facts(made),
        Note(
            _(
                "Whoever holds this key can read all the data of the office. "
                "Whoever loses it and every password loses the data: nobody can open them."
            ),
            tone="warning",
        ),
        Code(data.groups),
        *([Qr(data.qr, _("The same key, for a barcode reader."))] if data.qr else []),
        *section(_("How to keep it"), CheckList([CheckItem(rule) for rule in rules])),
        *section(
            _("How to use it"),
            Note(
                _(
                    "On the login screen choose “Password forgotten”, type the key, then "
                    "choose a new password. A barcode reader plugged into the computer types "
                    "it for you."
                ),
                tone="plain",
            ),
        ),
        Signatures([Party(_("Printed by"), data.made_by), Party(_("Kept by"))]),
    ]
    return page(data.imprint, title, blocks)
