"""Choices offered by a question at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from migdesk.forms.definition import Control, FixedItem, Item, Itemset, Node, TextRef
from migdesk.forms.instance import Row

if TYPE_CHECKING:
    from migdesk.forms.run import Run

MAX_LISTS = 256


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Options:
    """`items` keeps the list alive that the cache knows by its identity."""

    choices: tuple[Choice, ...]
    labels: dict[str, str]
    items: Any = None


def options(run: Run, node: Node, row: Row, lists: dict[tuple[Any, ...], Options]) -> Options:
    """Choices of `node` in `row`. Lists that do not show values are shared in `lists`."""
    control = run.form.control(node)
    if control is None:
        return Options((), {})
    if control.itemset is None:
        return _made([_fixed(run, item, node, row) for item in control.items])
    nodes = run.form.program.lists[node]
    items = run.evaluate(nodes.items, row)
    if nodes.node is not None:
        return _made(_from_repeat(control.itemset, nodes.node, items))
    key = (id(items), control.itemset, node if _varies(run, control, node) else None)
    found = lists.get(key)
    if found is None or key[2] is not None:
        if len(lists) >= MAX_LISTS:
            lists.clear()
        found = _made(_from_list(run, control.itemset, items, node, row), items)
        lists[key] = found
    return found


def _made(choices: list[Choice], items: Any = None) -> Options:
    return Options(tuple(choices), {choice.value: choice.label for choice in choices}, items)


def _fixed(run: Run, item: FixedItem, node: Node, row: Row) -> Choice:
    return Choice(item.value, run.words(item.label, node, row) or item.value)


def _from_repeat(itemset: Itemset, repeat: Node, rows: list[Row]) -> list[Choice]:
    value, label = repeat.child(itemset.value), repeat.child(itemset.label)
    assert value is not None and label is not None
    found = [Choice(row.values[value.slot], row.values[label.slot]) for row in rows]
    return [choice for choice in found if choice.value]


def _from_list(
    run: Run, itemset: Itemset, items: list[Item], node: Node, row: Row
) -> list[Choice]:
    found = []
    for item in items:
        value, said = item.get(itemset.value), item.get(itemset.label)
        if itemset.label_itext:
            said = run.words(TextRef(itext=said), node, row)
        found.append(Choice(value, said or value))
    return found


def _varies(run: Run, control: Control, node: Node) -> bool:
    """Whether labels of this question's list show values."""
    return any(owner is node for owner, _ in run.form.program.outputs) and bool(
        control.itemset and control.itemset.label_itext
    )
