"""Files that belong to a plan, and plans that are moved to another institution."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("scan", sa.String(length=40), nullable=False),
        sa.Column("scan_note", sa.String(length=200), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_by_name", sa.String(length=200), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_by_name = '')", name=op.f("ck_plan_file_removed_by_somebody")
        ),
        sa.CheckConstraint("scan = 'pending' OR scanned_at IS NOT NULL", name=op.f("ck_plan_file_scan_is_dated")),
        sa.ForeignKeyConstraint(["added_by_id"], ["user_account.id"], name=op.f("fk_plan_file_added_by_id")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_plan_file_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["application_partner.id"], name=op.f("fk_plan_file_partner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["stored_file_id"], ["stored_file.id"], name=op.f("fk_plan_file_stored_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_file_public_id")),
        sa.UniqueConstraint("stored_file_id", name=op.f("uq_plan_file_stored_file_id")),
    )
    op.create_index("ix_plan_file_application_id", "plan_file", ["application_id", "id"])
    op.create_index(op.f("ix_plan_file_partner_id"), "plan_file", ["partner_id"])
    op.create_table(
        "plan_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("from_institution_id", sa.Integer(), nullable=False),
        sa.Column("to_institution_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("ck_plan_move_decision_is_dated")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_plan_move_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_by_id <> proposed_by_id",
            name=op.f("ck_plan_move_two_persons"),
        ),
        sa.CheckConstraint("from_institution_id <> to_institution_id", name=op.f("ck_plan_move_goes_elsewhere")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_plan_move_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_plan_move_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_plan_move_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["from_institution_id"], ["organization.id"], name=op.f("fk_plan_move_from_institution_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_plan_move_proposed_by_id")),
        sa.ForeignKeyConstraint(
            ["to_institution_id"], ["organization.id"], name=op.f("fk_plan_move_to_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_move")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_move_public_id")),
    )
    op.create_index("ix_plan_move_application_id", "plan_move", ["application_id", "id"])
    op.create_index(
        "uq_plan_move_waiting",
        "plan_move",
        ["application_id"],
        unique=True,
        sqlite_where=sa.text("state = 'proposed'"),
        postgresql_where=sa.text("state = 'proposed'"),
    )
    op.add_column("application", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("application", "moved_at")
    op.drop_table("plan_move")
    op.drop_table("plan_file")
