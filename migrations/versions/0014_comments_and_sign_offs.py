"""A host's staff comment on the sections of a plan, and an approver signs it off before it is submitted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "section_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(20), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_section_comment_settled_by_somebody")
        ),
        sa.CheckConstraint(
            "answers_id IS NULL OR settled_at IS NULL", name=op.f("ck_section_comment_answers_are_not_settled")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_section_comment_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answers_id"], ["section_comment.id"], name=op.f("fk_section_comment_answers_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_section_comment_author_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user_account.id"], name=op.f("fk_section_comment_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_comment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_section_comment_public_id")),
    )
    op.create_index("ix_section_comment_application_id", "section_comment", ["application_id", "section", "id"])
    op.create_index(op.f("ix_section_comment_answers_id"), "section_comment", ["answers_id"])
    op.create_table(
        "plan_sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_plan_sign_off_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_plan_sign_off_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requested_by_id"], ["user_account.id"], name=op.f("fk_plan_sign_off_requested_by_id")
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user_account.id"], name=op.f("fk_plan_sign_off_answered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sign_off")),
        sa.UniqueConstraint("public_id", name=op.f("uq_plan_sign_off_public_id")),
    )
    op.create_index("ix_plan_sign_off_application_id", "plan_sign_off", ["application_id", "id"])
    waiting = sa.text("state = 'awaiting'")
    op.create_index(
        "uq_plan_sign_off_awaiting",
        "plan_sign_off",
        ["application_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    op.drop_table("plan_sign_off")
    op.drop_table("section_comment")


RULES = {
    "asked_by_somebody": "(requested_at IS NULL) = (requested_by_id IS NULL)",
    "answered_by_somebody": "(answered_at IS NULL) = (answered_by_id IS NULL)",
    "answer_is_dated": "(state IN ('signed', 'sent_back')) = (answered_at IS NOT NULL)",
    "asked_for_unless_signed": "state = 'signed' OR requested_at IS NOT NULL",
    "sent_back_with_a_reason": "state <> 'sent_back' OR reason <> ''",
    "submitted_once_signed": "submitted_at IS NULL OR state = 'signed'",
}
