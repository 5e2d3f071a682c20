"""People of a plan by name, files with them on their way in, and who was named when a plan was submitted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("surname", sa.String(length=80), nullable=False),
        sa.Column("given_names", sa.String(length=120), nullable=False),
        sa.Column("native_name", sa.String(length=160), nullable=False),
        sa.Column("katakana", sa.String(length=160), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("nationality", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("affiliation", sa.String(length=300), nullable=False),
        sa.Column("first_visit", sa.Boolean(), nullable=False),
        sa.Column("previous_visit_reason", sa.String(length=300), nullable=False),
        sa.Column("diet", sa.String(length=120), nullable=False),
        sa.Column("sealed_number", sa.String(length=400), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("last_signs", sa.String(length=3), nullable=False),
        sa.Column("passport_expires_on", sa.Date(), nullable=True),
        sa.Column("possible_match", sa.Boolean(), nullable=True),
        sa.Column("invited_before", sa.Boolean(), nullable=True),
        sa.Column("match_reason", sa.String(length=300), nullable=False),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("given_names <> '' OR surname <> ''", name=op.f("ck_planned_person_has_a_name")),
        sa.CheckConstraint(
            "(sealed_number = '') = (number_index = '')", name=op.f("ck_planned_person_number_with_its_index")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_planned_person_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["application_partner.id"],
            name=op.f("fk_planned_person_partner_id_application_partner"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_planned_person_entered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_person")),
        sa.UniqueConstraint("public_id", name=op.f("uq_planned_person_public_id")),
    )
    op.create_index("ix_planned_person_application_id", "planned_person", ["application_id", "position"])
    op.create_index(op.f("ix_planned_person_partner_id"), "planned_person", ["partner_id"])
    op.create_table(
        "plan_roster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("sealed_workbook", sa.Text(), nullable=False),
        sa.Column("sealed_answers", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_plan_roster_application_id_application"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["stored_file_id"], ["stored_file.id"], name=op.f("fk_plan_roster_stored_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user_account.id"], name=op.f("fk_plan_roster_created_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_roster")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_roster_public_id")),
    )
    op.create_index(op.f("ix_plan_roster_application_id"), "plan_roster", ["application_id"])
    op.create_index("ix_plan_roster_state", "plan_roster", ["state", "updated_at"])
    op.create_index(op.f("ix_plan_roster_stored_file_id"), "plan_roster", ["stored_file_id"])
    op.add_column("application", sa.Column("frozen_people", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("application", "frozen_people")
    op.drop_table("plan_roster")
    op.drop_table("planned_person")
