"""Two versions of a form side by side: questions added, removed, moved, changed.

A question is the same where it has the same path; else the same name, if only one has it on
each side; else, renamed, the same words and type in the same place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from migdesk.forms.choices import Choice
from migdesk.forms.definition import Node
from migdesk.forms.facts import Version
from migdesk.forms.form import Form

DETAILED = 40
"""Differences of one list of choices that are told one by one."""
_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_]\w+)?\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same. `language` is "" for what has none.

    `aspect`: place order name type data_type label hint guidance image audio video
    constraint_message required_message relevant constraint calculate required readonly
    default appearance choices count event choice_added choice_removed choice_label
    choice_order.
    """

    aspect: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question, group or repeat in both versions, or in one of them."""

    old: Node | None
    new: Node | None
    label: str
    changes: tuple[Change, ...] = ()
    gone: tuple[Choice, ...] = ()
    """Choices of the old version that the new one has not."""

    @property
    def node(self) -> Node:
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def status(self) -> str:
        """added, removed, moved, changed or same."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        if not self.changes:
            return "same"
        moves = {change.aspect for change in self.changes} <= {"place", "order"}
        return "moved" if moves else "changed"

    def has(self, *aspects: str) -> bool:
        """Whether something of these changed."""
        return any(change.aspect in aspects for change in self.changes)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`pairs` in the order of the new version, what was removed where it stood."""

    old: Form
    new: Form
    pairs: tuple[Pair, ...]
    languages_added: tuple[str, ...] = ()
    languages_removed: tuple[str, ...] = ()

    @property
    def different(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.pairs if pair.status != "same")

    def counts(self) -> Mapping[str, int]:
        """Number of places by status."""
        return Counter(pair.status for pair in self.pairs)


def compare(old: Form, new: Form) -> Comparison:
    """What is different in `new`."""
    return _Comparer(old, new).comparison()


class _Comparer:
    def __init__(self, old: Form, new: Form) -> None:
        spoken, self.added, self.removed = _languages(old, new)
        self.old = Version(old, {shown: a for shown, (a, _b) in spoken.items()})
        self.new = Version(new, {shown: b for shown, (_a, b) in spoken.items()})
        self.mate: dict[Node, Node] = {old.definition.root: new.definition.root}
        self._match()
        self.back = {b: a for a, b in self.mate.items()}

    # matching -----------------------------------------------------------------

    def _match(self) -> None:
        paths = {_below(node): node for node in self.new.nodes}
        for node in self.old.nodes:
            there = paths.get(_below(node))
            if there is not None and there.leaf == node.leaf:
                self.mate[node] = there
        self._match_by(lambda version, node: (node.name, node.leaf))
        self._match_groups()
        self._match_by(self._likeness)

    def _left(self) -> tuple[list[Node], list[Node]]:
        taken = set(self.mate.values())
        return (
            [node for node in self.old.nodes if node not in self.mate],
            [node for node in self.new.nodes if node not in taken],
        )

    def _match_by(self, key: Callable[[Version, Node], Hashable]) -> None:
        """Match what has the same key, where just one is left on each side."""
        old, new = self._left()
        before = _alone((key(self.old, node), node) for node in old)
        after = _alone((key(self.new, node), node) for node in new)
        for name, node in before.items():
            if name is not None and name in after:
                self.mate[node] = after[name]

    def _likeness(self, version: Version, node: Node) -> Hashable:
        """Words, type and place of a question that may have another name."""
        label = version.label(node)
        above = node.parent if version is self.new else self.mate.get(node.parent or node)
        if not label or above is None:
            return None
        return label, version.type_of(node), above.path

    def _match_groups(self) -> None:
        """A group is another one's old name where most of its questions went there."""
        old, new = self._left()
        for node in reversed([each for each in old if not each.leaf]):
            homes = Counter(
                there.parent
                for child in node.children
                if (there := self.mate.get(child)) and there.parent in new
            )
            for home, times in homes.most_common(1):
                if home and times * 2 > len(node.children):
                    self.mate[node] = home
                    new.remove(home)

    # comparing ----------------------------------------------------------------

    def comparison(self) -> Comparison:
        moved = self._reordered()
        pairs: list[Pair] = []
        waiting = [node for node in self.old.nodes if node not in self.mate]
        for node in self.new.nodes:
            old = self.back.get(node)
            if old is not None:
                pairs += [self._removed(n) for n in _until(waiting, self.old.nodes, old)]
            pairs.append(self._pair(old, node, moved))
        pairs += [self._removed(node) for node in waiting]
        return Comparison(self.old.form, self.new.form, tuple(pairs), self.added, self.removed)

    def _removed(self, node: Node) -> Pair:
        return Pair(node, None, self.old.label(node))

    def _pair(self, old: Node | None, new: Node, moved: Mapping[Node, Change]) -> Pair:
        label = self.new.label(new)
        if old is None:
            return Pair(None, new, label)
        changes: list[Change] = []
        if old.name != new.name:
            changes.append(Change("name", old.name, new.name))
        if self.mate.get(old.parent or old) is not new.parent:
            changes.append(Change("place", _home(old), _home(new)))
        elif new in moved:
            changes.append(moved[new])
        before, after = self.old.facts(old), self.new.facts(new)
        for key in {**before, **after}:
            was, now = before.get(key, ""), after.get(key, "")
            if was != now:
                changes.append(Change(key[0], was, now, key[1]))
        choices, gone = self._choices(old, new)
        return Pair(old, new, label, (*changes, *choices), gone)

    def _choices(self, old: Node, new: Node) -> tuple[list[Change], tuple[Choice, ...]]:
        was = self.old.choices.get(old.path, {})
        now = self.new.choices.get(new.path, {})
        if not was or not now:
            return [], ()
        first = next(iter(self.old.languages))
        before, after = was.get(first, {}), now.get(first, {})
        gone = tuple(Choice(code, label) for code, label in before.items() if code not in after)
        found = [Change("choice_removed", _choice(c.value, c.label), "") for c in gone]
        come = [(code, label) for code, label in after.items() if code not in before]
        found += [Change("choice_added", "", _choice(*each)) for each in come]
        for shown in self.old.languages:
            labels, others = was.get(shown, {}), now.get(shown, {})
            found += [
                Change("choice_label", _choice(code, label), _choice(code, others[code]), shown)
                for code, label in labels.items()
                if code in others and others[code] != label
            ]
        kept = [code for code in before if code in after]
        if kept != [code for code in after if code in before]:
            found.append(Change("choice_order", ", ".join(before), ", ".join(after)))
        return _told(found), gone

    def _reordered(self) -> dict[Node, Change]:
        """Places that stand elsewhere among those around them."""
        found: dict[Node, Change] = {}
        for above, there in self.mate.items():
            places = {node: n for n, node in enumerate(there.children)}
            here = [self.mate[c] for c in above.children if self.mate.get(c) in places]
            stays = _longest([places[node] for node in here])
            for node in here:
                if places[node] not in stays:
                    before = _before(above.children, self.back[node])
                    after = _before(there.children, node)
                    found[node] = Change("order", before, after)
        return found


