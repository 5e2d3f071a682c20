"""Organizations are found in any script, in romaji, by short names and in spite of a slip."""

import time

import pytest
from flask import Flask

from app.core.authz import SYSTEM, Role
from app.core.db import db
from app.directory import queries, romanization
from app.directory.importing import import_ror
from app.directory.models import OrganizationState, Side
from tests.conftest import watching
from tests.directory.test_ror import RECORDS
from tests.factories.accounts import make_actor
from tests.factories.directory import make_host, make_sending


@pytest.fixture
def directory(app: Flask) -> None:
    import_ror(SYSTEM, RECORDS)


@pytest.mark.parametrize(
    "query",
    [
        "京都大学",
        "Kyoto University",
        "kyōto daigaku",
        "kyoto daigaku",
        "Kyoto Daigaku",
        "京大",
        "ＫＹＯＴＯ univ",
        "02kpeqv85",
    ]
    + ["Kyoto Univercity", "京都大孛", "kyotto university"],
)
def test_kyoto_university_is_found(directory: None, query: str) -> None:
    assert queries.suggest(query, Side.HOST)[0].name in ("京都大学", "Kyoto University")


@pytest.mark.parametrize(("query", "is_guess"), [("Kyoto University", False), ("Kyoto Univercity", True)])
def test_slip_is_answered_by_a_guess_and_said_to_be_one(directory: None, query: str, is_guess: bool) -> None:
    assert queries.suggest(query)[0].is_guess is is_guess


def test_nonsense_finds_nothing(directory: None) -> None:
    assert queries.suggest("zzzzqqqq") == queries.suggest("") == queries.suggest("%") == []


def test_gone_and_declined_bodies_are_not_offered(app: Flask) -> None:
    for state in (OrganizationState.WITHDRAWN, OrganizationState.DECLINED):
        make_host(name_en="Obscure Institute", state=state)
    assert queries.suggest("Obscure Institute") == queries.suggest_hosts("Obscure") == []


def test_strangers_look_up_hosts_only(app: Flask) -> None:
    make_sending(name_en="Nagarkot Academy")
    make_host(name_en="Nagarkot University of Japan", name_ja="")
    assert [found.name for found in queries.suggest_hosts("Nagarkot")] == ["Nagarkot University of Japan"]


def test_search_takes_a_constant_number_of_queries(directory: None) -> None:
    for query, most in (("kyoto", 1), ("Kyoto Univercity", 3)):
        with watching() as watch:
            queries.suggest(query)
        assert watch.queries <= most


def test_search_is_fast(directory: None) -> None:
    queries.suggest("Kyoto Univercity")
    started = time.perf_counter()
    for _ in range(10):
        queries.suggest("Kyoto Univercity")
    assert (time.perf_counter() - started) / 10 < 0.05


def test_list_narrows_by_side_place_kind_and_state(app: Flask) -> None:
    actor = make_actor(Role.COORDINATOR)
    wanted = make_sending(name_en="Wanted College", country="KE")
    make_sending(name_en="Wanted College of Nepal", country="NP")
    make_host(name_en="Wanted University")
    found = db.session.execute(
        queries.search(actor, "wanted", Side.SENDING, "KE", region="africa", state=OrganizationState.ACTIVE)
    ).all()
    assert [row.public_id for row in found] == [wanted.public_id]


@pytest.mark.parametrize(
    ("english", "romaji"),
    [
        ("Kyoto University", "kyoto daigaku"),
        ("The University of Tokyo", "tokyo daigaku"),
        ("Tokyo Institute of Technology", "tokyo kogyo daigaku kodai"),
        ("National Institute of Technology, Kochi College", "kochi kosen kogyo koto senmon gakko"),
        ("Ochanomizu Women's University", "ochanomizu joshi daigaku"),
        ("Center for Southeast Asian Studies", None),
        ("University", None),
    ],
)
def test_romaji_is_derived_from_english_names(english: str, romaji: str | None) -> None:
    assert romanization.from_english(english) == romaji


def test_kana_is_romanized_with_long_and_short_vowels() -> None:
    assert romanization.from_kana("トウキョウ コウギョウ ダイガク") == [
        "toukyou kougyou daigaku",
        "tokyo kogyo daigaku",
    ]
    assert romanization.from_kana("りけん") == ["riken"]
    assert romanization.from_kana("東京") == romanization.from_kana("Riken") == []
