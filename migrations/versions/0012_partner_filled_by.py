"""Who filled in each field of a partner's own part, and how a pledge reached the host that entered it."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("application_partner", sa.Column("filled", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column(
        "application_partner", sa.Column("pledge_source", sa.String(length=200), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("application_partner", "pledge_source")
    op.drop_column("application_partner", "filled")
