"""First schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from migdesk.models.migrations.first import TABLES, record_tables
from migdesk.models.search import create_index

revision = "0001"
down_revision = None

RECORDS = """
    account attachment budget_line campaign campaign_target case check_note
    code_item consent contact_person device disclosure distinct draw entity
    entity_map finance_line household member office organisation paper
    paper_copy participation person place project questionnaire review_note risk
    step submission survey_unit visit
""".split()

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("office", sa.String(length=36), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("compartments", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("blob", sa.Text(), nullable=True),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("of", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_of_id"), "attachment", ["of", "id"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_table(
        "blob",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_blob")),
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("price", sa.Text(), nullable=True),
        sa.Column("month", sa.BigInteger(), nullable=True),
        sa.Column("life", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
    )
    op.create_index(op.f("ix_budget_line_case_id"), "budget_line", ["case", "id"], unique=False)
    op.create_table(
        "case",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("relative", sa.String(length=36), nullable=True),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("opened", sa.Text(), nullable=True),
        sa.Column("closed", sa.Text(), nullable=True),
        sa.Column("adviser", sa.String(length=36), nullable=True),
        sa.Column("office", sa.String(length=36), nullable=True),
        sa.Column("coach", sa.String(length=36), nullable=True),
        sa.Column("coach_home", sa.String(length=36), nullable=True),
        sa.Column("followed", sa.Text(), nullable=True),
        sa.Column("begun_in", sa.Text(), nullable=True),
        sa.Column("compartment", sa.Text(), nullable=True),
        sa.Column("sector", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("activity", sa.Text(), nullable=True),
        sa.Column("jobs", sa.BigInteger(), nullable=True),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("chain", sa.String(length=36), nullable=True),
        sa.Column("market", sa.Text(), nullable=True),
        sa.Column("prices", sa.Text(), nullable=True),
        sa.Column("channels", sa.Text(), nullable=True),
        sa.Column("means", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("plan_start", sa.Text(), nullable=True),
        sa.Column("opening_cash", sa.Text(), nullable=True),
        sa.Column("tax", sa.Float(), nullable=True),
        sa.Column("sales", sa.Text(), nullable=True),
        sa.Column("costs", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
    )
    op.create_index(op.f("ix_case_code_id"), "case", ["code", "id"], unique=False)
    op.create_index(op.f("ix_case_person_id"), "case", ["person", "id"], unique=False)
    op.create_index(op.f("ix_case_relative_id"), "case", ["relative", "id"], unique=False)
    op.create_index(op.f("ix_case_place_id"), "case", ["place", "id"], unique=False)
    op.create_index(op.f("ix_case_status_id"), "case", ["status", "id"], unique=False)
    op.create_table(
        "code_item",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("list", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("label_fr", sa.Text(), nullable=True),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_item")),
    )
    op.create_table(
        "conflict",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("winner", sa.String(length=40), nullable=False),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
    )
    op.create_index(op.f("ix_conflict_row"), "conflict", ["row"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("means", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("given", sa.Text(), nullable=True),
        sa.Column("expires", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Text(), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("notice", sa.String(length=36), nullable=True),
        sa.Column("scan", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_person_id"), "consent", ["person", "id"], unique=False)
    op.create_table(
        "contact_person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("organisation", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_person")),
    )
    op.create_index(
        op.f("ix_contact_person_organisation_id"),
        "contact_person",
        ["organisation", "id"],
        unique=False,
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("account", sa.String(length=36), nullable=False),
        sa.Column("saved", sa.String(length=30), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    op.create_table(
        "finance_line",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("nature", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("lodged", sa.Text(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("month", sa.BigInteger(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("months", sa.BigInteger(), nullable=True),
        sa.Column("grace", sa.BigInteger(), nullable=True),
        sa.Column("grace_kind", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finance_line")),
    )
    op.create_index(
        op.f("ix_finance_line_case_id"), "finance_line", ["case", "id"], unique=False
    )
    op.create_table(
        "household",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("head", sa.String(length=36), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_index(op.f("ix_household_code_id"), "household", ["code", "id"], unique=False)
    op.create_index(op.f("ix_household_head_id"), "household", ["head", "id"], unique=False)
    op.create_table(
        "member",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("household", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth", sa.Text(), nullable=True),
        sa.Column("away", sa.Boolean(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index(op.f("ix_member_household_id"), "member", ["household", "id"], unique=False)
    op.create_index(op.f("ix_member_person_id"), "member", ["person", "id"], unique=False)
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("hours", sa.Text(), nullable=True),
        sa.Column("logo", sa.String(length=36), nullable=True),
        sa.Column("area", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("offers", sa.Text(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=True),
        sa.Column("partners", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
    )
    op.create_table(
        "op",
        sa.Column("seq", SERIAL, autoincrement=True, nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("tx", sa.String(length=40), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=22), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_op")),
        sa.UniqueConstraint("stamp", name=op.f("uq_op_stamp")),
    )
    op.create_index(op.f("ix_op_row"), "op", ["row"], unique=False)
    op.create_index(
        "ix_op_tx",
        "op",
        ["tx"],
        unique=False,
        sqlite_where=sa.text("tx IS NOT NULL"),
    )
    op.create_index(
        "ix_op_parked",
        "op",
        ["kind"],
        unique=False,
        sqlite_where=sa.text("parked"),
        postgresql_where=sa.text("parked"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("acronym", sa.Text(), nullable=True),
        sa.Column("types", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("refuge", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("website", sa.Text(), nullable=True),
        sa.Column("sectors", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("route", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_index(
        op.f("ix_organisation_code_id"), "organisation", ["code", "id"], unique=False
    )
    op.create_index(
        op.f("ix_organisation_name_id"), "organisation", ["name", "id"], unique=False
    )
    op.create_table(
        "paper",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("file", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
    )
    op.create_index(op.f("ix_paper_case_id"), "paper", ["case", "id"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("project", sa.String(length=36), nullable=True),
        sa.Column("organisation", sa.String(length=36), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
    )
    op.create_index(
        op.f("ix_participation_organisation_id"),
        "participation",
        ["organisation", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_participation_project_id"), "participation", ["project", "id"], unique=False
    )
    op.create_table(
        "peer",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_peer")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("aliases", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("birth", sa.Text(), nullable=True),
        sa.Column("nationality", sa.Text(), nullable=True),
        sa.Column("photo", sa.String(length=36), nullable=True),
        sa.Column("origin", sa.String(length=36), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_2", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("contact_note", sa.Text(), nullable=True),
        sa.Column("free_times", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("here_from", sa.Text(), nullable=True),
        sa.Column("here_until", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("office", sa.String(length=36), nullable=True),
        sa.Column("residence_country", sa.Text(), nullable=True),
        sa.Column("residence", sa.Text(), nullable=True),
        sa.Column("languages", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("education", sa.Text(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=True),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("protection", sa.Text(), nullable=True),
        sa.Column("needs", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("refuge", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_code_id"), "person", ["code", "id"], unique=False)
    op.create_index(
        op.f("ix_person_family_name_id"), "person", ["family_name", "id"], unique=False
    )
    op.create_index(
        op.f("ix_person_given_name_id"), "person", ["given_name", "id"], unique=False
    )
    op.create_table(
        "place",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("other_names", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("parent", sa.String(length=36), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("pcode", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index(op.f("ix_place_name_id"), "place", ["name", "id"], unique=False)
    op.create_index(op.f("ix_place_parent_id"), "place", ["parent", "id"], unique=False)
    op.create_index(op.f("ix_place_pcode_id"), "place", ["pcode", "id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("countries", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("programme", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
    )
    op.create_index(op.f("ix_project_code_id"), "project", ["code", "id"], unique=False)
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("version", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("xform", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
    )
    op.create_index(
        op.f("ix_questionnaire_form_id"), "questionnaire", ["form", "id"], unique=False
    )
    op.create_table(
        "received",
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("incarnation", sa.String(length=40), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.String(length=30), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.Column("ops", sa.Integer(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
    )
    op.create_index(op.f("ix_received_device"), "received", ["device"], unique=False)
    op.create_table(
        "interval",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("incarnation", sa.String(length=40), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("after", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "device", "incarnation", "stream", "after", name=op.f("pk_interval")
        ),
    )
    op.create_table(
        "ack",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("incarnation", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("made", sa.String(length=30), nullable=False),
        sa.Column("news", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("device", name=op.f("pk_ack")),
    )
    op.create_table(
        "sent",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("stream", sa.String(length=80), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("readers", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("ops", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.Column("log", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sent")),
    )
    op.create_table(
        "outbox",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("device", "n", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_device_row", "outbox", ["device", "row"], unique=False)
    op.create_table(
        "lent",
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("incarnation", sa.String(length=40), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("device", "incarnation", "row", name=op.f("pk_lent")),
    )
    op.create_table(
        "head",
        sa.Column("writer", sa.String(length=32), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.Column("link", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("writer", "said_by", name=op.f("pk_head")),
    )
    op.create_table(
        "held_back",
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.Column("device", sa.String(length=32), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("stamp", name=op.f("pk_held_back")),
    )
    op.create_index(op.f("ix_held_back_device"), "held_back", ["device"], unique=False)
    op.create_index(op.f("ix_held_back_row"), "held_back", ["row"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_quarantine")),
    )
    op.create_table(
        "chunk",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", "number", name=op.f("pk_chunk")),
    )
    op.create_table(
        "risk",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk")),
    )
    op.create_index(op.f("ix_risk_case_id"), "risk", ["case", "id"], unique=False)
    op.create_table(
        "sealed",
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("compartment", sa.String(length=40), nullable=False),
        sa.Column("masked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("row", "compartment", name=op.f("pk_sealed")),
    )
    op.create_table(
        "search_doc",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_doc")),
        sa.UniqueConstraint("row", name=op.f("uq_search_doc_row")),
    )
    op.create_table(
        "step",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
    )
    op.create_index(op.f("ix_step_case_id"), "step", ["case", "id"], unique=False)
    op.create_index(op.f("ix_step_due_id"), "step", ["due", "id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("questionnaire", sa.String(length=36), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("household", sa.String(length=36), nullable=True),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("organisation", sa.String(length=36), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("campaign", sa.String(length=36), nullable=True),
        sa.Column("survey_unit", sa.String(length=36), nullable=True),
        sa.Column("paper_copy", sa.String(length=36), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("reviewer", sa.String(length=36), nullable=True),
        sa.Column("reviewed", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("instance", sa.Text(), nullable=True),
        sa.Column("xml", sa.Text(), nullable=True),
        sa.Column("comments", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    for name in ("campaign", "state", "survey_unit"):
        op.create_index(
            op.f(f"ix_submission_{name}_id"), "submission", [name, "id"], unique=False
        )
    op.create_index(op.f("ix_submission_case_id"), "submission", ["case", "id"], unique=False)
    op.create_index(
        op.f("ix_submission_household_id"), "submission", ["household", "id"], unique=False
    )
    op.create_index(
        op.f("ix_submission_person_id"), "submission", ["person", "id"], unique=False
    )
    op.create_index(
        op.f("ix_submission_questionnaire_id"),
        "submission",
        ["questionnaire", "id"],
        unique=False,
    )
    op.create_table(
        "depot",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("tried", sa.String(length=30), nullable=False),
        sa.Column("done", sa.String(length=30), nullable=False),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_depot")),
    )
    op.create_table(
        "undone",
        sa.Column("tx", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("tx", name=op.f("pk_undone")),
    )
    op.create_index(op.f("ix_undone_by"), "undone", ["by"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("office", sa.String(length=36), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("appointment", sa.Text(), nullable=True),
        sa.Column("minutes", sa.BigInteger(), nullable=True),
        sa.Column("callback", sa.Boolean(), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("adviser", sa.String(length=36), nullable=True),
        sa.Column("case", sa.String(length=36), nullable=True),
        sa.Column("closed", sa.Text(), nullable=True),
        sa.Column("compartment", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(
        op.f("ix_visit_appointment_id"), "visit", ["appointment", "id"], unique=False
    )
    op.create_index(op.f("ix_visit_at_id"), "visit", ["at", "id"], unique=False)
    op.create_index(op.f("ix_visit_case_id"), "visit", ["case", "id"], unique=False)
    op.create_index(op.f("ix_visit_person_id"), "visit", ["person", "id"], unique=False)
    for table, name in (
        ("case", "office"),
        ("person", "here_until"),
        ("person", "office"),
        ("visit", "code"),
        ("visit", "office"),
        ("visit", "ticket"),
        ("visit", "urgency"),
    ):
        op.create_index(op.f(f"ix_{table}_{name}_id"), table, [name, "id"])
    _surveys()
    _entities()
    _disclosures()
    _merging()
    for table in RECORDS:
        op.add_column(table, sa.Column("merged", sa.String(length=36), nullable=True))
        op.execute(f'CREATE INDEX "ix_{table}_bin" ON "{table}" (id) WHERE deleted')
    for table in ("household", "organisation", "person"):
        op.execute(
            f"CREATE INDEX ix_{table}_merged ON {table} (merged) WHERE merged IS NOT NULL"
        )
    record_tables(TABLES)
    create_index(op.get_bind())


def _merging() -> None:
    op.create_table(
        "alias",
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_alias")),
    )
    op.create_index(op.f("ix_alias_target"), "alias", ["target"], unique=False)
    op.create_table(
        "resemblance",
        sa.Column("one", sa.String(length=36), nullable=False),
        sa.Column("two", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one", "two", name=op.f("pk_resemblance")),
    )
    op.create_index("ix_resemblance_kind", "resemblance", ["kind", "probability"])
    op.create_index(op.f("ix_resemblance_two"), "resemblance", ["two"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("row", name=op.f("pk_erasure")),
    )
    op.create_table(
        "twin",
        sa.Column("stamp", sa.String(length=40), nullable=False),
        sa.Column("link", sa.String(length=22), nullable=False),
        sa.Column("row", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("stamp", "link", name=op.f("pk_twin")),
    )
    op.create_index(op.f("ix_twin_row"), "twin", ["row"], unique=False)
    op.create_table(
        "distinct",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("one", sa.Text(), nullable=True),
        sa.Column("two", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distinct")),
    )


def _surveys() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("questionnaire", sa.String(length=36), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("starts", sa.Text(), nullable=True),
        sa.Column("ends", sa.Text(), nullable=True),
        sa.Column("places", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("keys", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("place_question", sa.Text(), nullable=True),
        sa.Column("sex_question", sa.Text(), nullable=True),
        sa.Column("age_question", sa.Text(), nullable=True),
        sa.Column("status_question", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    op.create_index(op.f("ix_campaign_code_id"), "campaign", ["code", "id"], unique=False)
    op.create_index(
        op.f("ix_campaign_questionnaire_id"), "campaign", ["questionnaire", "id"], unique=False
    )
    op.create_table(
        "campaign_target",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("campaign", sa.String(length=36), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("sex", sa.Text(), nullable=True),
        sa.Column("age", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_target")),
    )
    op.create_index(
        op.f("ix_campaign_target_campaign_id"),
        "campaign_target",
        ["campaign", "id"],
        unique=False,
    )
    op.create_table(
        "check_note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("submission", sa.String(length=36), nullable=True),
        sa.Column("check", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_note")),
    )
    op.create_index(
        op.f("ix_check_note_submission_id"), "check_note", ["submission", "id"], unique=False
    )
    op.create_table(
        "review_note",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("submission", sa.String(length=36), nullable=True),
        sa.Column("instance", sa.Text(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_note")),
    )
    op.create_index(
        op.f("ix_review_note_submission_id"), "review_note", ["submission", "id"], unique=False
    )
    op.create_table(
        "draw",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("campaign", sa.String(length=36), nullable=True),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("seed", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("reserve", sa.BigInteger(), nullable=True),
        sa.Column("frame", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("strata", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
    )
    op.create_index(op.f("ix_draw_campaign_id"), "draw", ["campaign", "id"], unique=False)
    op.create_table(
        "paper_copy",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("campaign", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(length=36), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("first", sa.String(length=36), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("second", sa.String(length=36), nullable=True),
        sa.Column("xml", sa.Text(), nullable=True),
        sa.Column("answers", sa.BigInteger(), nullable=True),
        sa.Column("differences", sa.BigInteger(), nullable=True),
        sa.Column("errors", sa.BigInteger(), nullable=True),
        sa.Column("errors_2", sa.BigInteger(), nullable=True),
        sa.Column("settled", sa.Text(), nullable=True),
        sa.Column("settler", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_copy")),
    )
    op.create_index(
        op.f("ix_paper_copy_campaign_id"), "paper_copy", ["campaign", "id"], unique=False
    )
    op.create_index(op.f("ix_paper_copy_first_id"), "paper_copy", ["first", "id"], unique=False)
    op.create_table(
        "survey_unit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("campaign", sa.String(length=36), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("place", sa.String(length=36), nullable=True),
        sa.Column("stratum", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("household", sa.String(length=36), nullable=True),
        sa.Column("draw", sa.String(length=36), nullable=True),
        sa.Column("part", sa.Text(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_unit")),
    )
    op.create_index(
        op.f("ix_survey_unit_account_id"), "survey_unit", ["account", "id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_unit_campaign_id"), "survey_unit", ["campaign", "id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_unit_household_id"), "survey_unit", ["household", "id"], unique=False
    )
    op.create_index(
        op.f("ix_survey_unit_person_id"), "survey_unit", ["person", "id"], unique=False
    )
    op.create_index(op.f("ix_survey_unit_rank_id"), "survey_unit", ["rank", "id"], unique=False)


def _entities() -> None:
    op.create_table(
        "entity_map",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("form", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("fields", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("codes", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity_map")),
    )
    op.create_index(op.f("ix_entity_map_form_id"), "entity_map", ["form", "id"], unique=False)
    op.create_table(
        "entity",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("submission", sa.String(length=36), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("left_out", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("dataset", sa.Text(), nullable=True),
        sa.Column("entity", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
    )
    op.create_index(op.f("ix_entity_entity_id"), "entity", ["entity", "id"], unique=False)
    op.create_index(op.f("ix_entity_record_id"), "entity", ["record", "id"], unique=False)
    op.create_index(op.f("ix_entity_state_id"), "entity", ["state", "id"], unique=False)
    op.create_index(
        op.f("ix_entity_submission_id"), "entity", ["submission", "id"], unique=False
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("signed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
    )


def downgrade() -> None:
    """Nothing is older than the first schema; released files are never taken back."""


def _disclosures() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("stamps", sa.JSON(), nullable=False),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("account", sa.String(length=36), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("recipient", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("person", sa.String(length=36), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("consent", sa.String(length=36), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
    )
    op.create_index(op.f("ix_disclosure_person_id"), "disclosure", ["person", "id"])
