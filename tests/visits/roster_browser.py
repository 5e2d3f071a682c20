"""A person at the roster's pages: reads what is asked, types, presses the buttons that stand there."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag

from app.core import crypto
from app.core.authz import Role
from app.invitees import service as invitees
from app.visits.models import Participation, RosterImport, Visit
from tests.conftest import Client
from tests.factories.accounts import make_user, sign_in
from tests.factories.calls import make_course
from tests.factories.visits import make_plan, make_visit

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
ENTRY, EXIT = date(2027, 1, 18), date(2027, 1, 24)


def file_of(name: str) -> Path:
    """One of the six shared rosters, by the start of its file name."""
    return next(path for path in ROSTERS.iterdir() if path.name.startswith(name) and path.suffix != ".json")


def expected(name: str) -> list[dict[str, Any]]:
    """The people that must come of it."""
    people: list[dict[str, Any]] = json.loads(next(ROSTERS.glob(f"{name}*.expected.json")).read_text())["people"]
    return people


def make_winter_visit(**fields: Any) -> Visit:
    """A visit of course A in January 2027, the days for which the shared rosters were written."""
    plan = make_plan(fiscal_year=2026, course=make_course("A", 2026), starts_on=ENTRY, ends_on=EXIT)
    return make_visit(plan=plan, starts_on=ENTRY, ends_on=EXIT, fiscal_year=2026, **fields)


class Browser:
    """One host editor at one visit."""

    def __init__(self, client: Client, visit: Visit, role: Role = Role.HOST_EDITOR) -> None:
        self.client = client
        self.visit_path = f"/visits/{visit.public_id}"
        self.user = make_user(role, visit.host_institution)
        self.response: Any = None
        self.enter()

    def enter(self) -> None:
        """Sign in (again)."""
        sign_in(self.client, self.user)

    @property
    def page(self) -> BeautifulSoup:
        """The page in sight."""
        return BeautifulSoup(self.response.text, "html.parser")

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def path(self) -> str:
        """Where the browser is."""
        return str(self.response.request.path)

    def open(self, path: str) -> "Browser":
        """Go to a page."""
        self.response = self.client.get(path)
        return self

    def post(self, path: str, data: dict[str, Any], **kwargs: Any) -> "Browser":
        """Send a form and go where the answer leads."""
        self.response = self.client.post(path, data=data, **kwargs)
        if self.response.status_code == 302:
            self.open(self.response.location.partition("#")[0])
        return self

    def upload(self, data: bytes, filename: str) -> "Browser":
        """Choose a file and send it."""
        self.open(f"{self.visit_path}/roster")
        form = self.page.select_one("form[enctype]")
        assert form is not None
        fields = {**values_of(form), "file": (io.BytesIO(data), filename)}
        return self.post(f"{self.visit_path}/roster", fields, content_type="multipart/form-data")

    def upload_shared(self, name: str) -> "Browser":
        """Send one of the six."""
        path = file_of(name)
        return self.upload(path.read_bytes(), path.name)

    def form(self) -> Tag:
        """The form with questions and people."""
        found = self.page.find("input", attrs={"name": "fingerprint"})
        assert isinstance(found, Tag), self.text
        form = found.find_parent("form")
        assert isinstance(form, Tag)
        return form

    def fields(self, **typed: Any) -> dict[str, Any]:
        """What the form would send, with what was typed; None takes a tick away."""
        return {name: value for name, value in {**values_of(self.form()), **typed}.items() if value is not None}

    def answer(self, **typed: Any) -> "Browser":
        """Type, and press the button that keeps it."""
        return self.post(str(self.form()["action"]), self.fields(**typed))

    def save_button(self) -> Tag | None:
        """The button that saves the roster, if it is there."""
        return self.page.select_one("button[formaction]")

    def save(self, **typed: Any) -> "Browser":
        """Press that button."""
        button = self.save_button()
        assert button is not None, self.text
        return self.post(str(button["formaction"]), self.fields(**typed))

    def map_columns(self, **chosen: str) -> "Browser":
        """Say what columns hold, and have the file read again."""
        form = self.page.select_one("#columns form")
        assert form is not None
        return self.post(str(form["action"]), {**values_of(form), **chosen})


def values_of(form: Tag) -> dict[str, Any]:
    """What a browser sends of a form: inputs, chosen options, ticks."""
    values: dict[str, Any] = {}
    for item in form.select("input[name]"):
        kind, name = item.get("type", "text"), str(item["name"])
        if kind in ("checkbox", "radio"):
            if item.has_attr("checked"):
                values.setdefault(name, []).append(item.get("value", "on"))
        elif kind != "file":
            values[name] = item.get("value", "")
    for item in form.select("select[name]"):
        chosen = item.select_one("option[selected]") or item.select_one("option")
        values[str(item["name"])] = chosen.get("value", "") if chosen else ""
    return values


def stored(visit: Visit) -> list[dict[str, Any]]:
    """The people of a visit in the database, in the order of the roster, with the fields of the expected files."""
    return [_person(part) for part in sorted(visit.participations, key=lambda part: part.position)]


def _person(part: Participation) -> dict[str, Any]:
    person, passport = part.invitee, part.invitee.passport
    assert passport is not None and person.date_of_birth is not None and person.sex is not None
    number = crypto.open_(
        passport.sealed_number, table=invitees.TABLE, column=invitees.COLUMN, row_public_id=person.public_id
    )
    return {
        "surname": person.surname,
        "given_names": person.given_names,
        "native_name": person.native_name,
        "sex": person.sex.value,
        "date_of_birth": person.date_of_birth.isoformat(),
        "nationality": person.nationality,
        "passport_number": number,
        "passport_expiry": passport.expires_on.isoformat() if passport.expires_on else None,
        "email": person.email or None,
        "category": part.category.value,
        "affiliation": part.affiliation,
        "role": part.role.value,
        "first_visit": part.first_visit,
        "diet": part.diet,
    }


def import_of(visit: Visit, session: Any) -> RosterImport:
    """The newest import of a visit."""
    found: RosterImport = (
        session.query(RosterImport).filter_by(visit_id=visit.id).order_by(RosterImport.id.desc()).first()
    )
    return found
