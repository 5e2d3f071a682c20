"""Which plans are alike: by what they say, by who is in them, within the year and the three before."""

from typing import Any

import pytest

from app.applications.models import Application, ApplicationState
from app.checking import likeness, queries, sheets
from app.core.authz import Role
from app.core.db import db
from tests.factories.accounts import make_actor
from tests.factories.applications import make_application
from tests.factories.calls import make_call
from tests.factories.checking import make_waiting
from tests.factories.directory import make_host, make_sending
from tests.factories.people import make_person

S = ApplicationState
BASIN_JA = (
    "流域の水質を共同で調べる",
    "参加者は自ら試料を採り、研究室の装置で測り、得られた値のばらつきをどう読むかを議論します。最終日には記録をもとに"
    "両国の学生が連名で短い報告書をまとめます。",
)
ROBOT_JA = (
    "ロボットコンテストで学ぶ協働",
    "前半は製造の現場を訪ねて課題を聞き取り、後半は大学に戻って歩く機械を設計します。技術者に講評をお願いします。",
)
BASIN_EN = (
    "Measuring the water of a river basin together",
    "Students take samples at eleven places from the spring to the mouth, measure them with the instruments of the "
    "laboratory, and discuss how to read the scatter of what they found.",
)
ROBOT_EN = (
    "Working together in a robot contest",
    "Young engineers visit a factory, collect the problems its staff have, and build legs of carbon that climb stairs.",
)


def read(*pairs: tuple[str, str]) -> list[likeness.PlanText]:
    return [likeness.folded(number, theme, "", purpose) for number, (theme, purpose) in enumerate(pairs, 1)]


def pairs(texts: list[likeness.PlanText]) -> set[tuple[int, int]]:
    return {(one, other) for one, other, _per_cent in likeness.alike(texts, texts)}


@pytest.mark.parametrize(("basin", "robot"), [(BASIN_JA, ROBOT_JA), (BASIN_EN, ROBOT_EN)])
def test_reworked_plan_is_found_in_either_language(basin: tuple[str, str], robot: tuple[str, str]) -> None:
    reworked = (basin[0], basin[1].replace("最終日には", "終わりに").replace("eleven places", "twelve sites"))
    assert pairs(read(basin, robot, reworked)) == {(1, 3), (3, 1)}


def test_width_case_and_accents_do_not_hide_a_plan() -> None:
    loud = ("ＭＥＡＳＵＲＩＮＧ the Water of a River Basin — together", BASIN_EN[1].upper())
    assert pairs(read(BASIN_EN, ROBOT_EN, loud)) == {(1, 3), (3, 1)}


def test_same_theme_is_found_whatever_else_is_written() -> None:
    assert pairs(read(BASIN_EN, (BASIN_EN[0], ROBOT_EN[1]), ROBOT_JA)) == {(1, 2), (2, 1)}


def test_sentences_that_every_plan_has_make_none_alike() -> None:
    usual = (
        "送出し機関の優秀な青少年を招へいし、日本の学生と同じ課題に取り組み、"
        "互いの国の研究環境を知ることを目的とします。"
    )
    themes = (
        "雪と氷の科学",
        "暗号と数論の入門",
        "発酵の科学と食文化",
        "加速器科学への招待",
        "水素社会と燃料電池",
        "小型人工衛星をつくる",
    )
    assert pairs(read(*((theme, usual) for theme in themes))) == set()


def test_a_year_of_plans_is_compared_with_three_more_in_little_time() -> None:
    """2,800 plans of 600 signs: what one submission costs stays below some seconds on any machine."""
    words = [f"{first}{second}" for first in ("measure", "build", "compare", "teach") for second in range(400)]
    texts = [
        likeness.PlanText(number, (), " ".join(words[(number * 7 + step * 13) % len(words)] for step in range(70)))
        for number in range(2_800)
    ]
    assert len(list(likeness.alike(texts[:1], texts))) <= len(texts)


