"""Each rule of the exchange as the line that holds it, and that line without the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MERGE: Final = "migdesk/sync/merge.py"
SPANS: Final = "migdesk/sync/intervals.py"
OPS: Final = "migdesk/ops.py"
CAPTURE: Final = "migdesk/models/capture.py"
IN: Final = "migdesk/services/"


@dataclass(frozen=True)
class Mutant:
    """A rule without which the program must be found out. `old` stands once in `file`."""

    name: str
    file: str
    old: str
    new: str

    def applied(self, text: str) -> str:
        """The file without the rule; ValueError if it is not found exactly once."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.name}: found {text.count(self.old)} times in {self.file}")
        return text.replace(self.old, self.new)


def _m(name: str, file: str, old: str, new: str) -> Mutant:
    return Mutant(name, file, old, new)


OF_ONE_ROW = (
    _m("bases ignored", MERGE,
       "[op for op in wrote if op.stamp not in replaced] or wrote", "wrote"),
    _m("lowest stamp wins", MERGE,
       "sorted(heads, key=lambda op: op.stamp, reverse=True)",
       "sorted(heads, key=lambda op: op.stamp)"),
    _m("equal heads do not agree", MERGE,
       "if _same(head.fields[field], winner.fields[field]):", "if False:"),
    _m("true is one", MERGE,
       "isinstance(one, bool) == isinstance(two, bool) and bool(one == two)",
       "bool(one == two)"),
    _m("conflict not kept", MERGE,
       "conflicts.append(_differing(field, winner, head))", "pass"),
    _m("delete against edit not asked", MERGE,
       "        if field in CLOSING:\n            conflicts.extend",
       "        if field == MERGED:\n            conflicts.extend"),
    _m("merge against edit not asked", MERGE,
       "        if field in CLOSING:\n            conflicts.extend",
       "        if field == DELETED:\n            conflicts.extend"),
    _m("un-merging still puts away", MERGE,
       "(field == MERGED and value is not None)", "field == MERGED"),
    _m("edit that knew the delete asks", MERGE,
       "if op.stamp in knowing:", "if op.stamp == closing.stamp:"),
    _m("edit that the delete saw asks", MERGE,
       "if op.stamp not in seen[field]:", "if op:"),
    _m("delete sees one step only", MERGE,
       "ahead.extend(ops[stamp].bases.get(field, ()))", "pass"),
    _m("every edit before the last asks", MERGE,
       "if edit.stamp not in replaced:", "if edit:"),
    _m("erasure does not beat", MERGE,
       "if op.fields.get(ERASED) is True]:", "if op.fields.get(ERASED) == 0]:"),
    _m("settling leaves the other head", MERGE,
       "if conflict.field in bases and not conflict.unseen:", "if not bases:"),
    _m("first of two ops with one stamp counts", MERGE,
       "return max(one, two, key=_content)", "return one"),
    _m("settled delete does not name all", OPS,
       "if stamps and (field in wanted or closes)", "if stamps and field in wanted"),
    _m("settling does not say what it knew of the delete", OPS,
       "wanted = {*fields, *CLOSING}", "wanted = {*fields}"),
    _m("edit does not say what it knew of the delete", CAPTURE,
       "names = {*changed, *(name for name in CLOSING if name in known)}",
       "names = {*changed}"),
    _m("delete does not say what it saw", CAPTURE,
       'names |= fields | known.keys() - {"*"}', "pass"),
)  # fmt: skip

OF_WRITERS = (
    _m("links do not follow each other", OPS,
       "link_after(self.link, Op(*what, self.number, salt, \"\"))",
       "link_after(\"\", Op(*what, self.number, salt, \"\"))"),
    _m("new writer goes on with the old chain", CAPTURE,
       "Chain(int(number), link) if writer == device else Chain()",
       "Chain(int(number), link)"),
    _m("restored computer keeps its writer id", IN + "office.py",
       'set_meta(session, "device", new_device_id())', "pass"),
    _m("restored computer keeps its incarnation", IN + "office.py",
       "standing.begin_again(session)", "pass"),
    _m("clock does not follow what it heard", IN + "merging.py",
       'session.info["scribe"].clock.observe_all(op.stamp for op in new)', "pass"),
)  # fmt: skip

