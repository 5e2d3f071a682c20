"""The statistics page: what it shows to whom, with which filters, in how many queries."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.core.authz import Role
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.jobs import JobState
from app.insight.views import figures
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.directory import make_host, make_sending
from tests.factories.insight import JST, make_figures, make_group, make_return

NAMES = ("years", "countries", "hosts", "courses", "revisits", "cumulative")


def soup(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.data, "html.parser")


def tiles(response: Any) -> dict[str, str]:
    return {
        tile.select_one(".app-tile__label").text: tile.select_one(".app-tile__number").text
        for tile in soup(response).select(".app-tile")
    }


def rows(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response.data.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read UTF-8"
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


@pytest.fixture
def coordinator(client: Client) -> Client:
    sign_in(client, make_user(Role.COORDINATOR))
    return client


def test_page_says_when_the_figures_were_made(coordinator: Client) -> None:
    assert "No figures have been made yet." in coordinator.get("/figures").text
    make_group(date(2025, 7, 1))
    make_figures()
    page = coordinator.get("/figures")
    assert "(Japan time)" in page.text
    assert "Something has changed since" not in page.text


def test_page_shows_totals_map_charts_and_their_tables(coordinator: Client) -> None:
    part = make_group(date(2025, 7, 1), ["NP", "IN", "IN"], sending=make_sending(), supervisors=1).participations[1]
    make_return(part, date(2026, 4, 1))
    make_figures()
    page = coordinator.get("/figures")
    assert tiles(page) == {
        "Invitees": "2",
        "Supervisors": "1",
        "Sending organizations": "1",
        "Host institutions": "1",
        "Countries and regions of origin": "2",
        "Revisits, once per person and kind": "1",
        "People who came back": "1",
    }
    shown = soup(page)
    assert {figure["id"] for figure in shown.select("figure")} == {
        "years",
        "map",
        "countries",
        "hosts",
        "courses",
        "revisits",
    }
    for figure in shown.select("figure"):
        assert figure.select_one("svg[role=img] > title"), "a name for those who do not see it"
        assert figure.select_one("table"), "the same as a table"
        assert figure.select_one("a[href*='.csv']"), "and as CSV"


@pytest.mark.parametrize(
    ("filters", "invitees"),
    [
        ("", 6),
        ("fiscal_year=2024", 1),
        ("country=NP", 3),
        ("country=region:africa", 2),
        ("course=A", 6),
        ("as_of=2025-03-31", 1),
        ("fiscal_year=2025&country=NP", 2),
        ("fiscal_year=2025&country=NP&course=A&as_of=2025-07-01", 2),
    ],
)
def test_filters_narrow_the_figures(coordinator: Client, filters: str, invitees: int) -> None:
    make_group(date(2025, 3, 20), ["NP"])
    make_group(date(2025, 7, 1), ["NP", "NP", "IN"])
    make_group(date(2025, 8, 1), ["KE", "GH"])
    make_figures()
    assert tiles(coordinator.get(f"/figures?{filters}"))["Invitees"] == str(invitees)


def test_host_is_found_by_name(coordinator: Client) -> None:
    host = make_host(name_en="Hakodate Harbour University", name_ja="")
    make_group(date(2025, 7, 1), ["NP", "NP"], host=host)
    make_group(date(2025, 7, 1), ["NP"])
    make_figures()
    assert tiles(coordinator.get("/figures?host=hakodate harbour"))["Invitees"] == "2"
    assert tiles(coordinator.get(f"/figures?host={host.public_id}"))["Invitees"] == "2"


def test_unknown_host_is_said_beside_the_typed_name(coordinator: Client) -> None:
    answer = coordinator.get("/figures?host=No such body at all")
    assert answer.status_code == 422
    assert "No host institution has this name." in answer.text
    assert soup(answer).select_one("#filter-host")["value"] == "No such body at all"


def test_several_hosts_of_that_name_are_offered(coordinator: Client) -> None:
    for place in ("East", "West"):
        make_host(name_en=f"Momiji Institute {place}", name_ja="")
    answer = coordinator.get("/figures?host=momiji institute")
    assert answer.status_code == 422
    assert {"Momiji Institute East", "Momiji Institute West"} <= {link.text for link in soup(answer).select("li a")}


@pytest.mark.parametrize(
    ("filters", "problem"),
    [
        ("as_of=31.3.2026", "Enter the date as year-month-day, for example 2026-03-31."),
        ("fiscal_year=x", "Choose a fiscal year from the list."),
        ("country=XX", "Choose a country or region from the list."),
        ("course=Z", "Choose a course from the list."),
        ("kind=holiday", "Choose a kind of revisit from the list."),
    ],
)
def test_bad_filter_is_named_with_what_was_typed(coordinator: Client, filters: str, problem: str) -> None:
    answer = coordinator.get(f"/figures?{filters}")
    assert answer.status_code == 422
    assert problem in answer.text


@pytest.mark.parametrize("filters", ["", "?fiscal_year=2025", "?as_of=2025-12-31&country=NP"])
def test_number_of_queries_does_not_depend_on_the_number_of_rows(coordinator: Client, filters: str) -> None:
    counts = []
    for wanted in (1, 3):
        for _group in range(wanted):
            make_group(date(2025, 7, 1), ["NP", "IN", "KE"][:wanted])
        make_figures()
        figures._body.cache_clear()
        coordinator.get(f"/figures{filters}")
        counts.append(coordinator.last.queries)
    assert counts[0] == counts[1] <= 14


def test_page_drawn_once_costs_two_queries(coordinator: Client) -> None:
    make_group(date(2025, 7, 1))
    make_figures()
    coordinator.get("/figures")
    coordinator.get("/figures")
    assert coordinator.last.queries <= 3, "who reads, and when the figures were made"


def test_page_follows_new_figures(coordinator: Client) -> None:
    make_group(date(2025, 7, 1))
    make_figures()
    assert tiles(coordinator.get("/figures"))["Invitees"] == "1"
    make_group(date(2025, 7, 1))
    make_figures()
    assert tiles(coordinator.get("/figures"))["Invitees"] == "2"


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_comes_as_csv(coordinator: Client, name: str) -> None:
    part = make_group(date(2025, 7, 1), ["NP", "IN"]).participations[0]
    make_return(part, date(2026, 4, 1))
    make_figures()
    found = rows(coordinator.get(f"/figures/{name}.csv"))
    assert len(found) >= 2
    assert {len(row) for row in found} == {len(found[0])}


def test_csv_has_the_filters_of_the_page(coordinator: Client) -> None:
    make_group(date(2025, 7, 1), ["NP", "IN"])
    make_group(date(2024, 7, 1), ["VN"])
    make_figures()
    found = rows(coordinator.get("/figures/countries.csv?fiscal_year=2024"))
    assert [row[0] for row in found[1:]] == ["VN"]


def test_unknown_csv_answers_404(coordinator: Client) -> None:
    assert coordinator.get("/figures/salaries.csv").status_code == 404


@pytest.mark.parametrize("role", JST)
def test_jst_sees_exact_numbers(client: Client, role: Role) -> None:
    make_group(date(2025, 7, 1), ["BT"])
    make_figures()
    sign_in(client, make_user(role))
    assert rows(client.get("/figures/countries.csv"))[1][3] == "1"


@pytest.mark.parametrize("role", [Role.HOST_EDITOR, Role.HOST_APPROVER])
def test_host_sees_own_numbers_exactly_and_no_small_ones_of_the_programme(client: Client, role: Role) -> None:
    own = make_host()
    make_group(date(2025, 7, 1), ["NP", "NP"], host=own)
    make_group(date(2025, 7, 1), ["BT"])
    make_group(date(2025, 7, 1), ["IN"] * 9)
    make_group(date(2025, 7, 1), ["VN"] * 12)
    make_figures()
    sign_in(client, make_user(role, own))
    page = client.get("/figures")
    assert own.name_en in page.text
    assert "so that no figure tells about one person" in page.text
    assert rows(client.get("/figures/countries.csv?own=1"))[1:] == [["NP", "Nepal", "South Asia", "2", "2", "0"]]
    programme = {row[0]: row[3] for row in rows(client.get("/figures/countries.csv"))[1:]}
    assert programme["BT"] == "hidden"
    assert list(programme.values()).count("hidden") >= 2, "one alone could be computed from the total"
    assert programme["VN"] == "12"


def test_host_cannot_ask_for_another_host(client: Client) -> None:
    own, other = make_host(), make_host(name_en="Somebody Else University")
    make_group(date(2025, 7, 1), ["NP"] * 3, host=own)
    make_group(date(2025, 7, 1), ["NP"] * 7, host=other)
    make_figures()
    sign_in(client, make_user(Role.HOST_EDITOR, own))
    found = rows(client.get(f"/figures/years.csv?own=1&host={other.public_id}"))
    assert found[1][2] == "3"


def test_alumni_and_reviewers_see_no_figures(client: Client) -> None:
    for role in (Role.ALUMNUS, Role.REVIEWER):
        sign_in(client, make_user(role))
        assert client.get("/figures").status_code == 403
        assert client.get("/figures/years.csv").status_code == 403


def test_coordinator_has_the_figures_made_anew(coordinator: Client) -> None:
    make_group(date(2025, 7, 1))
    answer = coordinator.post("/figures/refresh")
    assert answer.status_code == 302
    job = db.session.query(BackgroundJob).one()
    assert answer.location.endswith(f"/jobs/{job.public_id}")
    assert job.state in (JobState.QUEUED, JobState.DONE)


def test_host_may_not_have_the_figures_made_anew(client: Client) -> None:
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert client.post("/figures/refresh").status_code == 403


def test_published_figures_stand_beside_our_own(coordinator: Client) -> None:
    make_group(date(2020, 1, 20), ["NP"] * 3)
    make_figures()
    page = soup(coordinator.get("/figures/published"))
    found = {
        tuple(cell.text for cell in row.select("td")[:3]): [cell.text for cell in row.select("td")[3:]]
        for row in page.select("tbody tr")
    }
    key = ("People invited since the programme began", "Whole programme", "As of 31 March 2024")
    assert found[key] == ["39,635", "3", "ssp.jst.go.jp/outline/users"]
    key = ("Host institutions since the programme began", "Whole programme", "As of 31 March 2021")
    assert found[key][:2] == ["more than 350", "1"]
