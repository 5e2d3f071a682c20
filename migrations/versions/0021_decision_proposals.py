"""Decisions are proposed by one person and approved by another; a round's results can be released at a set minute."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")
CHECKS = (
    ("somebody_comes", "people_cap IS NULL OR people_cap >= 1"),
    ("money_not_negative", "money_cap IS NULL OR money_cap >= 0"),
    ("position_from_one", "position IS NULL OR position >= 1"),
)


def terms() -> list[sa.Column]:
    """Place and conditions, which proposals and decisions both have."""
    return [
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("people_cap", sa.Integer(), nullable=True),
        sa.Column("money_cap", sa.BigInteger(), nullable=True),
        sa.Column("condition_ja", sa.Text(), nullable=False, server_default=""),
        sa.Column("condition_en", sa.Text(), nullable=False, server_default=""),
    ]


def upgrade() -> None:
    op.create_table(
        "decision_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        *terms(),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_id", sa.String(length=16), nullable=False),
        sa.Column("source_name", sa.String(length=160), nullable=False),
        sa.Column("source_number", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_decision_proposal_{name}")) for name, rule in CHECKS),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("ck_decision_proposal_answer_is_dated")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'sent_back')"
            " OR (answered_by_id IS NOT NULL AND answered_by_id <> proposed_by_id)",
            name=op.f("ck_decision_proposal_two_people"),
        ),
        sa.CheckConstraint(
            "state <> 'sent_back' OR reason <> ''", name=op.f("ck_decision_proposal_sent_back_with_a_reason")
        ),
        sa.CheckConstraint("kind <> 'change' OR comment <> ''", name=op.f("ck_decision_proposal_change_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_proposal_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_decision_proposal_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_decision_proposal_answered_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_proposal")),
        sa.UniqueConstraint("public_id", name=op.f("uq_decision_proposal_public_id")),
    )
    op.create_index("ix_decision_proposal_application_id", "decision_proposal", ["application_id", "id"])
    op.create_index("ix_decision_proposal_state", "decision_proposal", ["state", "application_id"])
    op.create_index(
        "uq_decision_proposal_open",
        "decision_proposal",
        ["application_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    with op.batch_alter_table("decision") as table:
        for column in terms():
            table.add_column(column)
        table.add_column(sa.Column("proposal_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key(op.f("fk_decision_proposal_id"), "decision_proposal", ["proposal_id"], ["id"])
        for name, rule in CHECKS:
            table.create_check_constraint(op.f(f"ck_decision_{name}"), rule)
    _let_rounds_be_released_later()


def _let_rounds_be_released_later() -> None:
    """SQLite cannot be given a key afterwards, and the table of rounds is not to be made anew: the column has it."""
    for name in ("release_at", "release_missed_at"):
        op.add_column("call", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "ALTER TABLE call ADD COLUMN release_by_id INTEGER"
        " CONSTRAINT fk_call_release_by_id REFERENCES user_account (id)"
    )
    op.create_index("ix_call_release_at", "call", ["release_at"])


def downgrade() -> None:
    op.drop_index("ix_call_release_at", table_name="call")
    for name in ("release_by_id", "release_missed_at", "release_at"):
        op.drop_column("call", name)
    with op.batch_alter_table("decision") as table:
        for name, _rule in CHECKS:
            table.drop_constraint(op.f(f"ck_decision_{name}"), type_="check")
        table.drop_constraint(op.f("fk_decision_proposal_id"), type_="foreignkey")
        for name in ("number", "proposal_id", *(column.name for column in reversed(terms()))):
            table.drop_column(name)
    op.drop_table("decision_proposal")
