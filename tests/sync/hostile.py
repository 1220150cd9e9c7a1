"""Bundles that somebody made to do harm, and the computer that has to take them.

    python -m tests.sync.hostile HOW FIRST COUNT ROOM

Offers `COUNT` bundles from the `FIRST` on to a fresh database, in a process that may take
`ROOM` MB more than it has at its start, and prints as JSON what became of them. `HOW` is
handmade or mutated.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import resource
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa
import zstandard

from migdesk.errors import Fault
from migdesk.jobs import exchange_in
from migdesk.jobs.exchange_out import ENDING
from migdesk.models import local
from migdesk.models.person import Person
from migdesk.models.store import Store
from migdesk.services import exchange, merging, office, records
from migdesk.sync import bundle, seal
from migdesk.sync.seal import Card, Identity
from migdesk.sync.stores import Memory
from migdesk.task import Task

Change = Callable[[dict[str, Any]], object]
REFUSED, ANY = "refused", "any"
WATCHED = (local.OpRow, local.Interval, local.Ack, local.Head, local.Blob, local.Quarantine,
           local.Peer, local.Chunk, Person)  # fmt: skip
"""Tables in which a refused bundle leaves no trace."""


@dataclass(frozen=True)
class Offer:
    """A bundle. `must`: refused, or any end that is not a crash."""

    family: str
    data: bytes
    must: str = REFUSED


class Forge:
    """An enrolled computer gone bad: it has a valid key and can sign what it likes."""

    def __init__(self, sender: Identity, reader: Card, seed: int = 0) -> None:
        self.sender, self.reader = sender, reader
        self.rng = random.Random(seed)
        self.plan = bundle.Manifest(incarnation="one", sequence=1, made="2026-11-21T05:00:00Z")
        self.honest, self.base = self._write([])
        self.stranger = Identity.new("ee" * 8, "Stranger")

    def _write(self, blobs: list[tuple[str, bytes]]) -> tuple[bytes, bundle.Manifest]:
        out = io.BytesIO()
        made = bundle.write(
            out, self.plan, [], identity=self.sender, recipients=[self.reader], blobs=blobs
        )
        return out.getvalue(), made.manifest

    def plain(
        self,
        change: Change = lambda _about: None,
        lines: bytes | None = None,
        packed: bytes | None = None,
        rest: bytes = b"",
        signer: Identity | None = None,
        head: bytes | None = None,
    ) -> bytes:
        """The inside of a bundle, true to its hashes unless `change` makes it lie."""
        about = msgspec.to_builtins(self.base)
        if lines is not None:
            packed = zstandard.compress(lines)
            about["ops_size"] = len(lines)
        if packed is not None:
            about["ops_packed"] = len(packed)
            about["ops_sha256"] = hashlib.sha256(packed).hexdigest()
        else:
            packed = zstandard.compress(b"")
            about["ops_packed"] = len(packed)
            about["ops_sha256"] = hashlib.sha256(packed).hexdigest()
        changed = change(about)
        raw = changed if isinstance(changed, bytes) else json.dumps(about).encode()
        digest = hashlib.sha256(raw).digest()
        signature = (signer or self.sender).sign(bundle.SIGNED + digest)
        head = bundle.format_line() if head is None else head
        return head + len(raw).to_bytes(4, "big") + raw + signature + packed + rest

    def sealed(self, plain: bytes, *others: Card) -> bytes:
        out = io.BytesIO()
        seal.encrypt(io.BytesIO(plain), out, [self.reader, *others])
        return out.getvalue()

    def lie(self, **values: Any) -> bytes:
        """A signed manifest that says these things."""
        return self.sealed(self.plain(lambda about: about.update(values)))

    def news(self, **values: Any) -> bytes:
        return self.lie(news={**msgspec.to_builtins(self.base.news), **values})


def endless(size: int) -> bytes:
    """A zstd frame of a few bytes for each 128 KiB that it unpacks to."""
    blocks = size >> 17
    block = struct.pack("<I", 1 << 1 | (1 << 17) << 3)[:3] + b"\n"
    last = struct.pack("<I", 1 | 1 << 1 | (1 << 17) << 3)[:3] + b"\n"
    return b"\x28\xb5\x2f\xfd\x00\x58" + block * (blocks - 1) + last


def line(**values: Any) -> bytes:
    """An op as it lies in a bundle, with these values in the place of good ones."""
    stamp = f"{1_795_000_000_000:012x}-{0:04x}-{'ee' * 8}"
    op = {
        "stamp": stamp, "kind": "person", "row": "r1", "fields": {"family_name": "Awa"},
        "bases": {}, "tx": stamp, "actor": "acc", "program": "0.1", "number": 1,
        "salt": "s" * 11, "link": "l" * 22,
    }  # fmt: skip
    return json.dumps({**op, **values}).encode() + b"\n"


BIG = (2**31, 2**53, 2**63 - 1, 2**63, 2**64, 2**200)


def handmade(forge: Forge, count: int) -> Iterator[Offer]:
    """So many bundles, family after family, each time with other numbers."""
    while count > 0:
        for make in FAMILIES:
            for offer in make(forge, forge.rng):
                yield offer
                count -= 1
                if not count:
                    return


def not_ours(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    honest = forge.honest
    yield Offer("empty", b"")
    yield Offer("noise", rng.randbytes(rng.randrange(1, 5000)))
    yield Offer("zip", b"PK\3\4" + rng.randbytes(99))
    yield Offer("cut", honest[: rng.randrange(30, len(honest) - 1)])
    yield Offer("more", honest + rng.randbytes(rng.randrange(1, 99)))


def header(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    intro, stanza = b"age-encryption.org/v1\n", b"-> X25519 " + b"A" * 43 + b"\n"
    body = b"B" * 43 + b"\n"
    yield Offer("5,000 recipients", intro + (stanza + body) * 5000 + b"--- " + b"C" * 43)
    yield Offer("endless header", intro + stanza[:10] + b"A" * rng.randrange(1 << 18, 1 << 21))
    yield Offer("endless lines", intro + b"-> x\n" * rng.randrange(1 << 15, 1 << 17))
    yield Offer("endless body", intro + stanza + (b"B" * 64 + b"\n") * (1 << 14))
    yield Offer("no end", intro + stanza + body)


def signature_at(plain: bytes) -> int:
    """Where the signature begins, inside of a bundle."""
    head = len(bundle.format_line())
    return head + 4 + int.from_bytes(plain[head : head + 4], "big")


def signed(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    plain = forge.plain()
    other = forge.plain(lambda about: about.update(sequence=rng.randrange(2, 99)))
    start, its = signature_at(plain), signature_at(other)
    yield Offer("wrong signature", forge.sealed(forge.plain(signer=forge.stranger)))
    bare = bytearray(plain)
    bare[start : start + 64] = bytes(64)
    yield Offer("no signature", forge.sealed(bytes(bare)))
    swapped = bytearray(other)
    swapped[its : its + 64] = plain[start : start + 64]
    yield Offer("signature of another", forge.sealed(bytes(swapped)))
    packed = zstandard.compress(line() * rng.randrange(1, 9))
    yield Offer("swapped content", forge.sealed(plain[: -len(packed)] + packed))
    name = forge.stranger.device
    stranger = forge.plain(lambda about: about.update(device=name), signer=forge.stranger)
    yield Offer("foreign office", forge.sealed(stranger))
    yield Offer("more inside", forge.sealed(plain + rng.randbytes(rng.randrange(1, 99))))
    yield Offer("less inside", forge.sealed(plain[: -rng.randrange(1, len(plain))]))
    yield Offer("replay", forge.honest, ANY)


def version(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    yield Offer("future format", forge.lie(format=rng.randrange(2, 9999)))
    head = bundle.format_line(rng.randrange(2, 9999))
    yield Offer("future line", forge.sealed(forge.plain(head=head)))
    yield Offer("other line", forge.sealed(forge.plain(head=b"x" * 20)))
    yield Offer("not for us", forge.lie(recipients=[forge.stranger.device]), ANY)


def sizes(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    ten = 10**10 + rng.randrange(10**9)
    bomb = endless(1 << rng.randrange(27, 34))
    yield Offer("bomb", forge.sealed(forge.plain(packed=bomb)))
    told = {"ops_size": (1 << 27) + rng.randrange(9)}
    yield Offer("told bomb", forge.sealed(forge.plain(lambda a: a.update(told), packed=bomb)))
    for part in ("ops_size", "ops_packed"):
        yield Offer("10 GB declared", forge.lie(**{part: ten}))
    yield Offer("blob of 10 GB", forge.lie(blobs=[["a", ten, "0" * 64]]))
    yield Offer("many blobs", forge.lie(blobs=[[f"b{n}", 0, "0" * 64] for n in range(9999)]))
    yield Offer("count of 10 GB", forge.lie(counts={"person": ten}))
    length = rng.randrange(1 << 20, 1 << 32)
    front = bundle.format_line() + length.to_bytes(4, "big")
    yield Offer("manifest of 4 GB", forge.sealed(front + bytes(1 << 21)))
    yield Offer("long line", forge.sealed(forge.plain(lines=b"x" * (17 << 20))))


def names(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    data = rng.randbytes(9)
    digest = hashlib.sha256(data).hexdigest()
    for name in ("../../x", "a/b", "C:\\x", "con", ".x", "x\0y", "", "A", "é", "a" * 200):
        entry = [[name, len(data), digest]]
        plain = forge.plain(lambda a, entry=entry: a.update(blobs=entry), rest=data)
        yield Offer("path in a name", forge.sealed(plain))
    twice = [["a", len(data), digest]] * 2
    plain = forge.plain(lambda about: about.update(blobs=twice), rest=data * 2)
    yield Offer("duplicate names", forge.sealed(plain))
    wrong = [["a", len(data), digest]]
    plain = forge.plain(lambda about: about.update(blobs=wrong), rest=rng.randbytes(9))
    yield Offer("swapped blob", forge.sealed(plain))


def intervals(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    a = rng.randrange(1, 10**6)
    yield Offer("backwards", forge.lie(after=a, upto=a - 1))
    yield Offer("negative", forge.lie(after=-a, upto=a))
    yield Offer("sequence", forge.lie(sequence=rng.choice([0, -1, 1.5, "1", None])))
    for big in BIG:
        yield Offer("far interval", forge.lie(after=0, upto=big), ANY)
        yield Offer("far gap", forge.lie(after=big - 1, upto=big), ANY)
        yield Offer("far sequence", forge.lie(sequence=big), ANY)
        yield Offer("far schema", forge.lie(schema=big), ANY)
        yield Offer("far generation", forge.lie(generation=big), ANY)


def lies(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    us, them = forge.reader.device, forge.sender.device
    for big in BIG:
        yield Offer("lying acks", forge.news(acks={us: ["one", big], them: ["x", big]}), ANY)
        yield Offer("lying gives", forge.lie(gives={us: ["one", big], "f" * 16: ["x", 1]}), ANY)
        hole = [["one", "", 0, big]]
        yield Offer("far wanted", forge.news(wanted={us: hole, them: hole}), ANY)
        yield Offer("far before", forge.news(before=[["one", big]]), ANY)
    many = [["one", "", n, n + 1] for n in range(10**6)]
    if rng.random() < 0.1:
        yield Offer("wanted of a million", forge.news(wanted={us: many}))
    some = [["one", "", n, n + 1] for n in range(0, 40_000, 2)]
    yield Offer("many wanted", forge.news(wanted={us: some}), ANY)
    yield Offer("odd wanted", forge.news(wanted={us: [["one", "", 9, 3]]}), ANY)
    heads = {f"{n:016x}": ["s", "l"] for n in range(9999)}
    yield Offer("many heads", forge.news(heads=heads), ANY)
    yield Offer("odd heads", forge.news(heads={"../x": ["\0", "\ud7ff"]}), ANY)
    yield Offer("odd lacking", forge.news(lacking=["../x", "\0", "x" * 9999]), ANY)
    yield Offer("odd refused", forge.news(refused=["../x", "\0", "x" * 9999]), ANY)
    yield Offer("odd writers", forge.news(writers=[us, them, "\0"]), ANY)
    yield Offer(
        "odd audience", forge.news(audience=rng.choice([us, them, "\0", "x" * 999])), ANY
    )


def words(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    odd = rng.choice(["\0", "\u202e", "x" * 99_999, "'; DROP TABLE op", "../../../etc", ""])
    for part in ("incarnation", "made", "stream", "office", "device_name", "version"):
        yield Offer(f"odd {part}", forge.lie(**{part: odd}), ANY)
        yield Offer(f"no {part}", forge.lie(**{part: rng.choice([None, 3, [], {}])}))
    deep = b"[" * 50_000 + b"]" * 50_000
    for raw in (deep, b'{"made":' * 9999, b"", b"null", b"[]", b"{}", b"\xff\xfe", b"NaN"):
        yield Offer("odd manifest", forge.sealed(forge.plain(lambda _a, raw=raw: raw)))


def ops(forge: Forge, rng: random.Random) -> Iterator[Offer]:
    def offer(family: str, lines: bytes, **more: Any) -> Offer:
        told = {"counts": {"person": lines.count(b"\n")}, **more}
        stamp = json.loads(line())["stamp"]
        told = {"first": stamp, "last": stamp, **told}
        return Offer(family, forge.sealed(forge.plain(lambda a: a.update(told), lines=lines)))

    yield offer("other counts", line() * 2, counts={"person": 1})
    yield offer("other first", line(), first="0" * 33)
    for bad in (b"\n", b"null\n", b"[]\n", b"{}\n", b"[" * 99_999 + b"\n", b"\xff\n"):
        yield offer("odd line", bad)
    for part in ("stamp", "kind", "row", "fields", "bases", "tx", "salt", "link", "number"):
        value = rng.choice([None, 10**400, [], "\0", "x" * 999, {"a": {"b": {}}}])
        yield offer(f"odd {part}", line(**{part: value}))
    stamps = ("f" * 12, "0" * 12)
    for head in stamps:
        stamp = f"{head}-0000-{'ee' * 8}"
        yield offer("absurd stamp", line(stamp=stamp), first=stamp, last=stamp)
    yield offer("no text", line(fields={"family_name": "a\0b"}))
    yield offer("not finished", line()[:-1])


FAMILIES: tuple[Callable[[Forge, random.Random], Iterator[Offer]], ...] = (
    not_ours, header, signed, version, sizes, names, intervals, lies, words, ops
)  # fmt: skip


def mutated(forge: Forge, first: int, count: int) -> Iterator[Offer]:
    """Honest bundles with a few bytes or values changed: outside of the encryption, inside
    of it, or inside and signed anew."""
    for seed in range(first, first + count):
        rng = random.Random(seed)
        kind = seed % 4
        if kind == 0:
            yield Offer("outside", spoilt(forge.honest, rng), ANY)
        elif kind == 1:
            yield Offer("inside", forge.sealed(spoilt(forge.plain(), rng)), ANY)
        elif kind == 2:
            told = twisted(msgspec.to_builtins(forge.base), rng)
            plain = forge.plain(lambda _a, told=told: json.dumps(told).encode())
            yield Offer("signed manifest", forge.sealed(plain), ANY)
        else:
            lines = spoilt(line() * rng.randrange(1, 4), rng)
            yield Offer("signed ops", forge.sealed(forge.plain(lines=lines)), ANY)


def spoilt(data: bytes, rng: random.Random) -> bytes:
    """Some bytes flipped, cut, doubled, moved or put in."""
    made = bytearray(data)
    for _time in range(rng.choice([1, 1, 1, 2, 5])):
        at, size = rng.randrange(len(made) + 1), rng.choice([1, 2, 8, 64, 512])
        match rng.randrange(5):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                del made[at : at + size]
            case 2:
                made[at:at] = rng.randbytes(size)
            case 3:
                made[at:at] = made[at : at + size]
            case _:
                to = rng.randrange(len(made) + 1)
                made[to : to + size] = made[at : at + size]
    return bytes(made)


NASTY: tuple[Any, ...] = (
    None, True, -1, 0, 1, *BIG, 1e308, "", "\0", "../x", "x" * 5000, [], {}, [[]], [None],
    {"a": 1}, {"": ["", 0]}, [["", "", 0, 2**63]], "ff" * 8, "one", ["one", 2**63],
)  # fmt: skip


def twisted(about: Any, rng: random.Random) -> Any:
    """A tree of JSON values with a few of them changed."""
    for _time in range(rng.choice([1, 1, 2, 4])):
        at = about
        while isinstance(at, dict) and at:
            key = rng.choice(sorted(at))
            if isinstance(at[key], dict) and at[key] and rng.random() < 0.7:
                at = at[key]
                continue
            at[key] = rng.choice(NASTY)
            break
    return about


# the computer that takes them -----------------------------------------------------


@dataclass
class Outcome:
    """What became of the bundles offered. `wrong`: what must not be, in words."""

    ends: Counter[str]
    wrong: list[str]
    slowest: float = 0.0


class Victim:
    """A database that is offered bundles, and watched."""

    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder / "victim.db", bytes(32), create=True)
        self.store.actor = "v"
        office_of = {"name": "HOM Sédhiou", "country": "SN"}
        self.store.write(office.found, office_of, "Fatou", "v")
        self.store.write(records.save, "person", None, {"family_name": "Diatta"})
        self.store.write(exchange.make_card)
        held = self.store.read(exchange.identity)
        assert held is not None
        sender = Identity.new("dd" * 8, "Kolda")
        self.store.write(exchange.pair, str(sender.card))
        self.forge = Forge(sender, held.card)
        self._number = 0

    def take(self, offer: Offer, outcome: Outcome) -> None:
        """Offer one bundle, and note how it ended."""
        self._number += 1
        name = f"{self.forge.sender.device}-{self._number:08}{ENDING}"
        place = Memory()
        place.put(name, offer.data)
        before, started = self.store.read(traces), time.process_time()
        try:
            taken = exchange_in.take_over(self.store, Task(), place, [name])
        except Fault as fault:
            outcome.wrong.append(f"{offer.family}: {fault.code} stopped the round")
            return
        except Exception:
            outcome.wrong.append(f"{offer.family}: {traceback.format_exc()[-900:]}")
            return
        outcome.slowest = max(outcome.slowest, time.process_time() - started)
        refused = bool(taken.refused)
        outcome.ends["refused" if refused else "taken" if taken.bundles else "other"] += 1
        after = self.store.read(traces)
        if refused and after.pop("audit") != before.pop("audit") + 1:
            outcome.wrong.append(f"{offer.family}: no line in the audit log")
        elif refused and before != after:
            outcome.wrong.append(f"{offer.family}: refused, yet {before} became {after}")
        elif offer.must == REFUSED and not refused:
            outcome.wrong.append(f"{offer.family}: not refused")

    def sound(self) -> bool:
        """Whether the file is whole and every row is what the log says."""
        self.store.check()
        _ops, rows = self.store.read(merging.logged_rows)
        return not self.store.write(merging.rebuild, rows)


def traces(session: Any) -> dict[str, int]:
    counted = {
        each.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(each))
        for each in WATCHED
    }
    audit = sa.select(sa.func.count()).select_from(local.Audit)
    return {**counted, "audit": session.scalar(audit)}


def offered(how: str, first: int, count: int, folder: Path) -> Outcome:
    """Offer them all to a fresh database."""
    victim = Victim(folder)
    victim.forge.rng.seed(first)
    outcome = Outcome(Counter(), [])
    made = (
        handmade(victim.forge, count)
        if how == "handmade"
        else mutated(victim.forge, first, count)
    )
    for offer in made:
        victim.take(offer, outcome)
    if not victim.sound():
        outcome.wrong.append("rows are not what the log says")
    victim.store.close()
    return outcome


def main(how: str, first: int, count: int, room: int) -> None:
    with open("/proc/self/status", encoding="ascii") as status:
        used = next(int(line.split()[1]) for line in status if line.startswith("VmSize"))
    most = used * 1024 + (room << 20)
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        outcome = offered(how, first, count, Path(folder))
    print(json.dumps([dict(outcome.ends), outcome.wrong, outcome.slowest]))


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
