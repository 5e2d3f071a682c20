"""A sending side fills in its own part of a plan by a link: the links, and what the partner says of itself."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXTS = (("description", sa.Text()), ("contact_phone", sa.String(40)), ("pledge_name", sa.String(120)))
INSTANTS = ("pledged_at", "partner_updated_at", "host_told_at")


def upgrade() -> None:
    for name, kind in TEXTS:
        op.add_column("application_partner", sa.Column(name, kind, nullable=False, server_default=""))
    for name in INSTANTS:
        op.add_column("application_partner", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "partner_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("application_partner_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(activated_at IS NULL) = (browser_hash IS NULL)", name=op.f("ck_partner_link_opened_in_a_browser")
        ),
        sa.CheckConstraint("wrong_tries >= 0", name=op.f("ck_partner_link_tries_counted")),
        sa.ForeignKeyConstraint(
            ["application_partner_id"],
            ["application_partner.id"],
            name=op.f("fk_partner_link_application_partner_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_partner_link_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_partner_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_partner_link_token_hash")),
    )
    op.create_index(op.f("ix_partner_link_application_partner_id"), "partner_link", ["application_partner_id"])
    op.create_index(op.f("ix_partner_link_browser_hash"), "partner_link", ["browser_hash"])


def downgrade() -> None:
    op.drop_table("partner_link")
    for name in (*INSTANTS, *(name for name, _kind in TEXTS)):
        op.drop_column("application_partner", name)
