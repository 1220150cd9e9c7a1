"""One of five sheets, of which any three together are the recovery key."""

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
    Signatures,
    Title,
)
from migdesk.printing.sheets.common import Imprint, facts, page, section, spoken


@dataclass(frozen=True)
class RecoveryShare:
    """`words` are those of one share in their order, `mark` what the sheets of one printing
    have in common. Never saved: print it, and let it go."""

    imprint: Imprint
    office: str
    number: int
    mark: str
    words: tuple[str, ...]
    made_on: str = ""
    made_by: str = ""


@spoken
def lay_out(data: RecoveryShare) -> Document:
    """One page: the words, how to keep them, how they are used, who took them."""
    title = _("Recovery key: sheet {n} of 5").format(n=data.number)
    made = [
        (_("Mark of these five sheets"), data.mark),
        (_("Made on"), data.made_on),
        (_("Made by"), data.made_by),
    ]
    blocks = [
        Title(title, kicker=data.office),
        facts(made),
        Note(
            _(
                "Any three of the five sheets together open all the data of the office. "
                "One or two of them tell nothing to whoever finds them."
            ),
            tone="warning",
        ),
        Code(tuple(f"{n}. {word}" for n, word in enumerate(data.words, start=1))),
        *section(_("How to keep it"), CheckList([CheckItem(rule) for rule in _rules()])),
        *section(
            _("How to use it"),
            Note(
                _(
                    "On the login screen choose “Password forgotten”, then “Three sheets”, and "
                    "type the words of three sheets in their order. The first four letters of "
                    "each word are enough; capitals and numbers do not matter."
                ),
                tone="plain",
            ),
        ),
        Signatures([Party(_("Printed by"), data.made_by), Party(_("Kept by"))]),
    ]
    return page(data.imprint, title, blocks)


def _rules() -> list[str]:
    return [
        _("Each of the five sheets is kept by another person, in a closed envelope."),
        _("Never keep two of them in one place, and do not photograph them."),
        _("Whoever leaves the office hands the sheet over; write down to whom."),
        _("If three may have been seen together, print new ones: these then open nothing."),
    ]
