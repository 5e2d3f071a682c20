"""Letters: their texts by round, notes to one recipient, letters as sent, files of mails, bounces, feedback held back."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _texts()
    _letters()
    op.create_table(
        "mail_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_mail_attachment_file_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f("fk_mail_attachment_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_attachment")),
        sa.UniqueConstraint("message_id", "file_id", name=op.f("uq_mail_attachment_message_id_file_id")),
    )
    op.create_index(op.f("ix_mail_attachment_file_id"), "mail_attachment", ["file_id"])
    for column in (
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounce_status", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("bounce_text", sa.String(length=300), nullable=False, server_default=""),
        sa.Column("resent_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("outbox_message", column)
    op.create_index("ix_outbox_message_bounced_at", "outbox_message", ["bounced_at"])
    op.create_table(
        "feedback_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_feedback_ruling_has_a_reason")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_feedback_ruling_made_by_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_feedback_ruling_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_ruling")),
        sa.UniqueConstraint("review_id", name=op.f("uq_feedback_ruling_review_id")),
    )


def _texts() -> None:
    op.create_table(
        "letter_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_ja", sa.String(length=200), nullable=False),
        sa.Column("body_ja", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.String(length=200), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("subject_ja <> '' AND subject_en <> ''", name=op.f("ck_letter_text_has_subjects")),
        sa.CheckConstraint("body_ja <> '' AND body_en <> ''", name=op.f("ck_letter_text_has_texts")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_letter_text_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_text")),
        sa.UniqueConstraint("call_id", "kind", name=op.f("uq_letter_text_call_id_kind")),
    )


def _letters() -> None:
    op.create_table(
        "letter_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_note_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_note")),
        sa.UniqueConstraint(
            "application_id", "number", "recipient", name=op.f("uq_letter_note_application_id_number_recipient")
        ),
    )
    op.create_table(
        "result_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("subject_ja", sa.Text(), nullable=False),
        sa.Column("body_ja", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_ja_id", sa.Integer(), nullable=True),
        sa.Column("file_en_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_result_letter_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["file_en_id"], ["stored_file.id"], name=op.f("fk_result_letter_file_en_id")),
        sa.ForeignKeyConstraint(["file_ja_id"], ["stored_file.id"], name=op.f("fk_result_letter_file_ja_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_letter")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_result_letter_application_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_result_letter_public_id")),
    )


def downgrade() -> None:
    op.drop_table("feedback_ruling")
    op.drop_index("ix_outbox_message_bounced_at", "outbox_message")
    for name in ("resent_at", "bounce_text", "bounce_status", "bounced_at"):
        op.drop_column("outbox_message", name)
    op.drop_table("mail_attachment")
    op.drop_table("result_letter")
    op.drop_table("letter_note")
    op.drop_table("letter_text")
