"""Between offices: the slip that goes with a bundle, and one file that two offices share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

import pytest

from migdesk.jobs.exchange import exchange
from migdesk.models.sealing import COMPARTMENTS
from migdesk.models.store import Store
from migdesk.services import consent_gate, office, records, scopes, sharing, transfer_slips
from migdesk.services import exchange as cards
from migdesk.services.registry import Scope
from migdesk.services.views import Gone
from migdesk.sync.stores import Memory
from migdesk.task import Task
from tests.tools import Make, pdf_text, printed


@pytest.fixture
def two(new_store: Callable[[], Store]) -> tuple[Store, Store]:
    """Two computers that trust each other; the second one is Kolda's."""
    one, other = new_store(), new_store()
    for store, name in ((one, "HOM Sédhiou"), (other, "Antenne Kolda")):
        Make(store).office(name=name)
        store.write(cards.make_card)
    one.write(cards.pair, other.read(cards.my_card).text)
    other.write(cards.pair, one.read(cards.my_card).text)
    return one, other


def test_r146_a_bundle_has_a_slip_at_both_ends(two: tuple[Store, Store]) -> None:
    one, other = two
    place = Memory()
    for number in range(3):
        one.write(records.save, "person", None, {"family_name": f"Secret {number}"})
    exchange(one, Task(), place)
    (sent,) = one.read(transfer_slips.went)
    with place.get(sent.name) as source:
        data = source.read()
    assert (sent.size, sent.digest) == (len(data), hashlib.sha256(data).hexdigest())
    assert len(sent.readers) == 1
    exchange(other, Task(), place)
    came = other.read(transfer_slips.bundle, sent.name)
    assert (came.size, came.digest, came.ops) == (sent.size, sent.digest, sent.ops)
    here = pdf_text(printed(one, "transfer-slip", name=sent.name))
    there = pdf_text(printed(other, "transfer-slip", name=sent.name))
    groups = [sent.digest[at : at + 8] for at in range(0, 64, 8)]
    for text in (here, there):
        assert sent.name in text and " ".join(groups) in text and "Secret" not in text
        assert f"{sent.size:,} bytes" in text and f"Changes {sent.ops}" in text
        for words in ("Handed over by", "Carried by", "Received by", "It was refused"):
            assert words in text
    assert sent.readers[0] in here and "Made on" in here
    assert came.sender in there and "Taken over on" in there
    with pytest.raises(Gone):
        one.read(transfer_slips.bundle, "nothing")


def test_r146_a_figure_tells_nothing_of_what_is_hidden(two: tuple[Store, Store]) -> None:
    one, _other = two
    person = Make(one).person()
    Make(one).legal_note(person=person, question="Eviction")
    exchange(one, Task(), Memory())
    (sent,) = one.read(transfer_slips.went)
    assert sent.ops
    agent = one.write(
        records.save, "account", None, {"name": "Awa", "role": "agent", "compartments": []}
    )
    head = one.write(
        records.save,
        "account",
        None,
        {"name": "Ndeye", "role": "office_head", "compartments": list(COMPARTMENTS)},
    )
    told = {}
    for account, role in ((agent, "agent"), (head, "office_head")):
        one.actor, one.role = account, role
        found = one.read(transfer_slips.bundle, sent.name)
        told[account] = (found.size, found.ops)
        assert [b.name for b in one.read(transfer_slips.went)] == [sent.name]
    assert told == {agent: (0, None), head: (sent.size, sent.ops)}
    one.actor, one.role = agent, "agent"
    text = pdf_text(printed(one, "transfer-slip", name=sent.name))
    assert "Changes" not in text and "bytes" not in text and sent.digest[:8] in text


# one file, two offices -----------------------------------------------------------

TODAY = date(2026, 11, 21)


@pytest.fixture
def shared(store: Store, make: Make) -> dict[str, str]:
    """A person of Sédhiou whose file goes to the office of residence."""
    about = {"name": "HOM Sédhiou", "country": "SN"}
    here = store.write(office.found, about, "Fatou Diatta", "fatou")
    store.actor = "fatou"
    there = make.office(name="Guichet Lyon")
    awa = make.person(given_name="Awa", family_name="Sané")
    case = make.case(title="Poultry", person=awa)
    made = make.sharing(
        person=awa,
        case=case,
        office=there,
        role="residence",
        rights=["read_identity", "read_case"],
        ends="2026-12-31",
        reason="She lives in Lyon",
    )
    return {"here": here, "there": there, "person": awa, "case": case, "sharing": made}


