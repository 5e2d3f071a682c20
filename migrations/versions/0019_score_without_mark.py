"""A draft of a score sheet keeps a comment whose mark is not chosen yet."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("review_score") as table:
        table.alter_column("mark", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM review_score WHERE mark IS NULL")
    with op.batch_alter_table("review_score") as table:
        table.alter_column("mark", existing_type=sa.Integer(), nullable=False)
