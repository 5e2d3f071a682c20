"""Made-up people: names as their countries write them, the same for the same seed."""

import random
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from app.invitees.models import Category, Sex

DATA = Path(__file__).parent / "data"

AGES = {
    Category.HIGH_SCHOOL: (15, 18),
    Category.TECHNICAL_COLLEGE: (16, 20),
    Category.UNDERGRADUATE: (18, 24),
    Category.MASTER: (22, 28),
    Category.DOCTOR: (24, 34),
    Category.POSTDOC: (27, 38),
    Category.FACULTY: (30, 58),
    Category.TEACHER: (28, 58),
    Category.RESEARCHER: (25, 39),
}


@dataclass(frozen=True, slots=True)
class Person:
    """What the passport and the roster say of somebody who does not exist."""

    surname: str
    given_names: str
    native_name: str
    sex: Sex
    date_of_birth: date
    nationality: str
    email: str
    passport_number: str
    passport_expiry: date


@cache
def parts() -> dict[str, dict[str, Any]]:
    """Name parts by country."""
    return tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))


def birthday(chance: random.Random, category: Category, arrival: date) -> date:
    """A day of birth that fits the category on the day of entry; 29 February now and then."""
    low, high = AGES.get(category, (20, 40))
    born = arrival - timedelta(days=int(365.25 * chance.uniform(low + 0.1, high + 0.9)))
    if born.year % 4 == 0 and chance.random() < 0.01:
        return date(born.year, 2, 29)
    return born


def make(chance: random.Random, number: int, country: str, category: Category, arrival: date) -> Person:
    """The person with a running number: of a country, fit for a category, coming on a day."""
    names = parts()[country]
    female = chance.random() < 0.52
    sex = Sex.OTHER if chance.random() < 0.003 else Sex.FEMALE if female else Sex.MALE
    surname, own_surname = chance.choice(names["surnames"])
    given, own_given = chance.choice(names["female"] if female else names["male"])
    if chance.random() < names.get("single", 0):
        surname, own_surname = "", ""
    own = [own_surname, own_given] if names["order"] == "surname" else [own_given, own_surname]
    joint = "" if country in ("CN", "TW", "KR") else " "
    native = joint.join(part for part in own if part) if own_given else ""
    mailbox = f"{given.split()[0].lower()}.{number}".encode("ascii", "ignore").decode()
    return Person(
        surname=surname,
        given_names=given,
        native_name=native,
        sex=sex,
        date_of_birth=birthday(chance, category, arrival),
        nationality=country,
        email=f"{mailbox}@example.org",
        passport_number=f"{country}{number:07d}",
        passport_expiry=arrival + timedelta(days=chance.randint(200, 3000)),
    )
