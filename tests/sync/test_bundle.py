"""Bundles: what goes in comes out, and nothing else ever does."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from migdesk.clock import Clock
from migdesk.errors import Fault
from migdesk.ops import BadOp, Op
from migdesk.sync import bundle, opening
from migdesk.sync.bundle import Manifest, Written
from migdesk.sync.opening import Limits, Opened
from migdesk.sync.seal import Card, Identity, encrypt

ANNA = Identity.new("aa" * 8, "Thiès")
BILL = Identity.new("bb" * 8, "Dakar")
CARL = Identity.new("cc" * 8, "Louga")
MADE = "2026-11-21T05:00:00Z"
PLAN = Manifest(incarnation="one", sequence=1, made=MADE, stream="all", schema=3)
KNOWN = {ANNA.device: (ANNA.card,)}


def some_ops(count: int, text: str = "Awa") -> list[Op]:
    clock = Clock(ANNA.device, now=lambda: 1_795_000_000_000)
    kinds = ("person", "case")
    stamps = [clock.tick() for _ in range(count)]
    return [
        Op(
            stamp,
            kinds[at % 2],
            f"r{at}",
            {"name": text, "n": at},
            {},
            stamps[0],
            "acc",
            "0.1",
            number=at + 1,
            salt="s" * 11,
            link="l" * 22,
        )
        for at, stamp in enumerate(stamps)
    ]


def written(
    ops: Sequence[Op] = (), blobs: Sequence[tuple[str, bytes]] = (), **changes: Any
) -> tuple[bytes, Written]:
    out = io.BytesIO()
    plan = msgspec.structs.replace(PLAN, **changes)
    made = bundle.write(
        out, plan, ops, identity=ANNA, recipients=[BILL.card], version="0.1", blobs=blobs
    )
    return out.getvalue(), made


def opened(data: bytes, who: Identity = BILL, **options: Any) -> Opened:
    options.setdefault("known", KNOWN)
    return opening.read(io.BytesIO(data), identities=[who], **options)


def blobs_of(one: Opened) -> list[tuple[str, bytes]]:
    taken: list[tuple[str, bytes]] = []
    one.take_blobs(lambda name, data: taken.append((name, data)))
    return taken


# --- there and back ---------------------------------------------------------------


def test_ops_blobs_and_manifest_come_back() -> None:
    ops = some_ops(300, "Awa 😀 عائشة")
    blobs = [("photo-1", b"\x00\xff" * 200_000), ("empty", b"")]
    data, made = written(ops, blobs, office="ab" * 16)
    one = opened(data)
    assert list(one.ops()) == list(one.ops()) == ops
    assert blobs_of(one) == blobs
    manifest = one.manifest
    assert manifest == made.manifest
    assert one.hash == made.hash
    assert manifest.counts == {"case": 150, "person": 150}
    assert manifest.ops_count == 300
    assert (manifest.first, manifest.last) == (ops[0].stamp, ops[-1].stamp)
    assert (manifest.device, manifest.device_name) == (ANNA.device, "Thiès")
    assert (manifest.incarnation, manifest.sequence, manifest.schema) == ("one", 1, 3)
    assert manifest.office == "ab" * 16
    assert (made.size, made.file_hash) == (len(data), hashlib.sha256(data).hexdigest())


@settings(max_examples=25)
@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.text("aé\n\"\\😀"), min_size=1)),
    st.dictionaries(st.text("abc123", min_size=1, max_size=8), st.binary(max_size=99)),
)
def test_any_content_comes_back(fields: list[dict[str, str]], blobs: dict[str, bytes]) -> None:
    ops = [
        msgspec.structs.replace(op, fields=value)
        for op, value in zip(some_ops(len(fields)), fields, strict=True)
    ]
    one = opened(written(ops, list(blobs.items()))[0])
    assert list(one.ops()) == ops
    assert dict(blobs_of(one)) == blobs


def test_an_empty_bundle_is_a_bundle() -> None:
    one = opened(written()[0])
    assert list(one.ops()) == []
    assert one.manifest.counts == {}


def test_a_file_appears_whole_and_is_read_from_its_path(tmp_path: Path) -> None:
    path = tmp_path / "b.mdb"
    bundle.write(path, PLAN, some_ops(3), identity=ANNA, recipients=[BILL.card],
                 blobs=[("x", b"1")])
    one = opening.read(path, identities=[BILL], known=KNOWN)
    assert blobs_of(one) == [("x", b"1")]
    assert [each.name for each in tmp_path.iterdir()] == ["b.mdb"]


def test_a_bundle_is_unreadable_and_hides_its_sender() -> None:
    data, _ = written(some_ops(5, "a telling name"))
    for needle in (b"a telling name", b"person", ANNA.device.encode(), "Thiès".encode()):
        assert needle not in data


def test_nothing_is_left_when_the_ops_are_bad_or_the_disk_is_full(tmp_path: Path) -> None:
    bad = msgspec.structs.replace(some_ops(1)[0], fields={"name": "a\x00b"})
    with pytest.raises(BadOp):
        bundle.write(tmp_path / "b", PLAN, [bad], identity=ANNA, recipients=[BILL.card])
    with pytest.raises(bundle.CannotWrite):
        bundle.write(tmp_path / "no" / "b", PLAN, [], identity=ANNA, recipients=[BILL.card])
    with pytest.raises(bundle.CannotWrite):
        bundle.write(Full(), PLAN, [], identity=ANNA, recipients=[BILL.card])
    assert list(tmp_path.iterdir()) == []


class Full(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


class Torn(io.BytesIO):
    """A stick pulled out after its first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 500:
            raise OSError(5, "Input/output error")
        return super().read(size)


