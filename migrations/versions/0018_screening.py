"""Editions of the foreign user list, screening cases with their evidence and sealed notes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bodies", sa.Integer(), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("compared_with_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by_name", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'imported') = (imported_at IS NOT NULL)", name=op.f("ck_list_edition_imported_has_a_time")
        ),
        sa.CheckConstraint("in_force_on >= dated_on", name=op.f("ck_list_edition_in_force_after_its_day")),
        sa.ForeignKeyConstraint(
            ["compared_with_id"], ["list_edition.id"], name=op.f("fk_list_edition_compared_with_id")
        ),
        sa.ForeignKeyConstraint(["stored_file_id"], ["stored_file.id"], name=op.f("fk_list_edition_stored_file_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user_account.id"], name=op.f("fk_list_edition_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_edition")),
        sa.UniqueConstraint("public_id", name=op.f("uq_list_edition_public_id")),
    )
    op.create_index("ix_list_edition_sha256", "list_edition", ["sha256"], unique=False)
    op.create_index("ix_list_edition_state", "list_edition", ["state", "dated_on", "id"], unique=False)
    op.create_table(
        "listed_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["list_edition.id"], name=op.f("fk_listed_body_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_body")),
        sa.UniqueConstraint("edition_id", "number", name=op.f("uq_listed_body_edition_id_number")),
    )
    op.create_table(
        "screening_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("host_action", sa.Text(), nullable=False),
        sa.Column("lift_to", sa.String(length=40), nullable=True),
        sa.Column("lift_proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("lift_action", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("lift_to IS NULL OR state = 'hold'", name=op.f("ck_screening_case_only_a_hold_is_lifted")),
        sa.CheckConstraint(
            "state <> 'conditions' OR host_action <> ''", name=op.f("ck_screening_case_conditions_say_what_to_do")
        ),
        sa.CheckConstraint(
            "state NOT IN ('cleared', 'conditions', 'hold') OR decided_at IS NOT NULL",
            name=op.f("ck_screening_case_judged_has_a_time"),
        ),
        sa.CheckConstraint(
            "(lift_proposed_at IS NULL) = (lift_to IS NULL)", name=op.f("ck_screening_case_proposal_whole")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_screening_case_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_screening_case_decided_by_id")),
        sa.ForeignKeyConstraint(["edition_id"], ["list_edition.id"], name=op.f("fk_screening_case_edition_id")),
        sa.ForeignKeyConstraint(
            ["lift_proposed_by_id"], ["user_account.id"], name=op.f("fk_screening_case_lift_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_case")),
        sa.UniqueConstraint("application_id", name=op.f("uq_screening_case_application_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_screening_case_public_id")),
    )
    op.create_index(op.f("ix_screening_case_edition_id"), "screening_case", ["edition_id"], unique=False)
    op.create_index("ix_screening_case_state", "screening_case", ["state", "waiting_since", "id"], unique=False)
    op.create_table(
        "screening_hit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("asked_name", sa.String(length=300), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listed_as", sa.String(length=500), nullable=False),
        sa.Column("listed_name", sa.String(length=500), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(length=200), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("likeness > 0 AND likeness <= 100", name=op.f("ck_screening_hit_likeness_in_percent")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["screening_case.id"], name=op.f("fk_screening_hit_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["list_edition.id"], name=op.f("fk_screening_hit_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_hit")),
        sa.UniqueConstraint("case_id", "fingerprint", name=op.f("uq_screening_hit_case_id_fingerprint")),
    )
    op.create_table(
        "screening_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sealed_text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_by_name", sa.String(length=200), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["screening_case.id"], name=op.f("fk_screening_note_case_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["written_by_id"], ["user_account.id"], name=op.f("fk_screening_note_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screening_note")),
        sa.UniqueConstraint("public_id", name=op.f("uq_screening_note_public_id")),
    )
    op.create_index("ix_screening_note_case_id", "screening_note", ["case_id", "id"], unique=False)


def downgrade() -> None:
    for table in ("screening_note", "screening_hit", "screening_case", "listed_body", "list_edition"):
        op.drop_table(table)
