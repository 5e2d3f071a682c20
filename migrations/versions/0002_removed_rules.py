"""Rules can be taken out of a course: the row stays for its history and says since when it judges nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # A course holds each check once, so a removed rule would come back to life: it goes, its history stays in the log.
    op.execute(sa.text("DELETE FROM rule WHERE removed_at IS NOT NULL"))
    op.drop_column("rule", "removed_at")
