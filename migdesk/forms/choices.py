"""Choices offered by a question at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from migdesk.forms.definition import Control, FixedItem, Item, Itemset, Node, TextRef
from migdesk.forms.instance import Row
from migdesk.forms.media import NO_MEDIA, Media, in_columns, media_of

if TYPE_CHECKING:
    from migdesk.forms.run import Run

MAX_LISTS = 256


class Choice(NamedTuple):
    """A tuple, because lists of thousands are made while a person waits."""

    value: str
    label: str
    media: Media = NO_MEDIA


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
    nodes = run.form.program.lists.get(node)
    if nodes is None:
        return _made([_fixed(run, item, node, row) for item in control.items])
    items = run.evaluate(nodes.items, row)
    if control.itemset is None:
        key: tuple[Any, ...] = (id(items), node, None)
        if key not in lists:
            _make_room(lists)
            lists[key] = _made(list(_searched(run, control, items, node, row)), items)
        return lists[key]
    if nodes.node is not None:
        return _made(_from_repeat(control.itemset, nodes.node, items))
    key = (id(items), control.itemset, node if _varies(run, control, node) else None)
    found = lists.get(key)
    if found is None or key[2] is not None:
        _make_room(lists)
        found = _made(_from_list(run, control.itemset, items, node, row), items)
        lists[key] = found
    return found


def _make_room(lists: dict[tuple[Any, ...], Options]) -> None:
    if len(lists) >= MAX_LISTS:
        lists.clear()


def _made(choices: list[Choice], items: Any = None) -> Options:
    return Options(tuple(choices), {choice.value: choice.label for choice in choices}, items)


def _fixed(run: Run, item: FixedItem, node: Node, row: Row) -> Choice:
    said = run.words(item.label, node, row) or item.value
    return Choice(item.value, said, media_of(run, item.label, node, row))


def _searched(
    run: Run, control: Control, items: list[Item], node: Node, row: Row
) -> Iterator[Choice]:
    """Choices of search(): a written one with a number is offered as it is; any other names
    the columns of the value, of the label (several, parted by commas) and of its picture in
    the lines found."""
    for written in control.items:
        if written.value.lstrip("-").isdigit():
            yield _fixed(run, written, node, row)
            continue
        labels = [name.strip() for name in run.words(written.label, node, row).split(",")]
        shown = media_of(run, written.label, node, row)
        made: dict[str, Choice] = {}
        for item in items:
            value = item.get(written.value)
            if value and value not in made:
                said = ", ".join(filter(None, map(item.get, labels)))
                made[value] = Choice(value, said or value, in_columns(shown, item))
        yield from made.values()


def _from_repeat(itemset: Itemset, repeat: Node, rows: list[Row]) -> list[Choice]:
    value, label = repeat.child(itemset.value), repeat.child(itemset.label)
    assert value is not None and label is not None
    found = [Choice(row.values[value.slot], row.values[label.slot]) for row in rows]
    return [choice for choice in found if choice.value]


def _from_list(
    run: Run, itemset: Itemset, items: list[Item], node: Node, row: Row
) -> list[Choice]:
    name, label = itemset.value, itemset.label
    if not itemset.label_itext:
        return [Choice(code, i.get(label) or code) for i in items for code in (i.get(name),)]
    found = []
    for item in items:
        value, ref = item.get(name), TextRef(itext=item.get(label))
        said, media = run.words(ref, node, row), media_of(run, ref, node, row)
        found.append(Choice(value, said or value, media))
    return found


def _varies(run: Run, control: Control, node: Node) -> bool:
    """Whether labels of this question's list show values."""
    return any(owner is node for owner, _ in run.form.program.outputs) and bool(
        control.itemset and control.itemset.label_itext
    )
