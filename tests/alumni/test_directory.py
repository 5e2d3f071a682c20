"""The directory: only who asked to be in it, with what they show; nothing hidden comes out by search or filter."""

from datetime import timedelta

import pytest
from flask import Flask

from app.alumni import queries
from app.alumni.directory_views import PROFILES_PER_HOUR
from app.alumni.models import AlumnusState
from app.alumni.profile import FIELDS
from app.core import limits
from app.core.authz import Role
from app.core.db import db
from tests.conftest import Client
from tests.factories.accounts import actor_of, make_user, sign_in
from tests.factories.alumni import make_alumnus, make_alumnus_user
from tests.factories.closing import make_person

SECRETS = ("private@example.org", "Tribhuvan", "Lecturer", "Kathmandu", "Hydrology", "Glad to hear from you", "Nepal")


@pytest.fixture
def reader(client: Client) -> Client:
    sign_in(client, make_alumnus_user(locale="en"))
    return client


def page(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200
    text: str = answer.get_data(as_text=True)
    return text[text.index("<main") : text.index("</main>")].replace('value="NP"', "").split("</form>")[-1]


def test_who_did_not_ask_is_not_listed(reader: Client) -> None:
    hidden = make_alumnus(visibility=dict.fromkeys(FIELDS, "alumni"))
    assert hidden.invitee.surname not in page(reader, "/alumni")
    assert reader.get(f"/alumni/people/{hidden.public_id}").status_code == 404


def test_listed_person_shows_the_name_and_what_was_chosen_only(reader: Client) -> None:
    listed = make_alumnus(listed=True, visibility={"city": "alumni", "position": "my_host"})
    for address in ("/alumni", f"/alumni/people/{listed.public_id}"):
        shown = page(reader, address)
        assert listed.invitee.surname in shown
        assert "Kathmandu" in shown
        for secret in set(SECRETS) - {"Kathmandu"}:
            assert secret not in shown


def test_listed_person_who_shows_nothing_shows_the_name(reader: Client) -> None:
    listed = make_alumnus(listed=True)
    for address in ("/alumni", f"/alumni/people/{listed.public_id}"):
        shown = page(reader, address)
        assert listed.invitee.surname in shown
        assert not any(secret in shown for secret in SECRETS)


@pytest.mark.parametrize("words", ["private@example.org", "Tribhuvan", "Hydrology", "Kathmandu", "Lecturer"])
def test_search_does_not_find_people_by_what_they_hide(reader: Client, words: str) -> None:
    listed = make_alumnus(make_person(email="private@example.org"), listed=True)
    assert listed.invitee.surname not in page(reader, f"/alumni?q={words}")


def test_filter_by_country_does_not_tell_hidden_countries(reader: Client) -> None:
    hides = make_alumnus(listed=True)
    shows = make_alumnus(listed=True, visibility={"country": "alumni"})
    found = page(reader, "/alumni?country=NP")
    assert hides.invitee.surname not in found
    assert shows.invitee.surname in found


@pytest.mark.parametrize("words", ["NGUYEN", "ánh", "阮氏", "Hydro"])
def test_search_finds_by_name_and_shown_field(reader: Client, words: str) -> None:
    person = make_person(surname="NGUYEN", given_names="THI ANH", native_name="阮氏映")
    make_alumnus(person, listed=True, visibility={"field_of_science": "alumni"})
    assert "NGUYEN" in page(reader, f"/alumni?q={words}")


@pytest.mark.parametrize("role", [Role.HOST_EDITOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.COORDINATOR])
def test_directory_is_for_alumni(client: Client, role: Role) -> None:
    listed = make_alumnus(listed=True)
    sign_in(client, make_user(role))
    assert client.get("/alumni").status_code == 403
    assert client.get(f"/alumni/people/{listed.public_id}").status_code == 403


def test_profiles_can_be_opened_sixty_times_an_hour(client: Client) -> None:
    listed, user = make_alumnus(listed=True), make_alumnus_user()
    sign_in(client, user)
    for _ in range(PROFILES_PER_HOUR - 1):
        limits.hit("alumni:profile", str(user.id), PROFILES_PER_HOUR, timedelta(hours=1))
    assert PROFILES_PER_HOUR == 60
    assert client.get(f"/alumni/people/{listed.public_id}").status_code == 200
    limits.hit("alumni:profile", str(user.id), PROFILES_PER_HOUR, timedelta(hours=1))
    answer = client.get(f"/alumni/people/{listed.public_id}")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600


def test_list_needs_as_many_queries_for_three_as_for_one(reader: Client) -> None:
    make_alumnus(listed=True, visibility=dict.fromkeys(FIELDS, "alumni"))
    reader.get("/alumni")
    one = reader.last.queries
    for _ in range(2):
        make_alumnus(listed=True, visibility=dict.fromkeys(FIELDS, "alumni"))
    reader.get("/alumni")
    assert reader.last.queries == one


def test_who_left_is_out_of_the_directory_whatever_the_columns_say(app: Flask) -> None:
    make_alumnus(state=AlumnusState.LEFT, email="", affiliation="")
    assert db.session.execute(queries.directory(actor_of(make_alumnus_user()))).all() == []
