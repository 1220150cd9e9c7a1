"""Make a document: fill it in a read, lay it out and render it outside any transaction."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from migdesk.errors import Mistake
from migdesk.i18n import N_, language, speaking
from migdesk.models.store import Store
from migdesk.printing.pdf import render
from migdesk.printing.sheets import SHEETS
from migdesk.services import papers, records, sights
from migdesk.services.records import Query
from migdesk.task import Task

from .tables import CannotWrite


class NotAll(Mistake):
    """A sheet that is not made of a kind of record."""

    code = "PRI-001"
    text = N_("The document “{sheet}” cannot be printed for all records.")


def print_sheet(
    store: Store,
    task: Task,
    sheet: str,
    params: dict[str, Any],
    document_language: str = "",
    masked: bool = False,
) -> bytes:
    """PDF of one document; `params` are what its filler takes, the language of the document
    is that of the screen unless given. `masked`: with initials instead of names."""
    task.step(0, 2)
    spoken = document_language or language()
    if masked:
        data = store.read(sights.without_names, papers.fill, sheet, spoken, params)
    else:
        data = store.read(papers.fill, sheet, spoken, params)
    task.step(1, 2)
    out = io.BytesIO()
    with speaking(spoken):
        render(SHEETS[sheet].lay_out(data), out)
    return out.getvalue()


def print_all(
    store: Store, task: Task, sheet: str, folder: Path, document_language: str = ""
) -> int:
    """One PDF for each record that the sheet is made of, into `folder`; their number."""
    kind = papers.kind_of(sheet)
    if not kind:
        raise NotAll(sheet=sheet)
    total = store.read(records.count, kind, Query())
    after, done = "", 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            page = store.read(records.list_page, kind, Query(), after, 100)
            for view in page.rows:
                task.step(done, total)
                data = print_sheet(store, Task(), sheet, {"id": view.id}, document_language)
                name = view.code or view.id
                (folder / f"{sheet}-{name}.pdf").write_bytes(data)
                done += 1
            after = page.next
            if not after:
                return done
    except OSError as error:
        raise CannotWrite(name=folder.name) from error