def test_a_stick_pulled_out_is_an_obstacle(tmp_path: Path) -> None:
    data, _ = written(some_ops(2000))
    with pytest.raises(opening.CannotRead):
        opening.read(Torn(data), identities=[BILL], known=KNOWN)
    with pytest.raises(opening.CannotRead):
        opening.read(tmp_path / "gone", identities=[BILL], known=KNOWN)


def test_what_the_taker_of_blobs_raises_comes_through() -> None:
    def refuse(name: str, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        opened(written(blobs=[("x", b"1")])[0]).take_blobs(refuse)


def test_blob_names_pass_the_gate() -> None:
    for blobs in ([("../x", b"")], [("a", b"1"), ("a", b"2")]):
        with pytest.raises(ValueError, match="blob names"):
            written(blobs=blobs)


# --- refusals ---------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"PK\x03\x04 a workbook", b"x" * 40_000, b"\x00"])
def test_other_files_are_no_bundles(data: bytes) -> None:
    with pytest.raises(opening.NotABundle):
        opened(data)


def test_another_age_file_is_no_bundle() -> None:
    out = io.BytesIO()
    encrypt(io.BytesIO(b"just some letter to Bill, long enough"), out, [BILL.card])
    with pytest.raises(opening.NotABundle):
        opened(out.getvalue())


def test_a_cut_bundle_is_refused_wherever_it_was_cut() -> None:
    data, _ = written(some_ops(50), [("x", bytes(range(256)) * 1000)])
    for end in (0, 1, 10, 100, 180):
        with pytest.raises(opening.Truncated):
            opened(data[:end])
    for end in (70_000, 140_000, len(data) - 1):
        with pytest.raises(opening.Truncated):
            opened(data[:end])
    for end in range(200, len(data), 9973):
        with pytest.raises((opening.Truncated, opening.Altered)):
            opened(data[:end])


DATA, _ = written(some_ops(5), [("x", b"1")])


@settings(max_examples=60)
@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_a_changed_byte_anywhere_is_refused(at: int, mask: int) -> None:
    changed = bytearray(DATA)
    changed[at] ^= mask
    with pytest.raises(
        (opening.Altered, opening.NotABundle, opening.NotForUs, opening.Truncated)
    ):
        opened(bytes(changed))


@given(st.binary(max_size=300))
def test_any_garbage_is_refused_with_a_fault(data: bytes) -> None:
    for garbage in (data, DATA[:180] + data, DATA + b"x" + data):
        with pytest.raises(Fault):
            opened(garbage)


def test_a_bundle_for_another() -> None:
    with pytest.raises(opening.NotForUs):
        opened(DATA, CARL)


def test_a_bundle_passed_on_by_its_recipient() -> None:
    plain = io.BytesIO()
    BILL.decrypt(io.BytesIO(DATA), plain)
    out = io.BytesIO()
    encrypt(io.BytesIO(plain.getvalue()), out, [CARL.card])
    with pytest.raises(opening.NotForUs):
        opened(out.getvalue(), CARL)


def test_an_unknown_sender_is_named() -> None:
    with pytest.raises(opening.UnknownSender) as caught:
        opened(DATA, known={CARL.device: (CARL.card,)})
    assert caught.value.gaps == {"name": "Thiès", "device": ANNA.device}


def test_a_sender_who_claims_to_be_another() -> None:
    claimed = Card(ANNA.device, "Thiès", CARL.card.signer, CARL.card.recipient)
    with pytest.raises(opening.Altered):
        opened(DATA, known={ANNA.device: (claimed,)})


# --- well signed, yet wrong: a program gone bad, or a member of the office ---------


def forged(ops: bytes = b"", tail: bytes = b"", line: bytes = b"", **claims: Any) -> bytes:
    """A bundle as Anna would sign it, whatever it claims; true where nothing is claimed."""
    packed = claims.pop("packed", None) or zstandard.ZstdCompressor().compress(ops)
    true: dict[str, Any] = {
        "format": 1,
        "device": ANNA.device,
        "recipients": [BILL.device],
        "ops_size": len(ops),
        "ops_packed": len(packed),
        "ops_sha256": hashlib.sha256(packed).hexdigest(),
    }
    manifest = {**msgspec.to_builtins(PLAN), **true, **claims}
    raw = msgspec.json.encode(manifest)
    signature = ANNA.sign(bundle.SIGNED + hashlib.sha256(raw).digest())
    first = line or bundle.format_line()
    plain = first + len(raw).to_bytes(4, "big") + raw + signature + packed + tail
    out = io.BytesIO()
    encrypt(io.BytesIO(plain), out, [BILL.card])
    return out.getvalue()


LINES = b"".join(msgspec.json.encode(op) + b"\n" for op in some_ops(2))
TRUE: dict[str, Any] = {
    "counts": {"case": 1, "person": 1},
    "first": some_ops(2)[0].stamp,
    "last": some_ops(2)[1].stamp,
}


def test_the_forger_can_also_be_honest() -> None:
    assert list(opened(forged(LINES, **TRUE)).ops()) == some_ops(2)


@pytest.mark.parametrize(
    "claims",
    [
        {"counts": {"person": 2}},
        {"counts": {"case": 1, "person": -1}},
        {"first": "0"},
        {"last": some_ops(3)[2].stamp},
        {"ops_size": len(LINES) - 1},
        {"ops_size": len(LINES) + 1},
        {"ops_sha256": "00" * 32},
        {"ops_packed": 3},
        {"ops_packed": 10_000},
        {"blobs": [["x", 1, "00" * 32]], "tail": b"1"},
        {"blobs": [["../x", 0, hashlib.sha256(b"").hexdigest()]]},
        {"blobs": [["x", 0, hashlib.sha256(b"").hexdigest()]] * 2},
        {"blobs": [["x", -1, ""]]},
        {"tail": b"more"},
        {"sequence": 0},
        {"recipients": "all"},
        {"packed": b"no zstd frame"},
    ],
)
def test_claims_that_do_not_fit_are_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(opening.Altered):
        opened(forged(LINES, **{**TRUE, **claims}))


@pytest.mark.parametrize("ops", [b"{}\n", b"\n", LINES + b"x\n", LINES[:-2] + b"\n"])
def test_a_bad_op_refuses_the_whole(ops: bytes) -> None:
    with pytest.raises((BadOp, opening.Altered)):
        opened(forged(ops, **TRUE))


def test_a_last_line_without_end_is_refused() -> None:
    with pytest.raises(opening.Altered):
        opened(forged(LINES[:-1], **TRUE))


@pytest.mark.parametrize(
    "claims", [{"format": 2}, {"line": bundle.format_line(2)}, {"format": 2, "ops_packed": 3}]
)
def test_newer_formats_are_said(claims: dict[str, Any]) -> None:
    with pytest.raises(opening.NewerFormat):
        opened(forged(LINES, **{**TRUE, **claims}))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    bomb = zstandard.ZstdCompressor().compress(b"\n" * (100 << 20))
    assert len(bomb) < 20_000
    honest = forged(packed=bomb, ops_size=100 << 20)
    with pytest.raises(opening.TooLarge):
        opened(honest)
    with pytest.raises((opening.Altered, BadOp)):
        opened(forged(packed=bomb, ops_size=1000))


@pytest.mark.parametrize(
    "limits",
    [
        Limits(manifest=100),
        Limits(ops=100),
        Limits(ratio=0, free=100),
        Limits(packed=50),
        Limits(blob=0),
    ],
)
def test_each_limit_holds(limits: Limits) -> None:
    assert list(opened(DATA).ops()) == some_ops(5)
    with pytest.raises(opening.TooLarge):
        opened(DATA, limits=limits)


def test_an_endless_line_is_refused() -> None:
    ops = some_ops(1, "x" * (3 << 20))
    with pytest.raises(opening.TooLarge):
        opened(written(ops)[0], limits=Limits(line=1 << 20))


def test_a_manifest_length_that_lies_costs_nothing() -> None:
    out = io.BytesIO()
    encrypt(io.BytesIO(bundle.format_line() + b"\xff\xff\xff\xff"), out, [BILL.card])
    with pytest.raises(opening.TooLarge):
        opened(out.getvalue())


def test_a_source_exchanged_between_the_looks_is_noticed() -> None:
    one, other = written(blobs=[("x", b"1")])[0], written(blobs=[("x", b"2")])[0]
    source: IO[bytes] = io.BytesIO(one)
    bundle_one = opening.read(source, identities=[BILL], known=KNOWN)
    source.seek(0)
    source.truncate()
    source.write(other)
    with pytest.raises(opening.Altered):
        blobs_of(bundle_one)
