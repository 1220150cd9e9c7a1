"""Giving compartments to an account (`models.sealing`)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from migdesk.models.sealing import COMPARTMENTS

from . import office, records


def give(session: Session, account: str, compartments: Sequence[str]) -> None:
    """From now on an account sees what lies in these compartments, and in no others; noted in
    the audit log. Raises NotYours (an administrator may)."""
    held = [code for code in COMPARTMENTS if code in compartments]
    records.save(session, "account", account, {"compartments": held or None})
    office.note(session, "compartments", f"{account} {' '.join(held)}".strip())
