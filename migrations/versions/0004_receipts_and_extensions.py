"""Signed receipts that nothing changes, the ledger of outages, and later closings of rounds with four eyes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_submission_receipt_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_submission_receipt_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["user_account.id"], name=op.f("fk_submission_receipt_submitted_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_receipt")),
        sa.UniqueConstraint(
            "application_id", "sequence", name=op.f("uq_submission_receipt_application_id_sequence")
        ),
    )
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_outage_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    op.create_index("ix_outage_from_at", "outage", ["from_at"], unique=False)
    _create_extensions()
    for statement in receipt_guards(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def _create_extensions() -> None:
    op.create_table(
        "call_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("reason_ja", sa.String(length=500), nullable=False),
        sa.Column("reason_en", sa.String(length=500), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_call_extension_at_least_a_minute")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id OR state = 'withdrawn'",
            name=op.f("ck_call_extension_two_people"),
        ),
        sa.CheckConstraint(
            "(state = 'approved') = (closes_after IS NOT NULL)", name=op.f("ck_call_extension_approved_has_a_closing")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_extension_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_call_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user_account.id"], name=op.f("fk_call_extension_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_extension")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_extension_public_id")),
    )
    op.create_index("ix_call_extension_call_id", "call_extension", ["call_id", "state"], unique=False)


def downgrade() -> None:
    for statement in without_receipt_guards(op.get_bind().dialect.name):
        op.execute(sa.text(statement))
    op.drop_index("ix_call_extension_call_id", table_name="call_extension")
    op.drop_table("call_extension")
    op.drop_index("ix_outage_from_at", table_name="outage")
    op.drop_table("outage")
    op.drop_table("heartbeat")
    op.drop_table("submission_receipt")


def receipt_guards(dialect: str) -> list[str]:
    """Triggers that refuse every change of a receipt: what was confirmed stays confirmed."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER submission_receipt_no_{verb} BEFORE {verb} ON submission_receipt "
            "BEGIN SELECT RAISE(ABORT, 'a receipt is never changed'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE FUNCTION submission_receipt_is_final() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a receipt is never changed'; END $$",
        "CREATE TRIGGER submission_receipt_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON submission_receipt "
        "FOR EACH STATEMENT EXECUTE FUNCTION submission_receipt_is_final()",
    ]


def without_receipt_guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return ["DROP TRIGGER submission_receipt_no_update", "DROP TRIGGER submission_receipt_no_delete"]
    return [
        "DROP TRIGGER submission_receipt_no_change ON submission_receipt",
        "DROP FUNCTION submission_receipt_is_final()",
    ]
