"""What the start may load: each of these costs memory and time that the first page does not
need, and is loaded where it is used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LATER = (
    "alembic",
    "docx",
    "fsspec",
    "lxml",
    "migdesk.forms",
    "migdesk.jobs.back_up",
    "migdesk.jobs.check",
    "migdesk.jobs.exchange",
    "migdesk.printing",
    "migdesk.services.inspection",
    "migdesk.services.integrity",
    "numpy",
    "openpyxl",
    "pandas",
    "paramiko",
    "phonenumbers",
    "psycopg",
    "pypdfium2",
    "pyreadstat",
    "pyxform",
    "reportlab",
    "shamir_mnemonic",
    "sqlalchemy.dialects.postgresql",
)
"""Rooms and libraries of work that somebody asks for."""
START = """
import sys
from migdesk.app import warm
from migdesk.jobs import keep_backups
from migdesk.services import joining, opening
from migdesk.ui import doors, staff
from migdesk.ui.pages.today import TodayPage
warm()
loaded = [name + "." for name in sys.modules]
found = (name for name in {later!r} for held in loaded if held.startswith(name + "."))
print(*sorted(set(found)))
"""


GATE = """
import sys
import migdesk.app
found = (name for name in {later!r} if name in sys.modules)
print(*sorted(found))
"""


SOURCES = """
import linecache
from migdesk.ui.imports import read_no_sources
read_no_sources()
from migdesk.app import warm
warm()
kept = (name for name, held in linecache.cache.items() if len(held) > 1 and held[1] is not None)
print(*(name for name in kept if "sqlalchemy" in name or "migdesk" in name))
"""


def test_the_login_is_there_before_the_database_is_loaded() -> None:
    later = ("sqlalchemy", "sqlcipher3", "migdesk.models", *LATER)
    assert _said(GATE.format(later=later)) == []


def test_the_first_page_loads_nothing_that_it_does_not_need() -> None:
    assert _said(START.format(later=LATER)) == []


def test_no_source_is_read_while_modules_are_loaded() -> None:
    """Qt's binding would read and keep that of each, to look for names in snake case."""
    assert _said(SOURCES) == []


def _said(code: str) -> list[str]:
    """Words that a program prints, in a process of its own."""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()
