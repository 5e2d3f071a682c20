"""Who has which section open, what somebody typed and did not save, and forms carried over a lapsed session."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_presence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_section_presence_somebody_of_one_side")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_section_presence_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_section_presence_user_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["application_partner.id"],
            name=op.f("fk_section_presence_partner_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_presence")),
        sa.UniqueConstraint(
            "application_id", "user_id", "section", name=op.f("uq_section_presence_application_id_user_id_section")
        ),
        sa.UniqueConstraint("partner_id", name=op.f("uq_section_presence_partner_id")),
    )
    op.create_index(op.f("ix_section_presence_user_id"), "section_presence", ["user_id"])
    op.create_index(op.f("ix_section_presence_seen_at"), "section_presence", ["seen_at"])
    op.create_table(
        "parked_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("sealed_fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_parked_text_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_parked_text_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_text")),
        sa.UniqueConstraint("public_id", name=op.f("uq_parked_text_public_id")),
    )
    op.create_index("ix_parked_text_of_section", "parked_text", ["application_id", "user_id", "section"])
    op.create_index(op.f("ix_parked_text_user_id"), "parked_text", ["user_id"])
    op.create_index(op.f("ix_parked_text_kept_at"), "parked_text", ["kept_at"])
    op.create_table(
        "carried_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("address", sa.String(1000), nullable=False),
        sa.Column("form_name", sa.String(80), nullable=False),
        sa.Column("sealed_fields", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_form")),
        sa.UniqueConstraint("public_id", name=op.f("uq_carried_form_public_id")),
    )
    op.create_index("ix_carried_form_owner", "carried_form", ["owner", "id"])
    op.create_index(op.f("ix_carried_form_kept_at"), "carried_form", ["kept_at"])


def downgrade() -> None:
    op.drop_table("carried_form")
    op.drop_table("parked_text")
    op.drop_table("section_presence")
