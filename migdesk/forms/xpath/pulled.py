"""`pulldata` and `search`: lines of an attached list by what stands in their columns.

Both compare text without regard to case, as the phone's database does. Each column that
is looked up gets an index, built the first time and shared by all runs of the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from migdesk.forms.attached import MissingFile, NoColumn, columns_of
from migdesk.forms.definition import Item
from migdesk.forms.faults import FormFault
from migdesk.forms.secondary import file_searched
from migdesk.forms.xpath.ast import Call, Expr, Literal
from migdesk.forms.xpath.code import Code, Context, Fn, Frame, Nodes, as_text
from migdesk.i18n import N_

Compile = Callable[[Expr, Context], Code]
_MODES: dict[str, Callable[[str, str], bool]] = {
    "matches": str.__eq__,
    "contains": str.__contains__,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
_LISTS_KEPT = 128
_SEARCH = re.compile(r"(?<![\w-])search\s*\(")


class BadSearch(FormFault):
    code = "FRM-022"
    text = N_(
        "search() does not know “{mode}”. It takes a file, then contains, startswith, endswith "
        "or matches, a column and a value; then, if wanted, a second column and its value."
    )


class Table:
    """An attached list, for look-up. `name` is the file's, for the faults."""

    def __init__(self, name: str, list_: Item) -> None:
        self.name = name
        self.columns = columns_of(list_)
        self.items = [item for root in list_.children for item in root.children]
        self._indexes: dict[str, dict[str, list[Item]]] = {}
        if "sortby" in self.columns:
            self.items.sort(key=lambda item: _sorting(item.get("sortby")))

    def check(self, columns: Iterable[Expr]) -> None:
        """Refuses a column that is written and does not exist. Raises NoColumn."""
        for column in columns:
            if self.columns and isinstance(column, Literal):
                for name in _names(column.value):
                    if name not in self.columns:
                        known = ", ".join(self.columns)
                        raise NoColumn(name=self.name, column=name, columns=known)

    def equal(self, column: str, value: str) -> list[Item]:
        """Lines whose column holds the value."""
        index = self._indexes.get(column)
        if index is None:
            index = self._indexes[column] = {}
            for item in self.items:
                index.setdefault(item.get(column).casefold(), []).append(item)
        return index.get(value.strip().casefold(), [])

    def like(self, mode: str, columns: str, value: str) -> list[Item]:
        """Lines of which one of the columns fits the value."""
        names = _names(columns)
        if mode == "matches" and len(names) == 1:
            return self.equal(names[0], value)
        fits, wanted = _MODES[mode], value.casefold()
        return [
            item
            for item in self.items
            if any(fits(item.get(name).casefold(), wanted) for name in names)
        ]


def _sorting(text: str) -> tuple[bool, float, str]:
    try:
        return False, float(text), ""
    except ValueError:
        return True, 0.0, text


def _names(columns: str) -> list[str]:
    return [name.strip() for name in columns.split(",") if name.strip()]


def _table(call: Call, ctx: Context) -> Table:
    named = call.args[0]
    name = named.value.strip() if isinstance(named, Literal) else ""
    file = file_searched(name)
    definition = ctx.unit.definition
    for known, list_ in definition.attached.items():
        if known.lower() == file.lower():
            return Table(known, list_)
    if name in definition.instances:
        return Table(name, definition.instances[name])
    raise MissingFile(name=file)


def pulldata(call: Call, ctx: Context, compile_: Compile) -> Code:
    """``pulldata('file', 'column', 'key column', key)``: the first line with that key; blank
    where there is none, or no key yet."""
    table = _table(call, ctx)
    table.check(call.args[1:3])
    column, key_column, key = (as_text(compile_(arg, ctx)) for arg in call.args[1:])

    def run(row: Any, frame: Frame) -> str:
        wanted = key(row, frame)
        found = table.equal(key_column(row, frame), wanted) if wanted else []
        return found[0].get(column(row, frame)) if found else ""

    return Code("text", run)


def search(call: Call, ctx: Context, compile_: Compile) -> Code:
    """``search('file'[, mode, column, value[, second column, its value]])``: lines, for a
    list of choices."""
    if len(call.args) not in (1, 4, 6):
        raise BadSearch(mode=f"{len(call.args)}")
    table = _table(call, ctx)
    table.check((*call.args[2:3], *call.args[4:5]))
    written = call.args[1] if len(call.args) > 1 else None
    if isinstance(written, Literal) and written.value.lower() not in _MODES:
        raise BadSearch(mode=written.value)
    values: list[Fn] = [as_text(compile_(arg, ctx)) for arg in call.args[1:]]

    @lru_cache(maxsize=_LISTS_KEPT)
    def lines(*given: str) -> list[Item]:
        if not given:
            return table.items
        mode, columns, value, *second = given
        if mode.lower() not in _MODES:
            return []
        found = table.like(mode.lower(), columns, value)
        if not second:
            return found
        also = {id(item) for item in table.equal(*second)}
        return [item for item in found if id(item) in also]

    def items(row: Any, frame: Frame) -> list[Item]:
        return lines(*(value(row, frame) for value in values))

    return Nodes("nodes", lambda row, frame: "", lambda row, frame: [], items)


def search_of(appearance: str) -> str:
    """The call of search() in an appearance, brackets balanced; blank without one."""
    found = _SEARCH.search(appearance)
    if found is None:
        return ""
    start = found.start()
    depth, quote = 0, ""
    for at in range(start, len(appearance)):
        char = appearance[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
            if depth == 0:
                return appearance[start : at + 1]
    return appearance[start:]
