"""Two editions compared: bodies are known by their names, not by their numbers."""

from dataclasses import replace

from app.screening.bodies import Body
from app.screening.differences import between

WORKS = Body(1, "Islamia", "Rocket Works", ("RW-Alpha",), ("M",))
OPTICS = Body(2, "Borealia", "Optical Works", (), ("N",))
CHEMISTRY = Body(3, "Borealia", "Chemical Works", (), ("C",))


def test_a_body_of_one_edition_only_was_added_or_taken_away() -> None:
    found = between([WORKS, OPTICS], [OPTICS, CHEMISTRY])
    assert (found.added, found.removed, found.changed, found.same) == ((CHEMISTRY,), (WORKS,), (), 1)


def test_another_number_alone_is_no_change() -> None:
    assert between([WORKS], [replace(WORKS, number=7)]).same == 1


def test_what_changed_of_a_body_is_said() -> None:
    found = between([WORKS], [replace(WORKS, aliases=("RW-Alpha", "RW-Beta"), categories=("M", "CW"))])
    assert found.changed[0].what == {"aliases": ("", "RW-Beta"), "categories": ("M", "M, CW")}


def test_a_renamed_body_is_known_by_a_name_both_editions_have() -> None:
    found = between([WORKS], [replace(WORKS, name="Rocket Corporation")])
    assert (found.added, found.removed) == ((), ())
    assert found.changed[0].what["name"] == ("Rocket Works", "Rocket Corporation")


def test_the_digest_of_a_body_depends_on_its_names_and_kinds_and_on_nothing_else() -> None:
    assert replace(WORKS, number=9, country="Elsewhere", name="ROCKET  works").digest == WORKS.digest
    assert replace(WORKS, aliases=()).digest != WORKS.digest
    assert replace(WORKS, categories=("N",)).digest != WORKS.digest
