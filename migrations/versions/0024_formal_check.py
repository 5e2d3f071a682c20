"""The formal check: outcomes, who works on what, what was found, plans alike, reasons that come again."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _outcomes()
    _work()
    _findings()
    op.create_index("ix_planned_person_number_index", "planned_person", ["number_index"])


def _outcomes() -> None:
    op.create_table(
        "formal_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("reason_ja", sa.Text(), nullable=False),
        sa.Column("reason_en", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'inadmissible' OR (reason_ja <> '' AND reason_en <> '')",
            name=op.f("ck_formal_check_inadmissible_says_why"),
        ),
        sa.CheckConstraint(
            "lifted_at IS NULL OR (outcome = 'inadmissible' AND lift_reason <> '')",
            name=op.f("ck_formal_check_lifted_says_why"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_formal_check_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_formal_check_made_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["user_account.id"], name=op.f("fk_formal_check_lifted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formal_check")),
        sa.UniqueConstraint("application_id", "submitted_at", name=op.f("uq_formal_check_application_id_submitted_at")),
    )
    op.create_index("ix_formal_check_outcome", "formal_check", ["outcome", "application_id"])


def _work() -> None:
    op.create_table(
        "check_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_check_claim_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_check_claim_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["taken_from_id"], ["user_account.id"], name=op.f("fk_check_claim_taken_from_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_claim")),
        sa.UniqueConstraint("application_id", name=op.f("uq_check_claim_application_id")),
    )
    op.create_index(op.f("ix_check_claim_user_id"), "check_claim", ["user_id"])
    op.create_index(op.f("ix_check_claim_taken_from_id"), "check_claim", ["taken_from_id"])
    op.create_table(
        "check_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=True),
        sa.Column("section", sa.String(length=20), nullable=False),
        sa.Column("clause", sa.String(length=200), nullable=False),
        sa.Column("text_ja", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("text_ja <> '' OR text_en <> ''", name=op.f("ck_check_reason_says_something")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_check_reason_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_reason")),
        sa.UniqueConstraint("public_id", name=op.f("uq_check_reason_public_id")),
    )
    op.create_index("ix_check_reason_place", "check_reason", ["course", "section", "id"])


def _findings() -> None:
    op.create_table(
        "check_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("similar", sa.Integer(), nullable=False),
        sa.Column("principal_key", sa.String(length=64), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_check_sheet_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_sheet")),
        sa.UniqueConstraint("application_id", name=op.f("uq_check_sheet_application_id")),
    )
    op.create_index(op.f("ix_check_sheet_compared_at"), "check_sheet", ["compared_at"])
    op.create_index("ix_check_sheet_principal", "check_sheet", ["fiscal_year", "principal_key"])
    op.create_table(
        "similar_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("likeness", sa.Integer(), nullable=False),
        sa.Column("same_pair", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("application_id <> other_id", name=op.f("ck_similar_plan_two_plans")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_similar_plan_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["application.id"], name=op.f("fk_similar_plan_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_similar_plan")),
        sa.UniqueConstraint("application_id", "other_id", name=op.f("uq_similar_plan_application_id_other_id")),
    )
    op.create_index(op.f("ix_similar_plan_other_id"), "similar_plan", ["other_id"])


def downgrade() -> None:
    op.drop_index("ix_planned_person_number_index", table_name="planned_person")
    for table in ("similar_plan", "check_sheet", "check_reason", "check_claim", "formal_check"):
        op.drop_table(table)
