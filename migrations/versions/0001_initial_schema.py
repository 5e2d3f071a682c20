"""The initial schema: every table, the search indexes, and the triggers that keep the audit log append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEARCHED = ("alumnus", "application", "invitee", "organization")


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("from_state", sa.String(length=40), nullable=True),
        sa.Column("to_state", sa.String(length=40), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("request_id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_actor_id", "audit_event", ["actor_id", "id"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_type", "subject_id", "id"], unique=False)
    op.create_index("ix_audit_event_verb", "audit_event", ["verb", "id"], unique=False)
    op.create_table(
        "background_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=True),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_background_job_lease_while_running")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (finished_at IS NOT NULL)",
            name=op.f("ck_background_job_finished_is_dated"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_background_job")),
        sa.UniqueConstraint("key", name=op.f("uq_background_job_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_background_job_public_id")),
    )
    op.create_index("ix_background_job_due", "background_job", ["state", "run_after"], unique=False)
    op.create_index("ix_background_job_owner_id", "background_job", ["owner_id"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("visits_from", sa.Date(), nullable=False),
        sa.Column("visits_until", sa.Date(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note_ja", sa.Text(), nullable=False),
        sa.Column("note_en", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_call_closes_after_opening")),
        sa.CheckConstraint("visits_until >= visits_from", name=op.f("ck_call_visit_window_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("fiscal_year", "label", name=op.f("uq_call_fiscal_year_label")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_public_id")),
    )
    op.create_index("ix_call_closes_at", "call", ["closes_at"], unique=False)
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("series", name=op.f("uq_counter_series")),
    )
    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_ja", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("summary_ja", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("fiscal_year", "code", name=op.f("uq_course_fiscal_year_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_public_id")),
    )
    op.create_table(
        "cumulative_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("invitees", sa.Integer(), nullable=False),
        sa.Column("supervisors", sa.Integer(), nullable=False),
        sa.Column("sending_organizations", sa.Integer(), nullable=False),
        sa.Column("host_institutions", sa.Integer(), nullable=False),
        sa.Column("countries", sa.Integer(), nullable=False),
        sa.Column("revisits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("revisitors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cumulative_figure")),
    )
    op.create_index("ix_cumulative_figure_as_of", "cumulative_figure", ["as_of"], unique=True)
    op.create_table(
        "figure_stamp",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_figure_stamp_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_stamp")),
    )
    op.create_table(
        "invitee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("surname", sa.String(length=80), nullable=False),
        sa.Column("given_names", sa.String(length=120), nullable=False),
        sa.Column("native_name", sa.String(length=160), nullable=False),
        sa.Column("katakana", sa.String(length=160), nullable=False),
        sa.Column("sex", sa.String(length=40), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("nationality", sa.String(length=2), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("affiliation", sa.String(length=300), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=True),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("match_key", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("given_names <> '' OR surname <> ''", name=op.f("ck_invitee_has_a_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee")),
        sa.UniqueConstraint("public_id", name=op.f("uq_invitee_public_id")),
    )
    op.create_index("ix_invitee_email", "invitee", ["email"], unique=False)
    op.create_index("ix_invitee_fiscal_year", "invitee", ["fiscal_year", "id"], unique=False)
    op.create_index("ix_invitee_match_key", "invitee", ["match_key"], unique=False)
    op.create_index("ix_invitee_nationality", "invitee", ["nationality", "id"], unique=False)
    op.create_index("ix_invitee_sort_name", "invitee", ["sort_name", "id"], unique=False)
    op.create_table(
        "limit_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("key_hash", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_counter")),
        sa.UniqueConstraint("action", "key_hash", name=op.f("uq_limit_counter_action_key_hash")),
    )
    op.create_index("ix_limit_counter_expires_at", "limit_counter", ["expires_at"], unique=False)
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name_ja", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("name_native", sa.String(length=300), nullable=False),
        sa.Column("native_language", sa.String(length=8), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("prefecture", sa.String(length=2), nullable=True),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("sort_name", sa.String(length=300), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("requested_by_name", sa.String(length=120), nullable=False),
        sa.Column("requested_by_email", sa.String(length=254), nullable=False),
        sa.Column("requested_by_locale", sa.String(length=5), nullable=False),
        sa.Column("request_note", sa.String(), nullable=False),
        sa.Column("register", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name_ja <> '' OR name_en <> ''", name=op.f("ck_organization_has_a_name")),
        sa.CheckConstraint("side <> 'host' OR country = 'JP'", name=op.f("ck_organization_hosts_are_in_japan")),
        sa.ForeignKeyConstraint(["parent_id"], ["organization.id"], name=op.f("fk_organization_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["organization.id"], name=op.f("fk_organization_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organization_public_id")),
    )
    op.create_index(op.f("ix_organization_parent_id"), "organization", ["parent_id"], unique=False)
    op.create_index("ix_organization_side_country", "organization", ["side", "country", "id"], unique=False)
    op.create_index("ix_organization_side_sort_name", "organization", ["side", "sort_name", "id"], unique=False)
    op.create_index("ix_organization_state", "organization", ["state", "id"], unique=False)
    op.create_index(op.f("ix_organization_successor_id"), "organization", ["successor_id"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("dedupe", sa.String(length=160), nullable=True),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column("recipient_address", sa.String(length=320), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name=op.f("ck_outbox_message_lease_while_sending")
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbox_message_sent_is_dated")),
        sa.CheckConstraint(
            "(subject_type IS NULL) = (subject_id IS NULL)", name=op.f("ck_outbox_message_subject_whole")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe", name=op.f("uq_outbox_message_dedupe")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outbox_message_message_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_outbox_message_public_id")),
    )
    op.create_index("ix_outbox_message_due", "outbox_message", ["state", "send_after"], unique=False)
    op.create_index("ix_outbox_message_recipient_id", "outbox_message", ["recipient_id"], unique=False)
    op.create_index("ix_outbox_message_subject", "outbox_message", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "revisit_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revisits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("revisitors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_day")),
    )
    op.create_index("ix_revisit_day_country", "revisit_day", ["country", "fiscal_year"], unique=False)
    op.create_index("ix_revisit_day_day", "revisit_day", ["day"], unique=False)
    op.create_index(
        "ix_revisit_day_host_institution_id", "revisit_day", ["host_institution_id", "fiscal_year"], unique=False
    )
    op.create_table(
        "revisit_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("revisits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("revisitors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit_figure")),
    )
    op.create_index("ix_revisit_figure_fiscal_year", "revisit_figure", ["fiscal_year", "kind"], unique=True)
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("subject_type", sa.String(length=60), nullable=True),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name=op.f("ck_stored_file_subject_whole")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_stored_file_storage_key")),
    )
    op.create_index("ix_stored_file_institution_id", "stored_file", ["institution_id"], unique=False)
    op.create_index("ix_stored_file_subject", "stored_file", ["subject_type", "subject_id"], unique=False)
    op.create_table(
        "submission_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("result_url", sa.String(length=400), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_key")),
        sa.UniqueConstraint("key", name=op.f("uq_submission_key_key")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=True),
        sa.Column("demo_note", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_is_folded")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("invitee_id", name=op.f("uq_user_account_invitee_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_account_public_id")),
    )
    op.create_table(
        "visitor_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("sending_organization_id", sa.Integer(), nullable=False),
        sa.Column("invitees", sa.Integer(), nullable=False),
        sa.Column("supervisors", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_day")),
    )
    op.create_index("ix_visitor_day_country", "visitor_day", ["country", "fiscal_year"], unique=False)
    op.create_index("ix_visitor_day_day", "visitor_day", ["day"], unique=False)
    op.create_index("ix_visitor_day_fiscal_year", "visitor_day", ["fiscal_year", "country"], unique=False)
    op.create_index(
        "ix_visitor_day_host_institution_id", "visitor_day", ["host_institution_id", "fiscal_year"], unique=False
    )
    op.create_table(
        "visitor_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dimensions", sa.String(length=60), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("invitees", sa.Integer(), nullable=False),
        sa.Column("supervisors", sa.Integer(), nullable=False),
        sa.Column("sending_organizations", sa.Integer(), nullable=False),
        sa.Column("host_institutions", sa.Integer(), nullable=False),
        sa.Column("countries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_figure")),
    )
    op.create_index("ix_visitor_figure_country", "visitor_figure", ["country", "dimensions"], unique=False)
    op.create_index(
        "ix_visitor_figure_dimensions",
        "visitor_figure",
        ["dimensions", "fiscal_year", "country", "host_institution_id"],
        unique=False,
    )
    op.create_index("ix_visitor_figure_host", "visitor_figure", ["host_institution_id", "dimensions"], unique=False)
    op.create_table(
        "alumnus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("affiliation", sa.String(length=300), nullable=False),
        sa.Column("position", sa.String(length=160), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("field_of_science", sa.String(length=120), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("visibility", sa.JSON(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("listed_country", sa.String(length=2), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'left' OR listed IS FALSE", name=op.f("ck_alumnus_who_left_is_not_listed")),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_alumnus_invitee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alumnus")),
        sa.UniqueConstraint("invitee_id", name=op.f("uq_alumnus_invitee_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_alumnus_public_id")),
    )
    op.create_index("ix_alumnus_directory", "alumnus", ["listed", "sort_name", "id"], unique=False)
    op.create_index("ix_alumnus_listed_country", "alumnus", ["listed_country", "sort_name", "id"], unique=False)
    op.create_index("ix_alumnus_state", "alumnus", ["state", "id"], unique=False)
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("theme_ja", sa.String(length=300), nullable=False),
        sa.Column("theme_en", sa.String(length=300), nullable=False),
        sa.Column("field_of_science", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expected_results", sa.Text(), nullable=False),
        sa.Column("online_if_impossible", sa.Boolean(), nullable=False),
        sa.Column("principal_name", sa.String(length=120), nullable=False),
        sa.Column("principal_department", sa.String(length=200), nullable=False),
        sa.Column("principal_email", sa.String(length=254), nullable=False),
        sa.Column("administrative_name", sa.String(length=120), nullable=False),
        sa.Column("administrative_email", sa.String(length=254), nullable=False),
        sa.Column("administrative_phone", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("airport_distance_km", sa.Integer(), nullable=True),
        sa.Column("safety", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("snapshot", sa.JSON(), nullable=True),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=True),
        sa.Column("verdicts", sa.JSON(), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("return_due_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR (reference IS NOT NULL AND submitted_at IS NOT NULL)",
            name=op.f("ck_application_submitted_has_a_number"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('decided', 'adopted', 'reserve', 'declined', 'completed') OR decided_at IS NOT NULL",
            name=op.f("ck_application_decided_has_a_time"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_application_period_in_order")
        ),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_application_call_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_application_course_id")),
        sa.ForeignKeyConstraint(
            ["host_institution_id"], ["organization.id"], name=op.f("fk_application_host_institution_id")
        ),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user_account.id"], name=op.f("fk_application_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("public_id", name=op.f("uq_application_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_application_reference")),
    )
    op.create_index("ix_application_call_state", "application", ["call_id", "state", "id"], unique=False)
    op.create_index(op.f("ix_application_course_id"), "application", ["course_id"], unique=False)
    op.create_index("ix_application_host_state", "application", ["host_institution_id", "state", "id"], unique=False)
    op.create_index("ix_application_state", "application", ["state", "id"], unique=False)
    op.create_index("ix_application_submitted_at", "application", ["submitted_at", "id"], unique=False)
    op.create_table(
        "call_course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_course_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_call_course_course_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_course")),
        sa.UniqueConstraint("call_id", "course_id", name=op.f("uq_call_course_call_id_course_id")),
    )
    op.create_index(op.f("ix_call_course_course_id"), "call_course", ["course_id"], unique=False)
    op.create_table(
        "external_id",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_external_id_organization_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
        sa.UniqueConstraint("scheme", "value", name=op.f("uq_external_id_scheme_value")),
    )
    op.create_index(op.f("ix_external_id_organization_id"), "external_id", ["organization_id"], unique=False)
    op.create_table(
        "invitee_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["institution_id"], ["organization.id"], name=op.f("fk_invitee_host_institution_id")),
        sa.ForeignKeyConstraint(
            ["invitee_id"], ["invitee.id"], name=op.f("fk_invitee_host_invitee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitee_host")),
        sa.UniqueConstraint("institution_id", "invitee_id", name=op.f("uq_invitee_host_institution_id_invitee_id")),
    )
    op.create_index(op.f("ix_invitee_host_invitee_id"), "invitee_host", ["invitee_id"], unique=False)
    op.create_table(
        "mail_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("browser_hash", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["institution_id"], ["organization.id"], name=op.f("fk_mail_link_institution_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["user_account.id"], name=op.f("fk_mail_link_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_mail_link_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_mail_link_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_mail_link_token_hash")),
    )
    op.create_index("ix_mail_link_email", "mail_link", ["email", "purpose"], unique=False)
    op.create_index(op.f("ix_mail_link_institution_id"), "mail_link", ["institution_id"], unique=False)
    op.create_index(op.f("ix_mail_link_user_id"), "mail_link", ["user_id"], unique=False)
    op.create_table(
        "organization_alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_alias_organization_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_alias")),
        sa.UniqueConstraint("organization_id", "name", name=op.f("uq_organization_alias_organization_id_name")),
    )
    op.create_table(
        "passport",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("sealed_number", sa.String(length=400), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("last_signs", sa.String(length=3), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitee_id"], ["invitee.id"], name=op.f("fk_passport_invitee_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passport")),
        sa.UniqueConstraint("invitee_id", name=op.f("uq_passport_invitee_id")),
    )
    op.create_index(op.f("ix_passport_number_index"), "passport", ["number_index"], unique=False)
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(role IN ('host_editor', 'host_approver')) = (institution_id IS NOT NULL)",
            name=op.f("ck_role_grant_host_roles_name_a_host"),
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user_account.id"], name=op.f("fk_role_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["organization.id"], name=op.f("fk_role_grant_institution_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "user_id", "role", "institution_id", name=op.f("uq_role_grant_user_id_role_institution_id")
        ),
    )
    op.create_index(op.f("ix_role_grant_institution_id"), "role_grant", ["institution_id"], unique=False)
    op.create_table(
        "rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("check_name", sa.String(length=60), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("clause_ja", sa.String(length=120), nullable=False),
        sa.Column("clause_en", sa.String(length=120), nullable=False),
        sa.Column("text_ja", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rule_course_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
        sa.UniqueConstraint("course_id", "check_name", name=op.f("uq_rule_course_id_check_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rule_public_id")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_link", sa.Boolean(), nullable=False),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("public_id", name=op.f("uq_user_session_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "application_partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("typed_name", sa.String(length=300), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("prior_notification", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_partner_application_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_application_partner_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_partner")),
    )
    op.create_index(
        op.f("ix_application_partner_application_id"), "application_partner", ["application_id"], unique=False
    )
    op.create_index(
        op.f("ix_application_partner_organization_id"), "application_partner", ["organization_id"], unique=False
    )
    op.create_table(
        "budget_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity >= 0 AND unit_price >= 0", name=op.f("ck_budget_line_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_budget_line_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_line")),
        sa.UniqueConstraint("application_id", "position", name=op.f("uq_budget_line_application_id_position")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_decision_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("application_id", name=op.f("uq_decision_application_id")),
    )
    op.create_table(
        "itinerary_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("leader", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("day >= 1", name=op.f("ck_itinerary_item_days_count_from_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_itinerary_item_application_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_itinerary_item")),
    )
    op.create_index("ix_itinerary_item_application_id", "itinerary_item", ["application_id", "day"], unique=False)
    op.create_table(
        "revisit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("alumnus_id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=True),
        sa.Column("institution_name", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "institution_id IS NOT NULL OR institution_name <> ''", name=op.f("ck_revisit_names_an_institution")
        ),
        sa.CheckConstraint(
            "state <> 'verified' OR decided_at IS NOT NULL", name=op.f("ck_revisit_verified_has_a_time")
        ),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_revisit_period_in_order")),
        sa.ForeignKeyConstraint(["alumnus_id"], ["alumnus.id"], name=op.f("fk_revisit_alumnus_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user_account.id"], name=op.f("fk_revisit_decided_by_id")),
        sa.ForeignKeyConstraint(["institution_id"], ["organization.id"], name=op.f("fk_revisit_institution_id")),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_revisit_invitee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisit")),
        sa.UniqueConstraint("public_id", name=op.f("uq_revisit_public_id")),
    )
    op.create_index("ix_revisit_alumnus_id", "revisit", ["alumnus_id", "id"], unique=False)
    op.create_index("ix_revisit_institution_id", "revisit", ["institution_id", "state", "id"], unique=False)
    op.create_index(op.f("ix_revisit_invitee_id"), "revisit", ["invitee_id"], unique=False)
    op.create_index("ix_revisit_starts_on", "revisit", ["starts_on", "id"], unique=False)
    op.create_index("ix_revisit_state", "revisit", ["state", "id"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("theme_ja", sa.String(length=300), nullable=False),
        sa.Column("theme_en", sa.String(length=300), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("lodging", sa.String(length=300), nullable=False),
        sa.Column("contact_name", sa.String(length=120), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("insurance", sa.String(length=200), nullable=False),
        sa.Column("calendar_token_hash", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'cancelled') OR (starts_on IS NOT NULL AND ends_on IS NOT NULL)",
            name=op.f("ck_visit_confirmed_has_dates"),
        ),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name=op.f("ck_visit_period_in_order")
        ),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_visit_application_id")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_visit_course_id")),
        sa.ForeignKeyConstraint(
            ["host_institution_id"], ["organization.id"], name=op.f("fk_visit_host_institution_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("application_id", name=op.f("uq_visit_application_id")),
        sa.UniqueConstraint("calendar_token_hash", name=op.f("uq_visit_calendar_token_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_public_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_visit_reference")),
    )
    op.create_index(op.f("ix_visit_course_id"), "visit", ["course_id"], unique=False)
    op.create_index("ix_visit_fiscal_year", "visit", ["fiscal_year", "state", "id"], unique=False)
    op.create_index("ix_visit_host_institution_id", "visit", ["host_institution_id", "id"], unique=False)
    op.create_index("ix_visit_starts_on", "visit", ["starts_on", "id"], unique=False)
    op.create_index("ix_visit_state", "visit", ["state", "ends_on"], unique=False)
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("affiliation", sa.String(length=300), nullable=False),
        sa.Column("sending_organization_id", sa.Integer(), nullable=True),
        sa.Column("first_visit", sa.Boolean(), nullable=False),
        sa.Column("previous_visit_reason", sa.String(length=300), nullable=False),
        sa.Column("diet", sa.String(length=120), nullable=False),
        sa.Column("guardian_consent_on", sa.Date(), nullable=True),
        sa.Column("took_part", sa.Boolean(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_participation_invitee_id")),
        sa.ForeignKeyConstraint(
            ["sending_organization_id"], ["organization.id"], name=op.f("fk_participation_sending_organization_id")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_participation_visit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_participation_public_id")),
        sa.UniqueConstraint("visit_id", "invitee_id", name=op.f("uq_participation_visit_id_invitee_id")),
    )
    op.create_index("ix_participation_invitee_id", "participation", ["invitee_id", "id"], unique=False)
    op.create_index(
        op.f("ix_participation_sending_organization_id"), "participation", ["sending_organization_id"], unique=False
    )
    op.create_table(
        "planned_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("first_visit", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_planned_people_at_least_one")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_planned_people_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["application_partner.id"], name=op.f("fk_planned_people_partner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_people")),
    )
    op.create_index(op.f("ix_planned_people_application_id"), "planned_people", ["application_id"], unique=False)
    op.create_index(op.f("ix_planned_people_partner_id"), "planned_people", ["partner_id"], unique=False)
    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("stored_file_id", sa.Integer(), nullable=False),
        sa.Column("sealed_workbook", sa.Text(), nullable=False),
        sa.Column("sealed_answers", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["user_account.id"], name=op.f("fk_roster_import_created_by_id")),
        sa.ForeignKeyConstraint(["stored_file_id"], ["stored_file.id"], name=op.f("fk_roster_import_stored_file_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_roster_import_visit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_import_public_id")),
    )
    op.create_index("ix_roster_import_state", "roster_import", ["state", "updated_at"], unique=False)
    op.create_index(op.f("ix_roster_import_stored_file_id"), "roster_import", ["stored_file_id"], unique=False)
    op.create_index(op.f("ix_roster_import_visit_id"), "roster_import", ["visit_id"], unique=False)
    op.create_table(
        "schedule_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("ends_at", sa.Time(), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("leader", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_schedule_item_visit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_item")),
        sa.UniqueConstraint("public_id", name=op.f("uq_schedule_item_public_id")),
    )
    op.create_index("ix_schedule_item_visit_id", "schedule_item", ["visit_id", "on_day"], unique=False)
    op.create_table(
        "visit_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.Column("continuation", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted') OR submitted_at IS NOT NULL",
            name=op.f("ck_visit_report_submitted_has_a_time"),
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_report_visit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_visit_report_public_id")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_visit_report_visit_id")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("participation_id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("host_institution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_institution_id"], ["organization.id"], name=op.f("fk_certificate_host_institution_id")
        ),
        sa.ForeignKeyConstraint(["invitee_id"], ["invitee.id"], name=op.f("fk_certificate_invitee_id")),
        sa.ForeignKeyConstraint(
            ["participation_id"], ["participation.id"], name=op.f("fk_certificate_participation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("participation_id", name=op.f("uq_certificate_participation_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
    )
    op.create_index(op.f("ix_certificate_host_institution_id"), "certificate", ["host_institution_id"], unique=False)
    op.create_index(op.f("ix_certificate_invitee_id"), "certificate", ["invitee_id"], unique=False)
    dialect = op.get_bind().dialect.name
    for statement in [*search_indexes(dialect), *audit_guards(dialect)]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in [*without_audit_guards(dialect), *without_search_indexes(dialect)]:
        op.execute(sa.text(statement))
    op.drop_index(op.f("ix_certificate_invitee_id"), table_name="certificate")
    op.drop_index(op.f("ix_certificate_host_institution_id"), table_name="certificate")
    op.drop_table("certificate")
    op.drop_table("visit_report")
    op.drop_index("ix_schedule_item_visit_id", table_name="schedule_item")
    op.drop_table("schedule_item")
    op.drop_index(op.f("ix_roster_import_visit_id"), table_name="roster_import")
    op.drop_index(op.f("ix_roster_import_stored_file_id"), table_name="roster_import")
    op.drop_index("ix_roster_import_state", table_name="roster_import")
    op.drop_table("roster_import")
    op.drop_index(op.f("ix_planned_people_partner_id"), table_name="planned_people")
    op.drop_index(op.f("ix_planned_people_application_id"), table_name="planned_people")
    op.drop_table("planned_people")
    op.drop_index(op.f("ix_participation_sending_organization_id"), table_name="participation")
    op.drop_index("ix_participation_invitee_id", table_name="participation")
    op.drop_table("participation")
    op.drop_index("ix_visit_state", table_name="visit")
    op.drop_index("ix_visit_starts_on", table_name="visit")
    op.drop_index("ix_visit_host_institution_id", table_name="visit")
    op.drop_index("ix_visit_fiscal_year", table_name="visit")
    op.drop_index(op.f("ix_visit_course_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index("ix_revisit_state", table_name="revisit")
    op.drop_index("ix_revisit_starts_on", table_name="revisit")
    op.drop_index(op.f("ix_revisit_invitee_id"), table_name="revisit")
    op.drop_index("ix_revisit_institution_id", table_name="revisit")
    op.drop_index("ix_revisit_alumnus_id", table_name="revisit")
    op.drop_table("revisit")
    op.drop_index("ix_itinerary_item_application_id", table_name="itinerary_item")
    op.drop_table("itinerary_item")
    op.drop_table("decision")
    op.drop_table("budget_line")
    op.drop_index(op.f("ix_application_partner_organization_id"), table_name="application_partner")
    op.drop_index(op.f("ix_application_partner_application_id"), table_name="application_partner")
    op.drop_table("application_partner")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_table("rule")
    op.drop_index(op.f("ix_role_grant_institution_id"), table_name="role_grant")
    op.drop_table("role_grant")
    op.drop_index(op.f("ix_passport_number_index"), table_name="passport")
    op.drop_table("passport")
    op.drop_table("organization_alias")
    op.drop_index(op.f("ix_mail_link_user_id"), table_name="mail_link")
    op.drop_index(op.f("ix_mail_link_institution_id"), table_name="mail_link")
    op.drop_index("ix_mail_link_email", table_name="mail_link")
    op.drop_table("mail_link")
    op.drop_index(op.f("ix_invitee_host_invitee_id"), table_name="invitee_host")
    op.drop_table("invitee_host")
    op.drop_index(op.f("ix_external_id_organization_id"), table_name="external_id")
    op.drop_table("external_id")
    op.drop_index(op.f("ix_call_course_course_id"), table_name="call_course")
    op.drop_table("call_course")
    op.drop_index("ix_application_submitted_at", table_name="application")
    op.drop_index("ix_application_state", table_name="application")
    op.drop_index("ix_application_host_state", table_name="application")
    op.drop_index(op.f("ix_application_course_id"), table_name="application")
    op.drop_index("ix_application_call_state", table_name="application")
    op.drop_table("application")
    op.drop_index("ix_alumnus_state", table_name="alumnus")
    op.drop_index("ix_alumnus_listed_country", table_name="alumnus")
    op.drop_index("ix_alumnus_directory", table_name="alumnus")
    op.drop_table("alumnus")
    op.drop_index("ix_visitor_figure_host", table_name="visitor_figure")
    op.drop_index("ix_visitor_figure_dimensions", table_name="visitor_figure")
    op.drop_index("ix_visitor_figure_country", table_name="visitor_figure")
    op.drop_table("visitor_figure")
    op.drop_index("ix_visitor_day_host_institution_id", table_name="visitor_day")
    op.drop_index("ix_visitor_day_fiscal_year", table_name="visitor_day")
    op.drop_index("ix_visitor_day_day", table_name="visitor_day")
    op.drop_index("ix_visitor_day_country", table_name="visitor_day")
    op.drop_table("visitor_day")
    op.drop_table("user_account")
    op.drop_table("submission_key")
    op.drop_index("ix_stored_file_subject", table_name="stored_file")
    op.drop_index("ix_stored_file_institution_id", table_name="stored_file")
    op.drop_table("stored_file")
    op.drop_index("ix_revisit_figure_fiscal_year", table_name="revisit_figure")
    op.drop_table("revisit_figure")
    op.drop_index("ix_revisit_day_host_institution_id", table_name="revisit_day")
    op.drop_index("ix_revisit_day_day", table_name="revisit_day")
    op.drop_index("ix_revisit_day_country", table_name="revisit_day")
    op.drop_table("revisit_day")
    op.drop_index("ix_outbox_message_subject", table_name="outbox_message")
    op.drop_index("ix_outbox_message_recipient_id", table_name="outbox_message")
    op.drop_index("ix_outbox_message_due", table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_organization_successor_id"), table_name="organization")
    op.drop_index("ix_organization_state", table_name="organization")
    op.drop_index("ix_organization_side_sort_name", table_name="organization")
    op.drop_index("ix_organization_side_country", table_name="organization")
    op.drop_index(op.f("ix_organization_parent_id"), table_name="organization")
    op.drop_table("organization")
    op.drop_index("ix_limit_counter_expires_at", table_name="limit_counter")
    op.drop_table("limit_counter")
    op.drop_index("ix_invitee_sort_name", table_name="invitee")
    op.drop_index("ix_invitee_nationality", table_name="invitee")
    op.drop_index("ix_invitee_match_key", table_name="invitee")
    op.drop_index("ix_invitee_fiscal_year", table_name="invitee")
    op.drop_index("ix_invitee_email", table_name="invitee")
    op.drop_table("invitee")
    op.drop_table("figure_stamp")
    op.drop_index("ix_cumulative_figure_as_of", table_name="cumulative_figure")
    op.drop_table("cumulative_figure")
    op.drop_table("course")
    op.drop_table("counter")
    op.drop_index("ix_call_closes_at", table_name="call")
    op.drop_table("call")
    op.drop_index("ix_background_job_owner_id", table_name="background_job")
    op.drop_index("ix_background_job_due", table_name="background_job")
    op.drop_table("background_job")
    op.drop_index("ix_audit_event_verb", table_name="audit_event")
    op.drop_index("ix_audit_event_subject", table_name="audit_event")
    op.drop_index("ix_audit_event_actor_id", table_name="audit_event")
    op.drop_table("audit_event")


def search_indexes(dialect: str) -> list[str]:
    if dialect != "sqlite":
        return ["CREATE EXTENSION IF NOT EXISTS pg_trgm"] + [
            statement
            for table in SEARCHED
            for statement in (
                f"CREATE INDEX ix_{table}_search_text_trgm ON {table} USING gin (search_text gin_trgm_ops)",
                # Fine statistics let the planner tell rare words (index) from frequent ones (newest rows first).
                f"ALTER TABLE {table} ALTER COLUMN search_text SET STATISTICS 1000",
            )
        ]
    made = []
    for table in SEARCHED:
        name = f"{table}_search"
        made += [
            f"CREATE VIRTUAL TABLE {name} USING fts5(search_text, content='{table}', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co M*'\", prefix='2 3 4')",
            f"CREATE TRIGGER {name}_ai AFTER INSERT ON {table} BEGIN "
            f"INSERT INTO {name}(rowid, search_text) VALUES (new.id, new.search_text); END",
            f"CREATE TRIGGER {name}_ad AFTER DELETE ON {table} BEGIN "
            f"INSERT INTO {name}({name}, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
            f"CREATE TRIGGER {name}_au AFTER UPDATE OF search_text ON {table} BEGIN "
            f"INSERT INTO {name}({name}, rowid, search_text) VALUES ('delete', old.id, old.search_text); "
            f"INSERT INTO {name}(rowid, search_text) VALUES (new.id, new.search_text); END",
        ]
    return made


def without_search_indexes(dialect: str) -> list[str]:
    if dialect != "sqlite":
        return [f"DROP INDEX ix_{table}_search_text_trgm" for table in SEARCHED]
    dropped = []
    for table in SEARCHED:
        dropped += [f"DROP TRIGGER {table}_search_{suffix}" for suffix in ("ai", "ad", "au")]
        dropped.append(f"DROP TABLE {table}_search")
    return dropped


def audit_guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only()",
    ]


def without_audit_guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return ["DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"]
    return ["DROP TRIGGER audit_event_no_change ON audit_event", "DROP FUNCTION audit_event_append_only()"]