def alike(plan: Application) -> list[tuple[str | None, int, bool, int]]:
    rows = queries.similar(make_actor(Role.COORDINATOR), plan)
    return [(row.reference, row.likeness, row.same_pair, row.people) for row in rows]


def test_plans_find_one_another_whichever_came_first(app: Any) -> None:
    first = make_waiting(theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    other = make_waiting(call=first.call, host=make_host(), theme_en=ROBOT_EN[0], purpose=ROBOT_EN[1])
    again = make_waiting(call=first.call, host=make_host(), theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    assert alike(first) == [(again.reference, 100, False, 0)]
    assert alike(again) == [(first.reference, 100, False, 0)]
    assert alike(other) == []
    sheet = queries.sheet_of(first)
    assert sheet is not None and sheet.similar == 1


def test_plans_of_the_three_years_before_count_and_older_ones_do_not(app: Any) -> None:
    said = {"theme_en": BASIN_EN[0], "purpose": BASIN_EN[1]}
    call = make_call()
    plans = {year: make_waiting(call=call, host=make_host(), compared=False, **said) for year in (2021, 2022, 2025)}
    for year, plan in plans.items():
        sheet = queries.sheet_of(plan)
        assert sheet is not None
        sheet.fiscal_year = year
    db.session.flush()
    sheets.compare_waiting()
    assert [reference for reference, *_rest in alike(plans[2025])] == [plans[2022].reference]


def test_same_host_with_the_same_partner_is_found_whatever_the_theme(app: Any) -> None:
    partner, host = make_sending(), make_host()
    first = make_waiting(host=host, partners=[partner], theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    second = make_waiting(call=first.call, host=host, partners=[partner], theme_en=ROBOT_EN[0], purpose=ROBOT_EN[1])
    make_waiting(call=first.call, host=make_host(), partners=[partner], theme_en="Snow", purpose="Ice")
    assert alike(second) == [(first.reference, 0, True, 0)]
    sheet = queries.sheet_of(second)
    assert sheet is not None and sheet.similar == 0  # exchange that goes on is no finding


def test_same_people_are_found_by_their_passports_index_alone(app: Any) -> None:
    first = make_application(theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    second = make_application(call=first.call, host=make_host(), theme_en=ROBOT_EN[0], purpose=ROBOT_EN[1])
    for plan in (first, second):
        make_person(plan, surname="SAME", passport_number="PA1234567")
        make_person(plan, surname="OTHER")
    for number, plan in enumerate((first, second), 1):
        plan.state, plan.reference, plan.submitted_at = S.SUBMITTED, f"2025-{number:04d}", plan.created_at
        db.session.flush()
        sheets.note(plan)
    sheets.compare_waiting()
    assert alike(second) == [("2025-0001", 0, False, 1)]


def test_plan_that_was_withdrawn_or_is_a_draft_again_is_compared_no_more(app: Any) -> None:
    partner, host = make_sending(), make_host()
    gone = make_waiting(host=host, partners=[partner], theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    gone.state = S.WITHDRAWN
    db.session.flush()
    plan = make_waiting(call=gone.call, host=host, partners=[partner], theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    assert alike(plan) == []


def test_plan_submitted_again_is_compared_again(app: Any) -> None:
    first = make_waiting(theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    again = make_waiting(call=first.call, host=make_host(), theme_en=BASIN_EN[0], purpose=BASIN_EN[1])
    snapshot = dict(again.snapshot or {})
    again.snapshot = {**snapshot, "theme_en": ROBOT_EN[0], "purpose": ROBOT_EN[1]}
    sheets.note(again)
    sheets.compare_waiting()
    assert alike(first) == []
    sheet = queries.sheet_of(first)
    assert sheet is not None and sheet.similar == 0


def test_plans_that_came_in_before_the_check_are_caught_up_with(app: Any) -> None:
    plans = [make_application(S.SUBMITTED, call=call) for call in [make_call()] * 3]
    db.session.commit()
    db.session.expunge_all()  # as in a process that has not read them before
    assert (sheets.catch_up(), sheets.compare_waiting(), sheets.catch_up()) == (len(plans), len(plans), 0)
