"""What happens when somebody opens the database."""

from __future__ import annotations

from sqlalchemy.orm import Session

from migdesk import __version__
from migdesk.models.meta import get_meta, set_meta

from . import agency, enrolment, exchange, merging, office


def log_in(session: Session) -> None:
    """Note it, make the keys of a new (or restored) computer, and after an update of the
    program replay the changes that the older version could not show. On a shared database
    that is left to those who may: the hub and administrators."""
    office.note(session, "login")
    if not agency.keeps_keys(session):
        return
    exchange.make_card(session)
    enrolment.heed(session)
    if get_meta(session, "program") != __version__:
        merging.unpark(session)
        set_meta(session, "program", __version__)
