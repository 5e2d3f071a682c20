"""A plan knows the plan it was begun from, what is to be corrected by section, and how it was submitted before.

Where a plan comes from is a table of its own: SQLite adds no foreign key to a table that exists without making it anew,
and would take the rows that belong to it along.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application", sa.Column("previous_snapshot", sa.JSON(), nullable=True))
    op.add_column("application", sa.Column("return_sections", sa.JSON(), nullable=True))
    op.create_table(
        "application_origin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_origin_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["copied_from_id"],
            ["application.id"],
            name=op.f("fk_application_origin_copied_from_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_origin")),
        sa.UniqueConstraint("application_id", name=op.f("uq_application_origin_application_id")),
    )
    op.create_index(
        op.f("ix_application_origin_copied_from_id"), "application_origin", ["copied_from_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("application_origin")
    op.drop_column("application", "return_sections")
    op.drop_column("application", "previous_snapshot")
