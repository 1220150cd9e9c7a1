"""Short stories for `model`, each told because chance seldom tells it.

Computers are named as in `office.NAMES`; the end of a story, in good weather, is that of every
story, so most of these stop where only the end is left to go wrong.
"""

from __future__ import annotations

from typing import Any, Final

from tests.exchange.office import INSIDE, NAMES, OUTSIDE
from tests.exchange.story import Act

SHARE, STICK = 0, 1


def does(name: str, rule: str, **arguments: Any) -> Act:
    """A rule of the model, done by the computer of this name; its first record unless it
    says `which`."""
    picks = {} if rule in PLAIN else {"which": 0}
    return rule, {"at": NAMES.index(name), **picks, **arguments}


PLAIN: Final = ("register", "wait", "set_clock", "back_up", "undo")


def goes(names: str, place: int = SHARE, **weather: float) -> list[Act]:
    """These computers exchange, one after the other, in good weather if nothing else is
    said; L is the laptop."""
    fair = {"place": place, "seed": 0, "hidden": 0.0, "cut": 0.0, "broken": 0.0}
    return [
        ("exchange", {"at": (NAMES.index(name) if name != "L" else 4), **fair, **weather})
        for name in names
    ]


def tidied(place: int) -> list[Act]:
    """Nearly everything in a place is thrown away."""
    return [("lose_files", {"place": place, "seed": seed}) for seed in range(30)]


def files(name: str, many: int) -> list[Act]:
    """People with a file each, and each in a bundle of its own."""
    one = [does(name, "register", place=INSIDE), does(name, "attach"), *goes(name)]
    return one * many


def in_one_bundle(name: str, files: int) -> list[Act]:
    """People with a file each. Their bundle lies there many times, so that of the files
    only some pieces are lost."""
    one = [does(name, "register", place=INSIDE), does(name, "attach")]
    copies: list[Act] = [("copy_files", {"place": SHARE, "seed": s}) for s in range(0, 40, 2)]
    lost: Act = ("lose_files", {"place": SHARE, "seed": 0})
    return [*one * files, *goes(name[0].replace("l", "L")), *copies, lost]


APART: Final[Act] = ("move", {"apart": True})

