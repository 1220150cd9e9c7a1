"""The slip that goes with a bundle on its way, and comes back signed (requirement R146)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from babel.numbers import format_decimal
from sqlalchemy.orm import Session

from migdesk.i18n import _, language
from migdesk.models.dates import show_moment
from migdesk.models.local import Received, Sent
from migdesk.models.sealing import COMPARTMENTS
from migdesk.printing.blocks import (
    Block,
    Boxes,
    CheckItem,
    CheckList,
    KeepTogether,
    Note,
    Paragraph,
    Party,
    Question,
    Section,
    Signatures,
)
from migdesk.printing.sheets.common import facts, section
from migdesk.printing.sheets.record_sheet import RecordSheet

from . import registry, sights
from .office import my_office
from .views import Gone


@dataclass(frozen=True)
class Bundle:
    """A bundle that went or came: file name, moment, bytes and changes (0 and None for
    somebody who may not know how much), SHA-256 of the file in hex, "" if it was not noted.
    `sender` is "" for our own; `readers` are names of computers."""

    name: str
    sender: str
    readers: tuple[str, ...]
    at: str
    size: int
    ops: int | None
    digest: str


def went(session: Session, most: int = 5) -> tuple[Bundle, ...]:
    """Bundles of ours that hold changes, newest first. Who may not know of all changes is
    shown those that only tell news as well: that a bundle went then says nothing."""
    names = _names(session)
    rows = sa.select(Sent).order_by(Sent.at.desc(), Sent.name.desc())
    if _sees_all(session):
        rows = rows.where(Sent.ops > 0)
    return tuple(_sent(session, row, names) for row in session.scalars(rows.limit(most)))


def bundle(session: Session, name: str) -> Bundle:
    """A bundle by its file name; raises Gone."""
    names = _names(session)
    if (sent := session.get(Sent, name)) is not None:
        return _sent(session, sent, names)
    came = session.get(Received, name)
    if came is None or came.state not in ("applied", "undone"):
        raise Gone
    sender = names.get(came.device) or _("a computer that left")
    return Bundle(name, sender, (), came.at, *_figures(session, came.size, came.ops), came.hash)


def _sent(session: Session, row: Sent, names: dict[str, str]) -> Bundle:
    readers = tuple(names.get(device, device[:8]) for device in row.readers)
    figures = _figures(session, row.size, row.ops)
    return Bundle(row.name, "", readers, row.at, *figures, row.hash)


def _figures(session: Session, size: int, ops: int) -> tuple[int, int | None]:
    """Bytes and changes, for whoever may know of all: figures would tell of hidden ones."""
    return (size, ops) if _sees_all(session) else (0, None)


def _sees_all(session: Session) -> bool:
    granted = sights.granted(session)
    return granted is None or granted.issuperset(COMPARTMENTS)


def _names(session: Session) -> dict[str, str]:
    if not registry.identities(session):
        return {}
    return {device: one.name for device, one in registry.trusted(session).items()}


def transfer_slip(session: Session, name: str) -> RecordSheet:
    """One page for whoever carries a bundle, with a receipt to sign. Raises Gone."""
    from .papers import imprint

    found = bundle(session, name)
    here = my_office(session)
    office = here.title if here else _("this office")
    size = _("{n} bytes").format(n=format_decimal(found.size, locale=language()))
    told = [
        (_("Sent from"), found.sender or office),
        (_("For"), ", ".join(found.readers) or office),
        (_("Taken over on") if found.sender else _("Made on"), show_moment(found.at)),
        (_("Size"), size if found.size else ""),
        (_("Changes"), "" if found.ops is None else str(found.ops)),
    ]
    blocks: list[Block] = [
        Paragraph(found.name, "code"),
        facts(told),
        *section(_("Checksum of the file (SHA-256)"), _digest(found.digest)),
        Note(
            _(
                "The file is sealed: only the computers named here can read it. The receiver "
                "compares the checksum with that of the file, or of the slip which MigDesk "
                "prints there. If it is lost, nobody else can read it, and the next exchange "
                "makes it again."
            )
        ),
        *_way(),
        *_receipt(),
    ]
    head = imprint(session)
    return RecordSheet(head, _("Transfer slip"), "", tuple(blocks))


def _digest(digest: str) -> Block:
    """In groups of eight, to be compared by eye."""
    if not digest:
        return Paragraph(_("Not noted."), "hint")
    groups = (digest[at : at + 8] for at in range(0, len(digest), 8))
    return Paragraph(" ".join(groups), "strong")


def _way() -> Iterable[Block]:
    yield Section(_("On its way"))
    for words in (_("Carried by, on what (stick, disk, message)"), _("Left on, at"),):
        yield Question("", words, [Boxes(lines=1)])


def _receipt() -> Iterable[Block]:
    checks = (
        _("The file came whole: the checksum is the same."),
        _("It was taken over."),
        _("It was refused: the sender was told why."),
    )
    yield KeepTogether(
        [
            Section(_("Receipt")),
            CheckList([CheckItem(words) for words in checks]),
            Question("", _("Number of changes taken over, remarks"), [Boxes(lines=1)]),
            Signatures(
                [Party(_("Handed over by")), Party(_("Carried by")), Party(_("Received by"))]
            ),
        ]
    )


SLIP_FILLERS: dict[str, Callable[..., Any]] = {"transfer-slip": transfer_slip}
