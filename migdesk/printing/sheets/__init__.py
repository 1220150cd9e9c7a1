"""The printed documents, by name: data class, layout, title. A new one is one line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from migdesk.i18n import N_, Text
from migdesk.printing.blocks import Document
from migdesk.printing.recipes import RECIPES
from migdesk.printing.sheets import (
    appointment_slip,
    bench_report,
    campaign_progress,
    codebook,
    crosstable,
    intake_form,
    list_sheet,
    pairing_card,
    partner_sheet,
    plain_sheet,
    project_dossier,
    questionnaire,
    record_sheet,
    recovery_key,
    recovery_share,
    request_receipt,
    visit_list,
)
from migdesk.printing.sheets.common import Imprint

__all__ = ["SHEETS", "Imprint", "Sheet"]


@dataclass(frozen=True)
class Sheet:
    """A kind of printed document: its name for people, its data, its layout."""

    title: Text
    data: type[Any]
    lay_out: Callable[[Any], Document]


SHEETS: dict[str, Sheet] = {
    "request-receipt": Sheet(
        N_("Request receipt"), request_receipt.RequestReceipt, request_receipt.lay_out
    ),
    "appointment-slip": Sheet(
        N_("Appointment slip"), appointment_slip.AppointmentSlip, appointment_slip.lay_out
    ),
    "intake-form": Sheet(N_("Intake form"), intake_form.IntakeForm, intake_form.lay_out),
    "project-dossier": Sheet(
        N_("Project dossier"), project_dossier.ProjectDossier, project_dossier.lay_out
    ),
    "partner-sheet": Sheet(
        N_("Partner fact sheet"), partner_sheet.PartnerSheet, partner_sheet.lay_out
    ),
    "questionnaire": Sheet(
        N_("Questionnaire"), questionnaire.Questionnaire, questionnaire.lay_out
    ),
    "cross-table": Sheet(N_("Table of answers"), crosstable.CrossTable, crosstable.lay_out),
    "bench-report": Sheet(
        N_("Report of the design bench"), bench_report.BenchReport, bench_report.lay_out
    ),
    "codebook": Sheet(N_("Codebook"), codebook.Codebook, codebook.lay_out),
    "campaign-progress": Sheet(
        N_("Progress of a campaign"),
        campaign_progress.CampaignProgress,
        campaign_progress.lay_out,
    ),
    "visit-list": Sheet(N_("Visits to make"), visit_list.VisitList, visit_list.lay_out),
    "plain-sheet": Sheet(N_("Record"), plain_sheet.PlainSheet, plain_sheet.lay_out),
    "list-sheet": Sheet(N_("List"), list_sheet.ListSheet, list_sheet.lay_out),
    "recovery-key": Sheet(N_("Recovery key"), recovery_key.RecoveryKey, recovery_key.lay_out),
    "recovery-share": Sheet(
        N_("Sheet of the recovery key"), recovery_share.RecoveryShare, recovery_share.lay_out
    ),
    "pairing-card": Sheet(N_("Pairing card"), pairing_card.PairingCard, pairing_card.lay_out),
    "agenda": Sheet(N_("Agenda"), record_sheet.RecordSheet, record_sheet.lay_out),
    "transfer-slip": Sheet(
        N_("Transfer slip"), record_sheet.RecordSheet, record_sheet.lay_out
    ),
    "information-notice": Sheet(
        N_("Information notice"), record_sheet.RecordSheet, record_sheet.lay_out
    ),
    "consent-form": Sheet(
        N_("Consent form"), record_sheet.RecordSheet, record_sheet.lay_out
    ),
    "subject-access": Sheet(
        N_("What we hold about you"), record_sheet.RecordSheet, record_sheet.lay_out
    ),
    "retention-calendar": Sheet(
        N_("Retention calendar"), record_sheet.RecordSheet, record_sheet.lay_out
    ),
    **{
        name: Sheet(recipe.title, record_sheet.RecordSheet, record_sheet.lay_out)
        for name, recipe in RECIPES.items()
    },
}