STORIES: Final[dict[str, list[Act]]] = {
    "only a carrier between two sites": [
        APART,
        does("a", "register", place=INSIDE),
        *goes("ab"),
        *goes("bcd", STICK),
        does("c", "register", place=None),
    ],
    "heard directly, then only through a carrier": [
        does("a", "register", place=INSIDE),
        *goes("abcdabcd"),
        APART,
        does("a", "edit", field="given_name"),
    ],
    "the second of two bundles is seen first": [
        does("a", "register", place=None),
        *goes("abab"),
        *(
            act
            for seed in range(12)
            for act in (
                does("a", "edit", field="given_name"),
                *goes("a"),
                does("a", "edit", field="contact_note"),
                *goes("a"),
                *goes("b", seed=seed, hidden=0.5),
                *goes("a"),
            )
        ),
    ],
    "an old bundle lies there once more": [
        does("a", "register", place=None),
        *goes("abab"),
        does("b", "edit", field="given_name"),
        *goes("b"),
        *(("copy_files", {"place": SHARE, "seed": seed}) for seed in range(1, 21, 2)),
        does("a", "edit", field="contact_note"),
        *goes("abcdL" * 4),
        *(("copy_files", {"place": STICK, "seed": seed}) for seed in range(0, 20, 2)),
    ],
    "a bundle that came cut, and nobody else to ask": [
        does("a", "register", place=None),
        *goes("abcdabcd"),
        APART,
        does("a", "edit", field="given_name"),
        *goes("a"),
        *goes("b", cut=1.0),
    ],
    "a clock that is an hour behind": [
        ("wait", {"at": 0, "minutes": 60 * 24 * 365}),
        ("wait", {"at": 1, "minutes": 60 * 24 * 365 - 60}),
        does("a", "register", place=None),
        *goes("ab"),
        does("b", "edit", field="given_name"),
    ],
    "a file of an erased record": [
        does("a", "register", place=INSIDE),
        does("a", "attach"),
        *goes("abcab"),
        does("b", "erase"),
    ],
    "a late word about the erased": [
        does("a", "register", place=None),
        *goes("abcd"),
        does("c", "edit", field="given_name"),
        *goes("c"),
        does("a", "erase"),
        *goes("a"),
    ],
    "the laptop lets go what nobody heard of": [
        does("a", "register", place=INSIDE),
        *goes("aLa"),
        does("laptop", "edit", field="given_name"),
        does("a", "travel", place=OUTSIDE),
        *goes("aL"),
        *tidied(SHARE),
    ],
    "merged in a circle": [
        does("a", "register", place=INSIDE),
        does("a", "register", place=None),
        *goes("abcd"),
        does("a", "merge"),
        does("b", "merge", which=1),
        does("c", "receive"),
    ],
    "merged twice, into two": [
        *(does("a", "register", place=None) for _each in range(3)),
        *goes("abcd"),
        does("a", "merge"),
        does("b", "merge", which=1),
        does("c", "merge", which=2),
        does("d", "edit", field="given_name"),
    ],
    "two targets that become one": [
        does("a", "register", place=None),
        *goes("abcd"),
        does("b", "register", place=None),
        does("c", "register", place=None),
        does("b", "merge"),
        does("c", "merge"),
        *goes("bcbcd"),
        does("d", "merge"),
    ],
    "two answers that become one": [
        *(does("a", "register", place=None) for _each in range(3)),
        does("a", "receive"),
        *goes("abcd"),
        does("b", "correct", which=1),
        does("c", "correct", which=2),
        *goes("bcd"),
        does("d", "merge", which=1),
    ],
    "a quarrel over who was merged": [
        does("a", "register", place=None),
        does("a", "register", place=None),
        *goes("abcd"),
        does("b", "edit", field="given_name"),
        does("c", "edit", field="given_name"),
        does("a", "merge"),
    ],
    "what stays is erased": [
        does("a", "register", place=None),
        does("a", "register", place=None),
        *goes("abcd"),
        does("b", "merge"),
        does("b", "receive"),
        does("a", "erase", which=1),
    ],
    "a visit to somebody who was merged": [
        does("a", "register", place=None),
        does("a", "register", place=None),
        *goes("abcd"),
        does("a", "merge"),
        does("b", "receive"),
        does("c", "receive", which=1),
        *goes("abca"),
        does("c", "receive"),
        does("a", "separate"),
    ],
    "a late visit to somebody who was merged": [
        does("a", "register", place=None),
        does("a", "register", place=None),
        *goes("abcd"),
        does("b", "receive"),
        does("a", "merge"),
        *goes("acdb"),
        does("b", "receive"),
    ],
    "a visit written on an old list": [
        does("a", "register", place=None),
        does("a", "register", place=None),
        does("a", "merge"),
        does("a", "receive_from_an_old_list"),
    ],
    "restored, heard of, and writes on": [
        does("b", "register", place=None),
        *goes("bacdb"),
        does("b", "back_up"),
        *(does("b", "edit", field="given_name") for _each in range(6)),
        *goes("ba"),
        *tidied(SHARE),
        does("b", "restore"),
        *goes("b"),
        does("b", "edit", field="contact_note"),
        *goes("ab"),
    ],
    "restored, and given back by one": [
        does("a", "register", place=INSIDE),
        *goes("abcdabcd"),
        does("a", "back_up"),
        does("a", "edit", field="given_name"),
        *goes("ab", STICK),
        *tidied(STICK),
        does("a", "restore"),
    ],
    "heard from who may not say it": [
        *goes("a"),  # that `a` is administrator, of which an office head is no witness
        *goes("ac", STICK),
        *tidied(STICK),
        *goes("cd", STICK),
        *goes("d", cut=1.0),
        does("a", "register", place=None),
        *goes("a", cut=1.0),
        *goes("da"),
    ],
    "lost twice": [
        *goes("abcdabcd"),
        does("b", "back_up"),
        does("b", "restore"),
        does("b", "register", place=None),
        *goes("bd", STICK),
        *tidied(STICK),
        does("b", "restore"),  # it does not know any more how it was called meanwhile
    ],
    "a feed in two parts, and one left something out": [
        *goes("ab"),
        *tidied(SHARE),
        does("d", "register", place=None),
        *goes("da"),
        does("d", "register", place=None),
        *goes("db", STICK),
        *tidied(STICK),
        *goes("b"),  # as `a` hears `d`, what came from that is left to it
        ("revoke", {"chance": 0}),
        *goes("ab", STICK),
        *tidied(STICK),
        does("b", "register", place=None),
        *goes("b"),
    ],
    "a copy that others are ahead of": [
        *(does("b", "register", place=None) for _each in range(3)),
        does("b", "back_up"),
        *(does("b", "edit", field="given_name") for _each in range(6)),
        *goes("bacb"),
        does("b", "restore"),
        *(does("b", "edit", field="contact_note") for _each in range(3)),
        *goes("ab", STICK),
    ],
    "out of the region and back": [
        does("a", "register", place=INSIDE),
        *goes("aL"),
        does("a", "travel", place=OUTSIDE),
        *goes("aLaL"),
        does("a", "travel", place=INSIDE),
    ],
    "into the region, with a past": [
        does("a", "register", place=OUTSIDE),
        does("a", "edit", field="given_name"),
        *goes("aL"),
        does("a", "travel", place=INSIDE),
    ],
    "out of the region": [
        does("a", "register", place=INSIDE),
        *goes("aL"),
        does("a", "travel", place=OUTSIDE),
    ],
    "the laptop writes on where it forgot": [
        *goes("aL"),
        does("laptop", "register", place=INSIDE),
        *goes("LaL"),
        does("laptop", "travel", place=OUTSIDE),
        *goes("LaLaL"),
        does("laptop", "register", place=INSIDE),
        does("laptop", "edit", field="given_name"),
    ],
    "what the laptop wrote comes back": [
        *goes("aL"),
        does("laptop", "register", place=INSIDE),
        *goes("La"),
        does("a", "travel", place=OUTSIDE),
        *goes("aLaL"),
        does("a", "travel", place=INSIDE),
    ],
    "out and back, heard the wrong way round": [
        does("a", "register", place=INSIDE),
        *goes("aLa"),
        does("a", "travel", place=OUTSIDE),
        *goes("a", STICK),
        does("a", "travel", place=INSIDE),
        *goes("aL"),
        *goes("L", STICK),
    ],
    "a feeder that forgot what it gave": [
        *goes("ab"),
        does("a", "back_up"),
        does("b", "register", place=INSIDE),
        *goes("baL"),
        does("b", "travel", place=OUTSIDE),
        *goes("b"),
        does("a", "restore"),
    ],
    "all for a while, and then the region again": [
        does("a", "register", place=INSIDE),
        *goes("aL"),
        *goes("a", STICK),
        ("change_scope", {"region": None}),
        *goes("a", STICK, seed=3, hidden=0.5),  # what the laptop read there stays
        *goes("L", STICK),
        ("change_scope", {"region": INSIDE}),
        *goes("a", STICK),
    ],
    "a lost computer told a laptop alone": [
        ("change_scope", {"region": None}),
        *goes("aLcLc"),
        does("c", "register", place=INSIDE),
        does("c", "register", place=OUTSIDE),
        *goes("cL", STICK),
        *tidied(STICK),
        ("lose_a_computer", {"chance": 0}),
        ("change_scope", {"region": INSIDE}),
    ],
    "a laptop that forgot what it wrote": [
        does("a", "register", place=INSIDE),
        *goes("aLa"),
        does("laptop", "back_up"),
        does("laptop", "edit", field="given_name"),
        *goes("La"),
        *tidied(SHARE),  # it would read its own bundles again
        does("laptop", "restore"),
    ],
    "restored, and given back in part before the rest": [
        *goes("abcabc"),
        does("c", "back_up"),
        *files("c", 16),
        *goes("b"),
        ("lose_files", {"place": SHARE, "seed": 0}),
        *goes("a"),
        *tidied(SHARE),
        does("c", "restore"),
    ],
    "files that leave the region before they arrived": [
        *goes("aL"),
        *in_one_bundle("laptop", 16),
        *goes("a"),
        ("change_scope", {"region": OUTSIDE}),
        *goes("aL"),
        *tidied(SHARE),
    ],
    "files whose pieces were tidied up": [
        does("a", "register", place=None),
        *goes("abcd"),
        *(
            act
            for seed in range(24)
            for act in (
                does("a", "attach"),
                *goes("acda"),
                ("lose_files", {"place": SHARE, "seed": seed}),
                *goes("ba"),
            )
        ),
    ],
}
