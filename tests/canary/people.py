"""Who asks in the canary world, for which objects, and whose a mail is."""

from dataclasses import dataclass, field

from app.accounts.models import User
from app.applications.models import Application
from app.core.db import db
from tests.canary.birds import Aviary, Place, Reader
from tests.canary.unpacking import canaries

Ids = dict[str, str]


@dataclass
class Somebody:
    """A reader with a browser: the cookies it sends."""

    reader: Reader
    user: User | None = None
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """Who asks, for which objects (ids by parameter, by place), and every secret."""

    aviary: Aviary
    people: dict[str, Somebody] = field(default_factory=dict)
    objects: dict[str, Ids] = field(default_factory=dict)
    places: dict[str, tuple[Place, Application]] = field(default_factory=dict)
    year: int = 2025

    def reader_of(self, user_id: int | None, address: str) -> Reader:
        """Whose mail that is: somebody known, or whoever wears these hats."""
        for person in self.people.values():
            if person.user is not None and (person.user.id == user_id or person.user.email == address):
                return person.reader
        written_in = [self.aviary.birds[word] for word in canaries(address)]
        for bird in written_in:  # an address that is a secret itself: of its owner, or of the host's contact
            found = self.people.get(bird.owner)
            return found.reader if found is not None else Reader(f"contact of {bird.place.name}", host=bird.place.host)
        user = db.session.get(User, user_id) if user_id else None
        if user is None:
            return Reader(f"somebody at {address}")
        hosts = [grant.institution_id for grant in user.grants if grant.institution_id]
        return Reader(user.email, frozenset(str(grant.role) for grant in user.grants), hosts[0] if hosts else None)
