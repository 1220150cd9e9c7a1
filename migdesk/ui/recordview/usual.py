"""What a new record begins with on the screen: today, who writes, whom the record is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from migdesk.models import RECORDS
from migdesk.models.kinds import Link
from migdesk.services.records import View
from migdesk.ui.desk import Desk

CARRIED = ("person", "household", "case", "organisation")
"""Records that what is added to a file is about as well."""


def usual(desk: Desk, kind: str) -> dict[str, Any]:
    """Values that whoever types a record here would give it most often."""
    said = {"today": date.today().isoformat(), "me": desk.account.id or None}
    return {f.name: said[f.begins] for f in RECORDS[kind].fields.values() if f.begins}


def carried(view: View, kind: str) -> dict[str, Any]:
    """Links of a record that one of this kind, added to it, has under the same name: help
    given at an arrival is for who arrived."""
    found: dict[str, Any] = {}
    about: Mapping[str, Any] = RECORDS[view.kind].fields
    for name, declared in RECORDS[kind].fields.items():
        here = about.get(name)
        if isinstance(declared.kind, Link) and here is not None and view.values.get(name):
            same = getattr(here.kind, "to", "") == declared.kind.to
            if same and declared.kind.to in CARRIED and not declared.kind.own:
                found[name] = view.values[name]
    return found