def _below(node: Node) -> str:
    """Path without the root, which may have another name."""
    return node.path.split("/", 2)[2]


def _home(node: Node) -> str:
    return _below(node).rpartition("/")[0] or "/"


def _alone(found: Iterable[tuple[Hashable, Node]]) -> dict[Hashable, Node]:
    """Nodes by their key, where no other one has it."""
    held: dict[Hashable, list[Node]] = {}
    for key, node in found:
        held.setdefault(key, []).append(node)
    return {key: nodes[0] for key, nodes in held.items() if len(nodes) == 1}


def _until(waiting: list[Node], nodes: Sequence[Node], stop: Node) -> list[Node]:
    """Take those that stood before `stop` out of `waiting`."""
    if not waiting:
        return []
    before = set(nodes[: nodes.index(stop)])
    found = [node for node in waiting if node in before]
    waiting[:] = [node for node in waiting if node not in before]
    return found


def _before(children: Sequence[Node], node: Node) -> str:
    """Name of what stands before, “–” at the start."""
    place = children.index(node)
    return children[place - 1].name if place else "–"


def _longest(places: Sequence[int]) -> set[int]:
    """A longest part of `places` that rises: what need not have moved."""
    ends: list[int] = []
    at: list[int] = []
    chain: list[int] = [-1] * len(places)
    for n, place in enumerate(places):
        size = bisect_left(ends, place)
        ends[size:] = [place]
        at[size:] = [n]
        chain[n] = at[size - 1] if size else -1
    found: set[int] = set()
    here = at[-1] if at else -1
    while here >= 0:
        found.add(places[here])
        here = chain[here]
    return found


def _choice(code: str, label: str) -> str:
    return f"{code} · {label}" if label and label != code else code


def _told(found: list[Change]) -> list[Change]:
    """Differences of a list; where there are too many, how many more."""
    more = len(found) - DETAILED
    return found if more <= 0 else [*found[:DETAILED], Change("choice_more", "", str(more))]


Spoken = dict[str, tuple[str, str]]


def _languages(old: Form, new: Form) -> tuple[Spoken, tuple[str, ...], tuple[str, ...]]:
    """Languages of both, by their new name, then those that are new and those that went.
    The same language may be written “English” and “English (en)”."""
    if not old.languages or not new.languages:
        both = {new.default_language: (old.default_language, new.default_language)}
        return both, new.languages[1:], old.languages[1:]
    by_code = {_key(name): name for name in old.languages}
    both = {}
    for name in new.languages:
        before = name if name in old.languages else by_code.get(_key(name))
        if before is not None:
            both[name] = before, name
    if not both:
        both[new.default_language] = old.default_language, new.default_language
    known = {before for before, _after in both.values()}
    added = tuple(name for name in new.languages if name not in both)
    return both, added, tuple(name for name in old.languages if name not in known)


def _key(language: str) -> str:
    """Code in the brackets, else the name."""
    found = _CODE.search(language)
    return found[1].lower() if found else language.strip().lower()
