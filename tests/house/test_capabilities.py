"""Every capability of the help desk is somewhere, is printed, and is held by a test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from migdesk.printing.sheets import SHEETS

ROOT = Path(__file__).resolve().parents[2]
RANGES = ((1, 25), (32, 76), (124, 133), (140, 150))
WANTED = [f"R{n:03d}" for first, last in RANGES for n in range(first, last + 1)]
_ROW = re.compile(r"\| (R\d{3}) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|")
TABLE = {
    found[1]: [cell.strip() for cell in found.groups()[1:]]
    for line in (ROOT / "docs" / "capabilities.md").read_text("utf-8").splitlines()
    if (found := _ROW.fullmatch(line.strip()))
}


def _tests(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_capability_has_its_row() -> None:
    assert list(TABLE) == WANTED


@pytest.mark.parametrize("row", WANTED)
def test_a_capability_is_somewhere_printed_and_tested(row: str) -> None:
    what, where, documents, tests = TABLE[row]
    assert what and where, f"{row}: where in the program?"
    sheets = re.findall(r"`([\w-]+)`", documents)
    assert sheets, f"{row}: which document?"
    assert [name for name in sheets if name not in SHEETS] == []
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", tests)
    assert named, f"{row}: which test?"
    for path, name in named:
        assert name in _tests(ROOT / "tests" / path), f"{path}::{name}"
