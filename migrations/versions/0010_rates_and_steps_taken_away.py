"""Guide rates that are no longer offered, and steps around a visit that were removed: their rows stay for the history."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_rate", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prerequisite", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # A removed step would come back to the checklists: it goes. A rate stays, because plans have lines counted by it.
    op.execute(sa.text("DELETE FROM prerequisite WHERE removed_at IS NOT NULL"))
    op.drop_column("prerequisite", "removed_at")
    op.drop_column("unit_rate", "withdrawn_at")