OF_TAKING_OVER = (
    _m("row made of the new ops only", IN + "merging.py",
       "held = _held(session, {op.row for op in new}) | replaced", "held = set(replaced)"),
    _m("late op of an erased row speaks", IN + "merging.py",
       "new = [op.empty() if op.row in gone else op for op in new]", "pass"),
    _m("what an erased row said stays", IN + "merging.py",
       "        emptying.empty(session, erased)", "        pass"),
    _m("erasing op is emptied too", OPS,
       "if self.emptied or self.fields.get(ERASED) is True:", "if self.emptied:"),
    _m("content of an erased attachment stays", IN + "emptying.py",
       'session.info.pop("lost", ())', "()"),
    _m("parked ops are dropped", IN + "merging.py",
       "[op_row(op, origin, parked=_parked(op)) for op in new]",
       "[op_row(op, origin, parked=False) for op in new if not _parked(op)]"),
    _m("what names a merged record stays", IN + "merging.py",
       "    if before != after:\n        _follow(session, before, after)\n    return count",
       "    return count"),
    _m("late row names the merged record", IN + "merging.py",
       "            write_rows(session, RECORDS[kind], states[kind], after)",
       "            write_rows(session, RECORDS[kind], states[kind], {})"),
    _m("own new row names the merged record", CAPTURE,
       "row |= _followed(connection, about, given)", "pass"),
    _m("merged record is still shown", IN + "rows.py",
       "state.deleted or root is not None", "state.deleted"),
    _m("merged record asks of its other fields", IN + "rows.py",
       "    if row in roots:\n        found = [", "    if row == roots:\n        found = ["),
    _m("two names of one record are a conflict", IN + "rows.py",
       "    return left == right", "    return False"),
    _m("two merges into one record are a conflict", IN + "rows.py",
       "        return mine == theirs", "        return False"),
    _m("who chose another name of one record is still asked", IN + "merging.py",
       "    moved |= {row for roots in (before, after) for row, end in roots.items() "
       "if end in ends}\n", ""),
    _m("root of a circle by who looks", IN + "aliases.py",
       "at = min(names[names.index(at) :])", "at = names[0]"),
    _m("erased record hides what was merged into it", IN + "aliases.py",
       "Alias.kind == about.kind, Alias.target.not_in(erased)", "Alias.kind == about.kind"),
)  # fmt: skip

OF_POSITIONS = (
    _m("positions joined over a hole", SPANS,
       "if found and after <= found[-1][1]:", "if found:"),
    _m("acknowledged beyond a hole", SPANS,
       "return whole[0][1] if whole and whole[0][0] == 0 else 0",
       "return whole[-1][1] if whole else 0"),
    _m("all below counts as here", IN + "received.py",
       "standing.hold(session, place, (about.after, about.upto))",
       "standing.hold(session, place, (0, about.upto))"),
    _m("incarnation of an acknowledgement ignored", IN + "standing.py",
       "    if incarnation == mine.incarnation:\n        return position",
       "    if incarnation:\n        return position"),
    _m("all of the old incarnation counts", IN + "received.py",
       "clipped = [(after, min(upto, position)) for after, upto in had]", "clipped = had"),
    _m("old news count again", IN + "standing.py",
       "return about.sequence >= had.sequence", "return True"),
    _m("nobody asks for holes", IN + "standing.py",
       "        if wants:\n", "        if wants and False:\n"),
    # Passing on what came from others is only quicker than what these two ask and answer.
    _m("holes of others are not filled", IN + "plans.py",
       "twice = wants if sender not in living else told.asked.get(sender, ())", "twice = []"),
    _m("what was given back is left to who gave it", IN + "streams.py",
       "sa.or_(*passed, sa.not_(theirs))", "sa.or_(*passed)"),
    _m("what was given back of a forgotten time is left to who gave it", IN + "streams.py",
       "standing.writers_of_others(session)",
       "set(session.scalars(sa.select(sa.func.substr(OpRow.stamp, 18)))) - "
       "set(standing.own_writers(session))"),
    _m("given though it was held back", IN + "given.py",
       "_held_back(session, device) & about.keys()", "set[str]()"),
    _m("a part of a feed gives all", IN + "plans.py",
       "if not left and not span[0]:", "if not left:"),
    _m("only the ends of lost chains are told", IN + "plans.py",
       "holes=lost.holes(session, mine)", "holes={}"),
    _m("never passed on what a living sender wrote", IN + "plans.py",
       "        if all(\n            device == sender",
       "        if sender in living or all(\n            device == sender"),
    _m("cleaned before it was heard", IN + "streams.py",
       "return told.position >= one.upto", "return True"),
    _m("spoiled bundle is not made again", IN + "streams.py",
       "return {name for one in told for name in one.news.refused}", "return set()"),
    _m("spoiled bundle is not told", IN + "plans.py",
       "refused=received.spoiled(session, names)", "refused=[]"),
    _m("missing pieces are not told", IN + "plans.py",
       "lacking=list(chunks.lacking(session))", "lacking=[]"),
)  # fmt: skip