def state(store: Store, id: str, day: date = TODAY) -> str:
    view = store.read(records.get, "sharing", id)
    return store.read(sharing.states, (view,), day)[id]


def test_r145_a_file_is_shared_behind_the_consent_gate(
    store: Store, make: Make, shared: dict[str, str]
) -> None:
    id, awa, there = shared["sharing"], shared["person"], shared["there"]
    assert state(store, id) == "later"
    with pytest.raises(consent_gate.NoConsent):
        store.write(sharing.begin, id, None, TODAY)
    agreed = make.consent(person=awa, purpose="sharing", answer="given", given="2026-11-20")
    store.write(sharing.begin, id, None, TODAY)
    assert state(store, id) == "holds"
    assert store.read(records.get, "sharing", id).values["starts"] == "2026-11-21"
    for right, yes in (("read_identity", True), ("read_case", True), ("restricted", False)):
        assert store.read(sharing.may, there, awa, right) is yes
    assert not store.read(sharing.may, shared["here"], awa, "read_case")
    told = store.read(records.linked, "disclosure", "person", awa)
    assert [(line.values["purpose"], line.values["recipient"]) for line in told] == [
        ("sharing", "Guichet Lyon")
    ]
    note = pdf_text(printed(store, "transfer-note", id=id))
    for words in ("Guichet Lyon", "Office of residence", "Read the case", "She lives in"):
        assert words in note
    assert "Poultry" in note and "Office that receives" in note
    table = pdf_text(printed(store, "access-table", id=awa))
    for words in ("Guichet Lyon", "31/12/2026", "In force", "Consent of the person"):
        assert words in table
    assert state(store, id, date(2027, 1, 1)) == "ended"
    store.write(records.save, "consent", agreed, {"withdrawn": "2026-11-21"})
    assert state(store, id) == "no_consent" and store.read(sharing.in_force, TODAY) == ()
    assert "Without consent" in pdf_text(printed(store, "access-table", id=awa))


def test_r145_an_override_holds_and_an_end_ends(
    store: Store, make: Make, shared: dict[str, str]
) -> None:
    id = shared["sharing"]
    store.write(sharing.begin, id, consent_gate.Override("She is in danger"), TODAY)
    assert state(store, id) == "holds"
    (one,) = store.read(sharing.in_force, TODAY)
    assert (one.person, one.case) == (shared["person"], shared["case"])
    store.write(records.save, "sharing", id, {"rights": ["read_identity"]})
    (one,) = store.read(sharing.in_force, TODAY)
    assert one.case == ""
    store.write(sharing.end, id, TODAY)
    assert state(store, id) == "holds"  # until midnight
    assert state(store, id, date(2026, 11, 22)) == "ended"
    nobody = make.person(given_name="Moussa")
    text = pdf_text(printed(store, "access-table", id=nobody))
    assert "shared with no other office" in text


def test_r145_a_computer_of_that_office_receives_the_file_while_it_is_shared(
    store: Store, make: Make, shared: dict[str, str]
) -> None:
    town = make.place(name="Lyon")
    quarter = make.place(name="Gerland", parent=town)
    store.write(records.save, "office", shared["there"], {"area": [town]})
    make.consent(person=shared["person"], purpose="sharing", given="2026-11-20")
    store.write(sharing.begin, shared["sharing"])
    step = make.cycle_step(person=shared["person"], phase="destination")
    plain = Scope(False, (quarter,))
    whole = Scope(False, (quarter,), (), ("cases",))
    elsewhere = Scope(False, (make.place(name="Kolda"),), (), ("cases",))
    found = store.read(scopes.rows, plain, ())
    assert {shared["person"], shared["sharing"], step} <= found
    assert shared["case"] not in found
    assert shared["case"] in store.read(scopes.rows, whole, ())
    assert shared["person"] not in store.read(scopes.rows, elsewhere, ())
    past = {"starts": "2020-01-01", "ends": "2020-02-01"}
    store.write(records.save, "sharing", shared["sharing"], past)
    assert shared["person"] not in store.read(scopes.rows, whole, ())
    store.write(records.save, "sharing", shared["sharing"], {"ends": None})
    assert shared["person"] in store.read(scopes.rows, whole, ())
    store.write(records.save, "person", shared["person"], {"note": "Hidden from a partner"})
    assert shared["person"] not in store.read(scopes.rows, whole, ())
