"""Export-control forms 1 and 2 given once by an institution, and what each partner of a plan declares."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "export_declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("party", sa.String(length=320), nullable=False),
        sa.Column("party_name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("responsible", sa.String(length=120), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=200), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("valid_until >= dated_on", name=op.f("ck_export_declaration_valid_from_its_day")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_export_declaration_entered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organization.id"], name=op.f("fk_export_declaration_institution_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_export_declaration_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["export_declaration.id"], name=op.f("fk_export_declaration_replaces_id_export_declaration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_declaration")),
        sa.UniqueConstraint("public_id", name=op.f("uq_export_declaration_public_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_export_declaration_replaces_id")),
    )
    op.create_index(
        "uq_export_declaration_in_use",
        "export_declaration",
        ["institution_id", "party", "kind"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "ix_export_declaration_institution", "export_declaration", ["institution_id", "party", "kind", "id"]
    )
    op.create_index("ix_export_declaration_valid_until", "export_declaration", ["valid_until", "id"])
    op.create_index(op.f("ix_export_declaration_organization_id"), "export_declaration", ["organization_id"])
    op.add_column(
        "application_partner", sa.Column("export_control", sa.JSON(), nullable=False, server_default=sa.text("'{}'"))
    )


def downgrade() -> None:
    op.drop_column("application_partner", "export_control")
    op.drop_table("export_declaration")
