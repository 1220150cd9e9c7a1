"""Lines of the register: what the office signed, and which of several counts."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from migdesk.keytext import aloud
from migdesk.sync import roll
from migdesk.sync.invitation import BrokenInvitation, Invitation, NotInvited, opened, sealed
from migdesk.sync.roll import Line, Unsigned
from migdesk.sync.seal import Identity, OfficeKey

KEY = OfficeKey(bytes(range(32)))
IDENTITY = Identity.new("0123456789abcdef", "Laptop")
FIRST = Line(
    KEY.office.id,
    IDENTITY.device,
    "Laptop",
    (str(IDENTITY.card),),
    ("2026-11-21T10:00:00Z",),
    "agent",
    "2026-11-21T10:00:00Z",
    everything=True,
)


def after(*lines: Line, **fields: object) -> Line:
    changed = msgspec.structs.replace(lines[0], **fields)
    return msgspec.structs.replace(
        changed,
        generation=max(line.generation for line in lines) + 1,
        replaces=tuple(line.digest for line in lines),
    )


def test_a_signed_line_is_read_again() -> None:
    text = roll.signed(FIRST, KEY)
    assert roll.read(text, KEY.office, FIRST.line) == FIRST
    assert roll.claims(text, KEY.office)
    assert not roll.claims(text, OfficeKey.new().office)


@example(at=85, char="B")  # bits that base64 does not use
@given(at=st.integers(0, len(roll.signed(FIRST, KEY)) - 1), char=st.characters(codec="ascii"))
def test_no_sign_of_it_may_change(at: int, char: str) -> None:
    text = roll.signed(FIRST, KEY)
    changed = text[:at] + char + text[at + 1 :]
    if changed != text:
        with pytest.raises(Unsigned):
            roll.read(changed, KEY.office, FIRST.line)


def test_it_counts_for_its_row_and_its_office_only() -> None:
    text = roll.signed(FIRST, KEY)
    for office, row in ((KEY.office, "f" * 16), (OfficeKey.new().office, FIRST.line)):
        with pytest.raises(Unsigned):
            roll.read(text, office, row)
    other = roll.signed(FIRST, OfficeKey.new())
    with pytest.raises(Unsigned):
        roll.read(other, KEY.office, FIRST.line)


@given(st.randoms(use_true_random=False))
def test_the_line_that_counts_depends_on_the_set_alone(random: object) -> None:
    one = after(FIRST, name="One")
    two = after(FIRST, name="Two")
    third = after(two, name="Three")
    lines = [FIRST, one, two, third, FIRST, two]
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert [head.name for head in roll.heads(lines)] == ["Three", "One"]
    gone = after(FIRST, state=roll.REVOKED)
    assert roll.heads([*lines, gone])[0] == gone
    settled = after(third, one, gone, name="All")
    assert roll.heads([settled, *lines, gone]) == [settled]


def test_an_old_line_is_no_head() -> None:
    revoked = after(FIRST, state=roll.REVOKED)
    assert roll.heads([revoked, FIRST]) == [revoked]


def test_words_read_aloud_tell_digests_apart() -> None:
    words = [aloud(bytes([n]) * 10) for n in range(256)]
    assert len(set(words)) == 256
    assert all(len(each.split()) == 8 and len(each) == 39 for each in words)
    # The last of 80 bits is heard too.
    assert aloud(bytes(10)) != aloud(bytes(9) + b"\x01")


def invitation(**fields: object) -> Invitation:
    made = Invitation(
        KEY.office.public, "o", "HOM", FIRST.line, roll.signed(FIRST, KEY), ("{}",)
    )
    return msgspec.structs.replace(made, **fields)


def test_an_invitation_opens_for_any_of_our_keys() -> None:
    data = sealed(invitation(key=KEY.to_bytes()), KEY, IDENTITY.card)
    assert opened(data, [Identity.new(), IDENTITY]).says == FIRST
    with pytest.raises(NotInvited):
        opened(data, [Identity.new()])


def test_an_invitation_must_hold_together() -> None:
    other = OfficeKey.new()
    stranger = Identity.new(name="X")
    for bad in (
        sealed(invitation(), other, IDENTITY.card),  # signed by somebody else
        sealed(invitation(key=other.to_bytes()), KEY, IDENTITY.card),
        sealed(invitation(office=other.office.public), other, IDENTITY.card),
        sealed(invitation(line="no line"), KEY, IDENTITY.card),
    ):
        with pytest.raises(BrokenInvitation):
            opened(bad, [IDENTITY])
    # Sealed anew to a thief by who could read it: the line still names another computer.
    with pytest.raises(NotInvited):
        opened(sealed(invitation(), KEY, stranger.card), [stranger])
