"""Outside experts, their conflicts, assignments and score sheets."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label_ja", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("help_ja", sa.Text(), nullable=False),
        sa.Column("help_en", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("anchors", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_criterion_weight_not_negative")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_criterion_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion")),
        sa.UniqueConstraint("course_id", "key", name=op.f("uq_criterion_course_id_key")),
    )
    op.create_table(
        "discussion_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("name_ja", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_discussion_round_in_order")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_discussion_round_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_round")),
        sa.UniqueConstraint("public_id", name=op.f("uq_discussion_round_public_id")),
    )
    op.create_index(op.f("ix_discussion_round_call_id"), "discussion_round", ["call_id"], unique=False)
    op.create_table(
        "review_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("per_plan", sa.Integer(), nullable=False),
        sa.Column("scoring_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scoring_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discussion_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "discussion_until IS NULL OR discussion_until >= scoring_until",
            name=op.f("ck_review_plan_discussion_follows"),
        ),
        sa.CheckConstraint("per_plan >= 1", name=op.f("ck_review_plan_somebody_reads")),
        sa.CheckConstraint("scoring_until > scoring_from", name=op.f("ck_review_plan_scoring_in_order")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_review_plan_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_plan")),
        sa.UniqueConstraint("call_id", name=op.f("uq_review_plan_call_id")),
    )
    op.create_table(
        "reviewer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.String(40),
            nullable=False,
        ),
        sa.Column("name_ja", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("affiliation", sa.String(length=300), nullable=False),
        sa.Column("position", sa.String(length=120), nullable=False),
        sa.Column("reads_japanese", sa.Boolean(), nullable=False),
        sa.Column("reads_english", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity >= 0", name=op.f("ck_reviewer_capacity_counted")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_reviewer_email_is_folded")),
        sa.CheckConstraint(
            "term_until IS NULL OR term_from IS NULL OR term_until >= term_from", name=op.f("ck_reviewer_term_in_order")
        ),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name=op.f("fk_reviewer_organization_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_reviewer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("email", name=op.f("uq_reviewer_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_reviewer_public_id")),
        sa.UniqueConstraint("user_id", name=op.f("uq_reviewer_user_id")),
    )
    op.create_index(op.f("ix_reviewer_organization_id"), "reviewer", ["organization_id"], unique=False)
    op.create_index("ix_reviewer_state", "reviewer", ["state", "sort_name", "id"], unique=False)
    op.create_table(
        "conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.String(40),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_conflict_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["declared_by_id"], ["user_account.id"], name=op.f("fk_conflict_declared_by_id")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_conflict_reviewer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict")),
        sa.UniqueConstraint(
            "reviewer_id", "application_id", "reason", name=op.f("uq_conflict_reviewer_id_application_id_reason")
        ),
    )
    op.create_index("ix_conflict_application_id", "conflict", ["application_id", "reviewer_id"], unique=False)
    op.create_table(
        "discussion_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("discussion_round_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_discussion_post_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_discussion_post_author_id")),
        sa.ForeignKeyConstraint(
            ["discussion_round_id"],
            ["discussion_round.id"],
            name=op.f("fk_discussion_post_discussion_round_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_discussion_post_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussion_post")),
        sa.UniqueConstraint("public_id", name=op.f("uq_discussion_post_public_id")),
    )
    op.create_index("ix_discussion_post_application", "discussion_post", ["application_id", "id"], unique=False)
    op.create_index(
        op.f("ix_discussion_post_discussion_round_id"), "discussion_post", ["discussion_round_id"], unique=False
    )
    op.create_index(op.f("ix_discussion_post_reviewer_id"), "discussion_post", ["reviewer_id"], unique=False)
    op.create_table(
        "review_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(40),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("assigned_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state = 'proposed' OR sent_at IS NOT NULL", name=op.f("ck_review_assignment_sent_has_a_time")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_review_assignment_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["user_account.id"], name=op.f("fk_review_assignment_assigned_by_id")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_review_assignment_call_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["reviewer.id"], name=op.f("fk_review_assignment_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_assignment")),
        sa.UniqueConstraint(
            "application_id", "reviewer_id", name=op.f("uq_review_assignment_application_id_reviewer_id")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_assignment_public_id")),
    )
    op.create_index("ix_review_assignment_call", "review_assignment", ["call_id", "state", "id"], unique=False)
    op.create_index("ix_review_assignment_reviewer", "review_assignment", ["reviewer_id", "state", "id"], unique=False)
    op.create_table(
        "reviewer_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reviewer_absence_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_reviewer_absence_reviewer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_absence")),
        sa.UniqueConstraint("reviewer_id", "call_id", name=op.f("uq_reviewer_absence_reviewer_id_call_id")),
    )
    op.create_index(op.f("ix_reviewer_absence_call_id"), "reviewer_absence", ["call_id"], unique=False)
    op.create_table(
        "reviewer_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("field_of_science", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_reviewer_field_reviewer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer_field")),
        sa.UniqueConstraint(
            "reviewer_id", "field_of_science", name=op.f("uq_reviewer_field_reviewer_id_field_of_science")
        ),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(40),
            nullable=False,
        ),
        sa.Column("for_panel", sa.Text(), nullable=False),
        sa.Column("for_applicant", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'abstained' OR reason <> ''", name=op.f("ck_review_abstaining_has_a_reason")),
        sa.CheckConstraint("state = 'draft' OR handed_in_at IS NOT NULL", name=op.f("ck_review_handed_in_has_a_time")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["review_assignment.id"], name=op.f("fk_review_assignment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("assignment_id", name=op.f("uq_review_assignment_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_review_public_id")),
    )
    op.create_table(
        "review_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint("mark BETWEEN 1 AND 5", name=op.f("ck_review_score_mark_on_the_scale")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criterion.id"], name=op.f("fk_review_score_criterion_id")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_score_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_score")),
        sa.UniqueConstraint("review_id", "criterion_id", name=op.f("uq_review_score_review_id_criterion_id")),
    )
    op.create_index(op.f("ix_review_score_criterion_id"), "review_score", ["criterion_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_review_score_criterion_id"), table_name="review_score")
    op.drop_table("review_score")
    op.drop_table("review")
    op.drop_table("reviewer_field")
    op.drop_index(op.f("ix_reviewer_absence_call_id"), table_name="reviewer_absence")
    op.drop_table("reviewer_absence")
    op.drop_index("ix_review_assignment_reviewer", table_name="review_assignment")
    op.drop_index("ix_review_assignment_call", table_name="review_assignment")
    op.drop_table("review_assignment")
    op.drop_index(op.f("ix_discussion_post_reviewer_id"), table_name="discussion_post")
    op.drop_index(op.f("ix_discussion_post_discussion_round_id"), table_name="discussion_post")
    op.drop_index("ix_discussion_post_application", table_name="discussion_post")
    op.drop_table("discussion_post")
    op.drop_index("ix_conflict_application_id", table_name="conflict")
    op.drop_table("conflict")
    op.drop_index("ix_reviewer_state", table_name="reviewer")
    op.drop_index(op.f("ix_reviewer_organization_id"), table_name="reviewer")
    op.drop_table("reviewer")
    op.drop_table("review_plan")
    op.drop_index(op.f("ix_discussion_round_call_id"), table_name="discussion_round")
    op.drop_table("discussion_round")
    op.drop_table("criterion")
