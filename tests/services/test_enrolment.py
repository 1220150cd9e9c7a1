"""Computers join an office: signed lines, invitations, and what an office refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from migdesk.models.capture import NotYours
from migdesk.models.local import Audit
from migdesk.models.store import Store
from migdesk.services import (
    devices,
    enrolment,
    exchange,
    joining,
    merging,
    office,
    records,
    registry,
)
from migdesk.services.enrolment import Grant
from migdesk.services.registry import Scope, Trusted
from migdesk.sync import roll
from migdesk.sync.invitation import BrokenInvitation, NotInvited
from migdesk.sync.roll import Line
from migdesk.sync.seal import Card, OfficeKey
from tests.tools import ops

ALL = Grant("Laptop 2", "agent", Scope(True))


@pytest.fixture
def head(new_store: Callable[[], Store]) -> Store:
    """The computer that founded an office."""
    made = new_store()
    made.write(office.found, {"name": "HOM Kolda", "country": "SN"}, "Awa Mballo", "a-1")
    made.write(enrolment.found_office)
    return made


@pytest.fixture
def laptop(new_store: Callable[[], Store]) -> Store:
    """A computer that waits for its invitation."""
    return beginning(new_store(), "Laptop 2")


def beginning(store: Store, name: str) -> Store:
    store.write(joining.begin, name, "Binta Sow", "acc-1")
    return store


def card(store: Store) -> str:
    return store.read(devices.own).card


def enrolled(head: Store, other: Store, grant: Grant = ALL, with_key: bool = False) -> str:
    """The other computer is in; its line."""
    line = head.write(enrolment.enrol, card(other), grant)
    _name, data = head.write(enrolment.invitation, line, with_key)
    other.write(joining.join, data)
    return line


def carry(source: Store, target: Store) -> None:
    target.write(merging.apply_ops, ops(source), source.device)
    target.write(enrolment.heed)


def seen(store: Store, other: Store) -> Trusted:
    return store.read(registry.trusted)[Card.parse(card(other)).device]


def notes(store: Store, what: str) -> int:
    def count(session: Session) -> int:
        rows = sa.select(sa.func.count()).select_from(Audit).where(Audit.what == what)
        return session.scalar(rows) or 0

    return store.read(count)


def signed_as(store: Store, row: str, text: str) -> None:
    """Write a line into the register as any program could."""
    store.write(records.save, "device", row, {"name": "any", "signed": text})


def line_of(store: Store, row: str) -> Line:
    return store.read(registry.entries)[row].line


def test_an_office_is_founded_once_with_its_first_device(head: Store) -> None:
    before = head.read(registry.office)
    head.write(enrolment.found_office)
    assert head.read(registry.office) == before
    me = head.read(registry.ourselves)
    assert me is not None and me.state == "live" and me.scope == Scope(True)
    assert head.read(registry.trusted) == {}
    (view,) = head.read(devices.devices)
    assert view.ours and view.holder and view.name == "HOM Kolda"


def test_a_new_computer_is_in_after_its_invitation(head: Store, laptop: Store) -> None:
    assert laptop.read(joining.is_joining)
    line = head.write(enrolment.enrol, card(laptop), ALL)
    name, data = head.write(enrolment.invitation, line)
    assert "Kolda" not in name
    view = laptop.read(joining.look, data)
    assert view.office == "HOM Kolda" and view.role == "agent" and not view.key
    assert view.words == head.read(devices.own).office_words
    assert laptop.read(registry.office) is None
    laptop.write(joining.join, data)
    assert not laptop.read(joining.is_joining)
    assert seen(laptop, head).state == "live" == seen(head, laptop).state
    assert seen(head, laptop).cards == (Card.parse(card(laptop)),)
    here = laptop.read(office.this_office)
    assert here is not None and here.title == "HOM Kolda"
    account = laptop.read(records.get, "account", "acc-1")
    assert account.values["role"] == "agent" and account.title == "Binta Sow"
    assert laptop.read(devices.own).office_words == view.words


def test_words_are_the_same_on_both_screens(head: Store, laptop: Store) -> None:
    enrolled(head, laptop)
    (other,) = [d for d in head.read(devices.devices) if not d.ours]
    own = laptop.read(devices.own)
    assert other.words == own.words != head.read(devices.own).words
    assert len(own.words.split()) == 8
    assert len(devices.modules(own.card)) > 20


def test_an_invitation_is_for_one_computer(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    thief = beginning(new_store(), "Thief")
    line = head.write(enrolment.enrol, card(laptop), ALL)
    _name, data = head.write(enrolment.invitation, line)
    with pytest.raises(NotInvited):
        thief.read(joining.look, data)
    with pytest.raises(NotInvited):
        thief.write(joining.join, data)
    assert thief.read(registry.office) is None


def test_an_altered_or_cut_invitation_is_refused(head: Store, laptop: Store) -> None:
    line = head.write(enrolment.enrol, card(laptop), ALL)
    _name, data = head.write(enrolment.invitation, line)
    middle = len(data) - 40
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    for bad in (b"", b"no age file", data[:-5], data[:60], flipped):
        with pytest.raises(BrokenInvitation):
            laptop.write(joining.join, bad)
    assert laptop.read(registry.office) is None


def test_another_office_cannot_take_a_computer_over(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    enrolled(head, laptop)
    stranger = new_store()
    stranger.write(office.found, {"name": "Elsewhere", "country": "SN"}, "X", "a-2")
    line = stranger.write(enrolment.enrol, card(laptop), ALL)
    _name, data = stranger.write(enrolment.invitation, line)
    with pytest.raises(joining.OtherOffice):
        laptop.write(joining.join, data)
    assert laptop.read(registry.office) == head.read(registry.office)


def test_declined_words_leave_nothing_but_a_note(head: Store, laptop: Store) -> None:
    laptop.write(joining.decline)
    assert notes(laptop, "decline_invitation") == 1
    assert laptop.read(registry.office) is None and laptop.read(joining.is_joining)


def test_enrolling_checks_what_is_given(head: Store, laptop: Store) -> None:
    with pytest.raises(exchange.Ourselves):
        head.write(enrolment.enrol, card(head), ALL)
    with pytest.raises(enrolment.Nameless):
        head.write(enrolment.enrol, card(laptop), Grant(" ", "agent", Scope(True)))
    with pytest.raises(enrolment.NothingToReceive):
        head.write(enrolment.enrol, card(laptop), Grant("L", "agent", Scope(False)))
    head.write(enrolment.enrol, card(laptop), ALL)
    with pytest.raises(enrolment.Enrolled):
        head.write(enrolment.enrol, card(laptop), ALL)


@pytest.mark.parametrize("role", ["agent", "enumerator", "agency"])
def test_only_who_manages_the_office_enrols(head: Store, laptop: Store, role: str) -> None:
    head.role = role
    with pytest.raises(NotYours):
        head.write(enrolment.enrol, card(laptop), ALL)
    assert head.read(registry.trusted) == {}


def test_only_a_computer_with_the_office_key_enrols(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    line = enrolled(head, laptop)
    third = beginning(new_store(), "Third")
    with pytest.raises(enrolment.NoOfficeKey):
        laptop.write(enrolment.enrol, card(third), ALL)
    with pytest.raises(enrolment.NoOfficeKey):
        laptop.write(enrolment.revoke, line)


def test_the_key_given_to_a_second_administrator(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    line = enrolled(head, laptop)
    _name, data = head.write(enrolment.invitation, line, True)
    assert laptop.read(joining.look, data).key
    laptop.write(joining.join, data)
    third = beginning(new_store(), "Third")
    enrolled(laptop, third)
    carry(laptop, head)
    assert seen(head, third).state == "live"
    assert {d.name for d in head.read(devices.devices) if d.holder} == {"HOM Kolda", "Laptop 2"}


def test_the_last_holder_of_the_key_stays(head: Store, laptop: Store) -> None:
    line = enrolled(head, laptop)
    (mine,) = [d for d in head.read(devices.devices) if d.ours]
    with pytest.raises(enrolment.LastKey):
        head.write(enrolment.revoke, mine.line)
    head.write(enrolment.invitation, line, True)
    head.write(enrolment.revoke, mine.line)
    me = head.read(registry.ourselves)
    assert me is not None and me.state == "revoked"


def test_revoked_for_ever(head: Store, laptop: Store) -> None:
    line = enrolled(head, laptop)
    head.write(enrolment.revoke, line)
    assert seen(head, laptop).state == "revoked" and seen(head, laptop).revoked_at
    with pytest.raises(enrolment.RevokedKeys):
        head.write(enrolment.change, line, ALL)
    with pytest.raises(enrolment.RevokedKeys):
        head.write(enrolment.invitation, line)
    with pytest.raises(enrolment.RevokedKeys):
        head.write(enrolment.enrol, card(laptop), ALL)
    carry(head, laptop)
    assert laptop.write(enrolment.renew_keys)
    again = enrolled(head, laptop)
    assert again != line and seen(head, laptop).state == "live"


def test_another_computer_takes_the_place(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    line = enrolled(head, laptop)
    fresh = beginning(new_store(), "New laptop")
    head.write(enrolment.replace, line, card(fresh))
    _name, data = head.write(enrolment.invitation, line)
    fresh.write(joining.join, data)
    assert seen(head, fresh).state == "live"
    assert seen(head, laptop).state == "replaced" and seen(head, laptop).revoked_at
    carry(head, laptop)
    me = laptop.read(registry.ourselves)
    assert me is not None and me.state == "replaced"


def test_new_keys_count_once_they_are_signed(head: Store, laptop: Store) -> None:
    line = enrolled(head, laptop)
    old = laptop.read(registry.identities)[0].card
    assert not laptop.write(enrolment.renew_keys)
    waiting = laptop.read(devices.own).waiting
    assert Card.parse(waiting).device == old.device
    assert laptop.read(registry.identities)[0].card == old
    head.write(enrolment.replace, line, waiting)
    assert seen(head, laptop).cards == (Card.parse(waiting), old)
    carry(head, laptop)
    mine = laptop.read(registry.identities)
    assert [str(each.card) for each in mine] == [waiting, str(old)]
    assert laptop.read(devices.own).waiting == ""
    me = laptop.read(registry.ourselves)
    assert me is not None and me.state == "live"


def test_a_holder_signs_its_own_new_keys(head: Store, laptop: Store) -> None:
    enrolled(head, laptop)
    before = head.read(registry.identities)
    assert head.write(enrolment.renew_keys)
    after = head.read(registry.identities)
    assert after[1:] and after[1].card == before[0].card
    carry(head, laptop)
    assert seen(laptop, head).cards[0] == after[0].card


def test_scope_changes_travel(head: Store, laptop: Store) -> None:
    place = head.write(records.save, "place", None, {"name": "Saré Yoba"})
    line = enrolled(head, laptop)
    narrow = Scope(False, (place,), ("census",), ())
    head.write(enrolment.change, line, Grant("Laptop 2", "enumerator", narrow))
    carry(head, laptop)
    me = laptop.read(registry.ourselves)
    assert me is not None and me.scope == narrow
    (view,) = [d for d in head.read(devices.devices) if not d.ours]
    assert "Saré Yoba" in view.scope_words and view.role == "enumerator"


def test_who_feeds_a_device_is_told_by_its_newest_card(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    line = enrolled(head, laptop)
    third = beginning(new_store(), "Third")
    enrolled(head, third, Grant("Third", "enumerator", Scope(False, ("p",)), fed_by=line))
    assert seen(head, third).fed_by == Card.parse(card(laptop)).device


def test_a_forged_line_is_nothing_and_is_reported(head: Store, laptop: Store) -> None:
    line = enrolled(head, laptop)
    carry(head, laptop)
    held = line_of(head, line)
    forged = msgspec.structs.replace(held, everything=False, places=("mine",), generation=9)
    signed_as(laptop, line, roll.signed(forged, OfficeKey.new()))
    carry(laptop, head)
    assert line_of(head, line) == held
    (report,) = head.read(registry.reports)
    assert (report.device, report.why) == (line, "forged")
    head.write(enrolment.heed)
    assert notes(head, "register_forged") == 1


def test_a_line_of_another_device_is_forged(head: Store, laptop: Store) -> None:
    enrolled(head, laptop)
    (mine,) = [d for d in head.read(devices.devices) if d.ours]
    text = head.read(records.get, "device", mine.line).values["signed"]
    signed_as(laptop, "0123456789abcdef", text)
    carry(laptop, head)
    assert "0123456789abcdef" not in head.read(registry.entries)
    assert [r.why for r in head.read(registry.reports)] == ["forged"]


def test_an_old_line_written_again_is_ignored_and_reported(head: Store, laptop: Store) -> None:
    line = enrolled(head, laptop)
    old = head.read(records.get, "device", line).values["signed"]
    head.write(enrolment.revoke, line)
    carry(head, laptop)
    signed_as(laptop, line, old)
    carry(laptop, head)
    assert head.read(records.get, "device", line).values["signed"] == old
    assert seen(head, laptop).state == "revoked"
    (report,) = head.read(registry.reports)
    assert (report.device, report.why) == (line, "replayed")
    assert notes(head, "register_replayed") == 1


def test_the_lines_of_another_office_are_left_alone(
    head: Store, new_store: Callable[[], Store]
) -> None:
    other = new_store()
    other.write(office.found, {"name": "Elsewhere", "country": "SN"}, "X", "a-2")
    other.write(enrolment.found_office)
    carry(other, head)
    assert head.read(registry.reports) == ()
    assert head.read(registry.trusted) == {}


def two_administrators(head: Store, laptop: Store, new: Callable[[], Store]) -> tuple[Any, ...]:
    enrolled(head, laptop, with_key=True)
    third = beginning(new(), "Third")
    line = enrolled(head, third)
    carry(head, laptop)
    return third, line


def test_two_administrators_at_once(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    _third, line = two_administrators(head, laptop, new_store)
    head.write(enrolment.change, line, Grant("Here", "agent", Scope(True)))
    laptop.write(enrolment.change, line, Grant("There", "agent", Scope(False, ("p",))))
    carry(head, laptop)
    carry(laptop, head)
    assert line_of(head, line) == line_of(laptop, line)
    assert [r.why for r in head.read(registry.reports)] == ["crossed"]
    (view,) = [d for d in head.read(devices.devices) if d.line == line]
    digest = next(digest for digest, words in view.crossed if words.startswith("There"))
    head.write(enrolment.settle_crossed, line, digest)
    carry(head, laptop)
    assert line_of(laptop, line).name == "There"
    assert head.read(registry.reports) == () == laptop.read(registry.reports)


def test_a_revocation_wins_over_a_change_that_did_not_know_it(
    head: Store, laptop: Store, new_store: Callable[[], Store]
) -> None:
    third, line = two_administrators(head, laptop, new_store)
    head.write(enrolment.revoke, line)
    for name in ("One", "Two"):
        laptop.write(enrolment.change, line, Grant(name, "agent", Scope(True)))
    carry(head, laptop)
    carry(laptop, head)
    for store in (head, laptop):
        assert seen(store, third).state == "revoked"
    laptop.write(enrolment.settle_crossed, line, "")
    carry(laptop, head)
    assert seen(head, third).state == "revoked" and head.read(registry.reports) == ()


def test_a_paired_computer_of_another_office_is_trusted_too(head: Store, laptop: Store) -> None:
    head.write(exchange.pair, card(laptop))
    found = seen(head, laptop)
    assert found.state == "live" and found.scope == Scope(True)
    line = head.write(enrolment.enrol, card(laptop), ALL)
    head.write(enrolment.revoke, line)
    assert seen(head, laptop).state == "revoked"
