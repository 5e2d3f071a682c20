"""Lists go page by page in both directions, whatever the order, and a cursor somebody tampered with does no harm."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import listing
from app.core.db import db
from app.invitees.models import Invitee
from tests.conftest import watching

SORTS = {"newest": listing.Sort(Invitee.id, descending=True), "name": listing.Sort(Invitee.sort_name)}


@pytest.fixture
def people(app: Flask) -> list[str]:
    """Seven people, two of whom share a name."""
    names = ["dana", "abel", "bibek", "abel", "grace", "carlo", "eve"]
    for name in names:
        db.session.add(Invitee(given_names=name.upper(), nationality="NP", sort_name=name))
        db.session.flush()
    return names


def page(arguments: dict[str, str], **options: int) -> listing.Listing:
    query = select(Invitee.sort_name)
    return listing.build(
        query, key=Invitee.id, sorts=SORTS, default="newest", arguments=arguments, path="/people", size=3, **options
    )


def names_of(shown: listing.Listing) -> list[str]:
    return [row.sort_name for row in shown.rows]


def walk(sort: str) -> list[list[str]]:
    pages, shown = [], page({"sort": sort})
    while True:
        pages.append(names_of(shown))
        if shown.next_cursor is None:
            return pages
        shown = page({"sort": sort, "after": shown.next_cursor})


@pytest.mark.parametrize(("sort", "turned"), [("newest", True), ("-newest", False)])
def test_pages_by_age_hold_everybody_once(people: list[str], sort: str, turned: bool) -> None:
    expected = list(reversed(people)) if turned else people
    assert [name for names in walk(sort) for name in names] == expected


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_pages_by_name_hold_everybody_once(people: list[str], sort: str) -> None:
    assert [name for names in walk(sort) for name in names] == sorted(people, reverse=sort.startswith("-"))


def test_going_back_shows_the_page_before(people: list[str]) -> None:
    first = page({"sort": "name"})
    second = page({"sort": "name", "after": first.next_cursor or ""})
    back = page({"sort": "name", "before": second.prev_cursor or ""})
    assert names_of(back) == names_of(first)
    assert (back.prev_cursor, back.next_cursor is not None) == (None, True)


@pytest.mark.parametrize("cursor", ["x", "e30", "WzEsMl0", "'; DROP TABLE invitee", "🌸"])
def test_tampered_cursor_starts_at_the_beginning(people: list[str], cursor: str) -> None:
    assert names_of(page({"sort": "name", "after": cursor})) == ["abel", "abel", "bibek"]


def test_unknown_order_is_the_usual_one(people: list[str]) -> None:
    assert names_of(page({"sort": "password"})) == ["eve", "carlo", "grace"]


def test_count_is_bounded(people: list[str]) -> None:
    counted = page({}, count_up_to=5)
    assert (counted.total, counted.counted_all) == (5, False)
    assert (page({}).total, page({}).counted_all) == (7, True)


def test_list_counted_only_a_little_way_is_read_and_counted_in_one_query(
    people: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with watching() as watch:
        shown = page({}, count_up_to=5)
    assert (watch.queries, names_of(shown)) == (1, ["eve", "carlo", "grace"])
    assert (shown.total, shown.counted_all, shown.next_cursor is not None) == (5, False, True)
    monkeypatch.setattr(listing, "READ_AT_ONCE", 0)
    with watching() as apart:
        counted = page({}, count_up_to=5)
    assert (apart.queries, counted.total, counted.counted_all) == (2, shown.total, shown.counted_all)
    assert counted.next_cursor == shown.next_cursor