OF_SCOPES = (
    _m("row that enters comes without its past", IN + "outbox.py",
       "_ops(session, fresh - back, 0, holds)", "_ops(session, fresh - back, had.log, holds)"),
    _m("row that leaves is not heard of", IN + "outbox.py",
       " + [(LET_GO, row) for row in sorted(gone)]", ""),
    _m("row that comes back comes in part", IN + "outbox.py",
       "_ops(session, back, 0, {})", "_ops(session, back, had.log, {})"),
    _m("what it wrote itself never comes back", IN + "outbox.py",
       "_ops(session, back, 0, {})", "_ops(session, back, 0, holds)"),
    _m("what left the scope is kept", "migdesk/jobs/exchange.py",
       "    store.write(leaving.purge)\n", ""),
    _m("thrown away before it was heard", IN + "leaving.py",
       "if seq > told.position if not origin else stamp > known:", "if not stamp:"),
    _m("a file is thrown away before it arrived", IN + "leaving.py",
       "found = set(rows).intersection(lacking)", "found = set[str]()"),
    _m("positions used again after a purge", IN + "leaving.py",
       "        standing.shortened(session)", "        pass"),
    _m("taken over once is never read again", "migdesk/jobs/exchange_in.py",
       "store.read(received.known).keys() - store.read(received.doubted)",
       "store.read(received.known).keys()"),
    _m("restored feeder calls nothing back", IN + "leaving.py",
       "        found |= _unnamed(session, feeders)", "        pass"),
    _m("older word of a scope counts", IN + "leaving.py",
       "Lent.upto > about.upto))", "Lent.upto < 0))"),
    _m("restored laptop gets nothing back", IN + "outbox.py",
       "    found |= {line for line in missed if line[1] in kept}\n", ""),
    _m("what a lost computer told a laptop stays there", IN + "plans.py",
       "        *_legacies(session, mine, full, heard, there, end),\n", ""),
    _m("restored computer gets nothing back", IN + "plans.py",
       "        *_returns(session, full, heard, there, end),\n", ""),
)  # fmt: skip

GROUPS: Final = {
    "One row": OF_ONE_ROW,
    "Writers": OF_WRITERS,
    "Taking over": OF_TAKING_OVER,
    "Positions": OF_POSITIONS,
    "Scopes": OF_SCOPES,
}
MUTANTS: Final = tuple(each for group in GROUPS.values() for each in group)

TOLD_FOR: Final = {
    "clock does not follow what it heard": "a clock that is an hour behind",
    "new writer goes on with the old chain": "a copy that others are ahead of",
    "restored computer keeps its writer id": "a copy that others are ahead of",
    "restored computer keeps its incarnation": "a copy that others are ahead of",
    "incarnation of an acknowledgement ignored": "a copy that others are ahead of",
    "late op of an erased row speaks": "a late word about the erased",
    "what an erased row said stays": "a late word about the erased",
    "content of an erased attachment stays": "a file of an erased record",
    "what names a merged record stays": "a visit to somebody who was merged",
    "late row names the merged record": "a late visit to somebody who was merged",
    "own new row names the merged record": "a visit written on an old list",
    "merged record is still shown": "merged twice, into two",
    "merged record asks of its other fields": "a quarrel over who was merged",
    "two names of one record are a conflict": "two answers that become one",
    "two merges into one record are a conflict": "two targets that become one",
    "who chose another name of one record is still asked": "two targets that become one",
    "root of a circle by who looks": "merged in a circle",
    "erased record hides what was merged into it": "what stays is erased",
    "all of the old incarnation counts": "restored, heard of, and writes on",
    "restored computer gets nothing back": "restored, and given back by one",
    "old news count again": "an old bundle lies there once more",
    "acknowledged beyond a hole": "the second of two bundles is seen first",
    "spoiled bundle is not made again": "a bundle that came cut, and nobody else to ask",
    "spoiled bundle is not told": "a bundle that came cut, and nobody else to ask",
    "nobody asks for holes": "heard directly, then only through a carrier",
    "holes of others are not filled": "heard directly, then only through a carrier",
    "what was given back is left to who gave it": "restored, and given back by one",
    "what was given back of a forgotten time is left to who gave it": "lost twice",
    "given though it was held back": "heard from who may not say it",
    "a part of a feed gives all": "a feed in two parts, and one left something out",
    "only the ends of lost chains are told": "restored, and given back in part before the rest",
    "never passed on what a living sender wrote": "the laptop writes on where it forgot",
    "a file is thrown away before it arrived":
        "files that leave the region before they arrived",
    "missing pieces are not told": "files whose pieces were tidied up",
    "row that enters comes without its past": "into the region, with a past",
    "row that leaves is not heard of": "out of the region",
    "what left the scope is kept": "out of the region",
    "row that comes back comes in part": "out of the region and back",
    "what it wrote itself never comes back": "what the laptop wrote comes back",
    "thrown away before it was heard": "the laptop lets go what nobody heard of",
    "positions used again after a purge": "the laptop writes on where it forgot",
    "taken over once is never read again": "all for a while, and then the region again",
    "restored feeder calls nothing back": "a feeder that forgot what it gave",
    "older word of a scope counts": "out and back, heard the wrong way round",
    "what a lost computer told a laptop stays there": "a lost computer told a laptop alone",
    "restored laptop gets nothing back": "a laptop that forgot what it wrote",
}
"""Rule → the story of `directed` that was told because of it, and judges it first."""
