"""Guide rates and ceilings of a fiscal year, and by which of them a cost of a plan is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_rate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("label_ja", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("ceiling", sa.Integer(), nullable=True),
        sa.Column("is_untaxed", sa.Boolean(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("courses", sa.JSON(), nullable=False),
        sa.Column("clause_ja", sa.String(length=120), nullable=False),
        sa.Column("clause_en", sa.String(length=120), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "amount >= 0 AND (ceiling IS NULL OR ceiling >= amount)", name=op.f("ck_unit_rate_amount_within_ceiling")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_rate")),
        sa.UniqueConstraint("fiscal_year", "code", name=op.f("uq_unit_rate_fiscal_year_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_rate_public_id")),
    )
    op.add_column("budget_line", sa.Column("rate_key", sa.String(length=60), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("budget_line", "rate_key")
    op.drop_table("unit_rate")
