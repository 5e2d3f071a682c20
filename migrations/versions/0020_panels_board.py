"""The panel's board: versions, places, moves that nobody changes afterwards, targets of a year."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(length=60), nullable=False),
        sa.Column("goal", sa.BigInteger(), nullable=False),
        sa.Column("is_ceiling", sa.Boolean(), nullable=False),
        sa.Column("to_confirm", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("goal >= 0", name=op.f("ck_board_target_goal_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_target")),
        sa.UniqueConstraint("fiscal_year", "measure", name=op.f("uq_board_target_fiscal_year_measure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_board_target_public_id")),
    )
    op.create_table(
        "board_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("budget_line", sa.BigInteger(), nullable=False),
        sa.Column("is_panels", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("copied_from_id", sa.Integer(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("budget_line >= 0", name=op.f("ck_board_version_line_not_negative")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_board_version_has_a_name")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_board_version_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["copied_from_id"], ["board_version.id"], name=op.f("fk_board_version_copied_from_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_board_version_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_version")),
        sa.UniqueConstraint("call_id", "name", name=op.f("uq_board_version_call_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_board_version_public_id")),
    )
    op.create_index(
        "uq_board_version_panels",
        "board_version",
        ["call_id"],
        unique=True,
        sqlite_where=sa.text("is_panels"),
        postgresql_where=sa.text("is_panels"),
    )
    op.create_table(
        "board_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_version_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=True),
        sa.Column("people_cap", sa.Integer(), nullable=True),
        sa.Column("money_cap", sa.BigInteger(), nullable=True),
        sa.Column("condition_ja", sa.Text(), nullable=False),
        sa.Column("condition_en", sa.Text(), nullable=False),
        sa.CheckConstraint("people_cap IS NULL OR people_cap >= 1", name=op.f("ck_board_place_somebody_comes")),
        sa.CheckConstraint("money_cap IS NULL OR money_cap >= 0", name=op.f("ck_board_place_money_not_negative")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_board_place_application_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["board_version_id"], ["board_version.id"], name=op.f("fk_board_place_board_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_place")),
        sa.UniqueConstraint(
            "board_version_id", "application_id", name=op.f("uq_board_place_board_version_id_application_id")
        ),
    )
    op.create_index(op.f("ix_board_place_application_id"), "board_place", ["application_id"])
    op.create_index("ix_board_place_order", "board_place", ["board_version_id", "position"])
    op.create_table(
        "board_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board_version_id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_board_move_has_a_reason")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_board_move_application_id")),
        sa.ForeignKeyConstraint(
            ["board_version_id"], ["board_version.id"], name=op.f("fk_board_move_board_version_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user_account.id"], name=op.f("fk_board_move_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_move")),
    )
    op.create_index(op.f("ix_board_move_application_id"), "board_move", ["application_id"])
    op.create_index("ix_board_move_plan", "board_move", ["board_version_id", "application_id", "id"])
    op.create_index("ix_board_move_version", "board_move", ["board_version_id", "number", "id"])
    for statement in guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("board_move")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION board_move_append_only()")
    op.drop_table("board_place")
    op.drop_table("board_version")
    op.drop_table("board_target")


def guards(dialect: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER board_move_no_{verb} BEFORE {verb} ON board_move "
            "BEGIN SELECT RAISE(ABORT, 'the moves of a board are append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        "CREATE FUNCTION board_move_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the moves of a board are append-only'; END $$",
        "CREATE TRIGGER board_move_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON board_move "
        "FOR EACH STATEMENT EXECUTE FUNCTION board_move_append_only()",
    ]
