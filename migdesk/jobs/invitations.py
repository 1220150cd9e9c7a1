"""Campaigns that take long: inviting thousands, the letters of all in one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from migdesk.errors import Mistake
from migdesk.i18n import N_, language
from migdesk.models.quick import chunks
from migdesk.models.store import Store
from migdesk.printing.raster import join
from migdesk.services import invitations
from migdesk.services.invitations import Campaign
from migdesk.task import Task

from .print_sheet import print_sheet

LETTER = "reminder-letter"
PART = 200


class NobodyWaits(Mistake):
    """A campaign of which everybody answered, or refused to be asked."""

    code = "INV-010"
    text = N_("Nobody of “{campaign}” waits for a reminder: all answered, or said no.")


@dataclass(frozen=True)
class Letters:
    """Letters of a campaign in one file."""

    campaign: Campaign
    data: bytes = field(repr=False)


def invite_all(store: Store, task: Task, campaign: str, today: date) -> int:
    """Invite everybody who has told no skill for a year; how many. What was written when it
    is stopped stays."""
    people = store.read(invitations.to_invite, campaign, today)
    done = 0
    for part in chunks(people, PART):
        task.step(done, len(people))
        done += store.write(invitations.invite, campaign, part, today)
    return done


def remind(
    store: Store, task: Task, campaign: str, today: date, document_language: str = ""
) -> Letters:
    """A letter for each who did not answer, in one PDF; noted once all are made. Raises
    NobodyWaits."""
    found = store.read(invitations.campaign, campaign)
    if not found.waiting:
        raise NobodyWaits(campaign=campaign)
    spoken = document_language or language()
    letters = []
    for done, id in enumerate(found.waiting):
        task.step(done, len(found.waiting))
        letters.append(print_sheet(store, Task(), LETTER, {"id": id}, spoken))
    data = join(letters)
    store.write(invitations.reminded, found.waiting, today)
    return Letters(found, data)
