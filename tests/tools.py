"""What tests of several rooms share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models import RECORDS
from migdesk.models.local import OpRow
from migdesk.models.store import Store
from migdesk.ops import Op, decode
from migdesk.services import records

KEY = bytes(range(32))
"""Key of the encrypted file of every test."""

NEEDED: dict[str, dict[str, Any]] = {
    "person": {"family_name": "Diallo"},
    "visit": {"request": "funding_search"},
    "case": {"title": "Poultry"},
}
"""What `Make` fills in where the test does not say it."""


class Make:
    """``make.person(given_name="Awa")`` saves a record and returns its id."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __getattr__(self, kind: str) -> Callable[..., str]:
        if kind not in RECORDS:
            raise AttributeError(kind)

        def save(**values: Any) -> str:
            if kind == "case" and "person" not in values:
                values["person"] = self.person()
            filled = {**NEEDED.get(kind, {}), **values}
            return self.store.write(records.save, kind, None, filled)

        return save


def ops(store: Store, row: str = "") -> list[Op]:
    """The change log in the order it was written; of one row if named."""

    def read(session: Session) -> list[Op]:
        statement = sa.select(OpRow.body).order_by(OpRow.seq)
        if row:
            statement = statement.where(OpRow.row == row)
        return [decode(body.encode()) for body in session.scalars(statement)]

    return store.read(read)


def printed(store: Store, sheet: str, language: str = "en", **params: Any) -> bytes:
    """PDF of a document, made as the program makes it."""
    from migdesk.jobs.print_sheet import print_sheet
    from migdesk.task import Task

    return print_sheet(store, Task(), sheet, params, language)


def pdf_text(data: bytes) -> str:
    """What a document says, in one line a page, white space made single."""
    import io

    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(data)).pages
    return "\n".join(" ".join(page.extract_text().split()) for page in pages)
