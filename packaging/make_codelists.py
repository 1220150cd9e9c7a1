"""Write the code lists read from the source documents as one CSV each.

Usage: python packaging/make_codelists.py PATH

PATH is the YAML file with the lists. Run again whenever it changes and commit the
result; the lists that MigDesk writes itself (source "MigDesk") are left alone.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "resources" / "codelists"
INDEX = ("key", "label_fr", "label_en", "source", "closed", "ordered")
OURS = "MigDesk"


def main(path: Path) -> None:
    """Write every list of `path` and the index of all lists, ours included."""
    lists: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["codelists"]
    rows = [row for row in read(FOLDER / "index.csv") if row["source"] == OURS]
    for key, given in lists.items():
        if any(row["key"] == key for row in rows):
            raise SystemExit(f"{key}: a list of ours has the same key")
        rows.append({"key": key} | {name: cell(given[name]) for name in INDEX[1:]})
        items = list(flat(given["items"], cell(given["source"])))
        write(FOLDER / f"{key}.csv", columns(items), items)
    write(FOLDER / "index.csv", INDEX, sorted(rows, key=lambda row: row["key"]))


def flat(
    items: Iterable[dict[str, Any]], source: str, parent: str = ""
) -> Iterator[dict[str, str]]:
    """Items and their children in one sequence; a child's key is ``parent.child``,
    because two parents may have a child of the same name."""
    for item in items:
        key = f"{parent}.{item['key']}" if parent else item["key"]
        row = {name: cell(value) for name, value in item.items() if name != "children"}
        row |= {"key": key, "parent": parent}
        if row["source"] == source:
            del row["source"]
        yield row
        yield from flat(item.get("children", ()), source, key)


def columns(items: Iterable[dict[str, str]]) -> list[str]:
    """Key and labels first, then whatever else any item of the list has."""
    names = dict.fromkeys(("key", "label_fr", "label_en"))
    for item in items:
        names |= dict.fromkeys(name for name, value in item.items() if value)
    return list(names)


def cell(value: Any) -> str:
    """A value as CSV text: yes or no, several values joined by a bar, and sources
    named by the document's number alone."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " | ".join(cell(one) for one in value)
    return re.sub(r"\b(\d{3})_[0-9a-f]{16}\.txt", r"\1", str(value))


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file; none if it does not exist."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, names: Iterable[str], rows: Iterable[dict[str, str]]) -> None:
    """Replace a CSV file; columns that a row lacks stay empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(
            file, list(names), restval="", extrasaction="ignore", lineterminator="\n"
        )
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
