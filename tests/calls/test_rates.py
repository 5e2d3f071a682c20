"""Guide rates of a fiscal year: set up, read, changed, copied with the year."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.calls import places, rate_queries, rate_service, seed_data, service
from app.calls.models import CourseCode
from app.calls.rate_models import UnitRate
from app.calls.vocabulary import COSTS, REGIONS
from app.core import audit
from app.core.authz import Actor, Role
from app.core.db import db
from app.core.errors import Forbidden, Refused, Stale
from tests.conftest import Client
from tests.factories.accounts import make_actor, make_user, sign_in
from tests.factories.calls import make_course, make_rates


@pytest.fixture
def coordinator(app: Flask) -> Actor:
    return make_actor(Role.COORDINATOR)


def rate_of(code: str = "stay", year: int = 2025) -> UnitRate:
    make_course("A", year)
    return next(rate for rate in make_rates(year) if rate.code == code)


def fields_of(rate: UnitRate, **changes: Any) -> dict[str, Any]:
    names = ("amount", "ceiling", "label_ja", "label_en", "clause_ja", "clause_en", "is_untaxed", "to_confirm")
    lists = {"origins": list(rate.origins), "courses": list(rate.courses)}
    return {name: getattr(rate, name) for name in names} | lists | {"reason": "New guidelines"} | changes


def change(actor: Actor, rate: UnitRate, **changes: Any) -> None:
    version = changes.pop("version", rate.version)
    rate_service.update_rate(actor, rate, version=version, **fields_of(rate, **changes))


def test_known_rates_are_stand_ins_in_both_languages_for_every_region() -> None:
    assert seed_data.rate_years() == [2019, 2023, 2024, 2025, 2026]
    for year in seed_data.rate_years():
        found = seed_data.rates(year)
        assert all(rate.to_confirm and rate.kind in COSTS for rate in found)
        assert all(
            getattr(rate, f"{name}_{language}")
            for rate in found
            for name in ("label", "clause")
            for language in ("ja", "en")
        )
        assert {code for rate in found for code in rate.origins} == set(REGIONS)
        assert all(set(rate.courses) <= set(CourseCode) for rate in found)


def test_year_may_differ_from_the_others(app: Flask) -> None:
    assert {rate_of(year=year).amount for year in (2019, 2023, 2025)} == {9_000, 10_000, 11_000}


def test_seeding_enters_rates_once_and_keeps_changes(coordinator: Actor) -> None:
    first = service.seed_rules()
    assert first.rates == 5 * len(seed_data.rates(2025))
    rate = rate_of()
    change(coordinator, rate, amount=12_000)
    assert service.seed_rules().rates == 0
    db.session.expire_all()
    assert rate.amount == 12_000


def test_change_is_in_the_log_with_its_reason(coordinator: Actor) -> None:
    rate = rate_of()
    change(coordinator, rate, amount=12_000)
    entry = audit.timeline(rate)[0]
    assert (entry.verb, entry.comment, entry.changes["amount"]) == (
        "unit_rate:edit",
        "New guidelines",
        [11_000, 12_000],
    )


def test_published_year_needs_a_reason_and_a_draft_none(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        change(coordinator, rate_of(), reason=" ")
    assert list(refusal.value.fields) == ["reason"]
    service.copy_year(coordinator, 2025)
    change(coordinator, rate_of(year=2026), amount=10_000, reason="")
    assert rate_of(year=2026).amount == 10_000


def test_ceiling_below_the_rate_and_unknown_origins_are_refused(coordinator: Actor) -> None:
    with pytest.raises(Refused) as refusal:
        change(coordinator, rate_of(), ceiling=10_999, origins=["Atlantis"])
    assert set(refusal.value.fields) == {"ceiling", "origins"}
    change(coordinator, rate_of(), ceiling=11_000)


def test_database_refuses_a_ceiling_below_the_rate(app: Flask) -> None:
    rate_of().ceiling = 1
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_outdated_copy_and_others_do_not_change_a_rate(coordinator: Actor) -> None:
    with pytest.raises(Stale):
        change(coordinator, rate_of(), version=0)
    with pytest.raises(Forbidden):
        change(make_actor(Role.DECISION_MAKER), rate_of())


def test_copied_year_has_the_rates(coordinator: Actor) -> None:
    change(coordinator, rate_of(), amount=12_345, origins=["IN"])
    service.copy_year(coordinator, 2025)
    copies = rate_queries.rates(2026)
    assert [copy.code for copy in copies] == [rate.code for rate in rate_queries.rates(2025)]
    stay = next(copy for copy in copies if copy.code == "stay")
    assert (stay.amount, stay.ceiling, stay.origins, stay.fiscal_year) == (12_345, 13_000, ["IN"], 2026)
    assert audit.timeline(stay)[0].verb == "unit_rate:copy"


def test_rates_of_a_course_leave_out_those_of_others(app: Flask) -> None:
    rate_of("lecture").courses = ["B"]
    db.session.flush()
    codes = {rate.code for rate in rate_queries.rates_for(2025, CourseCode.A)}
    assert "stay" in codes and "lecture" not in codes
    assert rate_queries.rates_for(2025, CourseCode.ONLINE) == []


def test_places_are_read_as_they_are_shown(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "ja"}):
        codes = ["IN", "africa", "TW"]
        assert places.typed(places.shown(codes)) == codes
        assert places.unknown([*codes, "Atlantis"]) == ["Atlantis"]


def test_rates_are_read_with_separators(client: Client) -> None:
    rate_of()
    sign_in(client, make_user(Role.HOST_EDITOR))
    page = client.get("/calls/years/2025/rates").get_data(as_text=True)
    assert "¥13,000" in page and "South Asia" in page and "To be confirmed by JST" in page
    assert "/calls/rates/" not in page
    assert client.get("/calls/years/1999/rates").status_code == 404


def test_rates_of_a_draft_year_are_known_to_coordinators_only(client: Client, coordinator: Actor) -> None:
    rate_of()
    service.copy_year(coordinator, 2025)
    sign_in(client, make_user(Role.HOST_EDITOR))
    assert client.get("/calls/years/2026/rates").status_code == 404
    sign_in(client, make_user(Role.COORDINATOR))
    assert client.get("/calls/years/2026/rates").status_code == 200


def test_coordinator_changes_a_rate_in_the_browser(client: Client) -> None:
    rate = rate_of()
    sign_in(client, make_user(Role.COORDINATOR))
    address = f"/calls/rates/{rate.public_id}/edit"
    page = client.get(address).get_data(as_text=True)
    assert 'value="11,000"' in page and 'value="13,000"' in page
    sent = {
        "version": str(rate.version),
        "amount": "12,500",
        "ceiling": "",
        "label_ja": rate.label_ja,
        "label_en": "Board and lodging",
        "origins": "India\nAfrica",
        "courses": ["A"],
        "clause_ja": rate.clause_ja,
        "clause_en": rate.clause_en,
        "reason": "",
    }
    assert "reason" in client.post(address, data=sent).get_data(as_text=True)
    answer = client.post(address, data=sent | {"reason": "New guidelines"})
    assert answer.location.endswith("/calls/years/2025/rates")
    db.session.refresh(rate)
    assert (rate.amount, rate.ceiling, rate.origins, rate.courses) == (12_500, None, ["IN", "africa"], ["A"])
    assert not rate.to_confirm
    conflict = client.post(address, data=sent | {"reason": "Again", "label_en": "Stay"})
    assert conflict.status_code == 409 and "Board and lodging" in conflict.get_data(as_text=True)
