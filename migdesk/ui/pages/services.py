"""Services and rights: directory, referrals, advice, information."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from migdesk.i18n import N_

from .kinds import KindsPage
from .ways import ReferralDetail, VerifiedDetail


class ServicesPage(KindsPage):
    """Services and rights: directory, referrals, advice, information."""

    name: ClassVar[str] = "services"
    title = N_("Services and rights")
    details: ClassVar = {
        "referral": ReferralDetail,
        "service": partial(VerifiedDetail, kind="service"),
        "rights_text": partial(VerifiedDetail, kind="rights_text"),
    }
    kinds: ClassVar = {
        "service": (
            N_("What is offered somewhere, to whom, when."),
            N_("Add a service, or import a directory."),
        ),
        "referral": (
            N_("People sent to a service, and what came back."),
            N_("Refer a person from the file, or here."),
        ),
        "legal_note": (
            N_("Legal help, apart from the rest."),
            N_("Note a question and its advice."),
        ),
        "rights_text": (
            N_("What is known of rights and dangers, by country and language."),
            N_("Add a text with its source."),
        ),
        "awareness": (
            N_("Campaigns of information, and what people knew before and after."),
            N_("Plan a campaign."),
        ),
        "helper": (
            N_("Mediators, interpreters and buddies."),
            N_("Add somebody who helps."),
        ),
        "pairing": (
            N_("People and the mediator or buddy who helps them."),
            N_("Pair a person with a buddy."),
        ),
    }
    package = True
    documents: ClassVar = (
        "service-directory",
        "country-sheet",
    )
