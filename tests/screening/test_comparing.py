"""What a comparison means for a case: judgements last, what is new waits for a person, a hold never ends by itself."""

from dataclasses import replace

import pytest

from app.screening.asked import Asked
from app.screening.comparing import compare, verb_for
from app.screening.listed import Listed
from app.screening.matching import Kind
from app.screening.vocabulary import CaseState, Source
from tests.factories.screening import OPTICS, ROCKETS

LIST = Listed([ROCKETS, OPTICS])


def asked(text: str) -> Asked:
    return Asked(Source.PARTNER, text, text)


def test_a_listed_name_an_alias_and_a_misspelling_are_found() -> None:
    found = compare(map(asked, ["LRPI", "蘭江火箭推進", "Uralskoye Optcial Instruments Works"]), LIST)
    assert [(one.body.number, one.kind) for one in found] == [(1, Kind.EXACT), (1, Kind.EXACT), (2, Kind.SIMILAR)]
    assert 84 <= found[2].likeness < 100


def test_an_innocent_name_is_not_found() -> None:
    assert compare([asked("Kathmandu University")], LIST) == []


def test_name_and_body_are_the_same_finding_until_one_of_them_changes() -> None:
    first = compare([asked("LRPI")], LIST)[0]
    renumbered = Listed([replace(ROCKETS, number=99, country="Elsewhere")])
    extended = Listed([replace(ROCKETS, aliases=(*ROCKETS.aliases, "Works No. 9"))])
    assert compare([asked("lrpi")], renumbered)[0].fingerprint == first.fingerprint
    assert compare([asked("LRPI")], extended)[0].fingerprint != first.fingerprint
    assert compare([asked("Lanjiang Rocket Propulsion Institute")], LIST)[0].fingerprint != first.fingerprint


@pytest.mark.parametrize(
    ("state", "has_new", "has_any", "was_judged", "verb"),
    [
        ("clear", False, False, False, None),
        ("clear", True, True, False, "find"),
        ("cleared", False, True, True, None),
        ("cleared", True, True, True, "find"),
        ("cleared", False, False, True, None),
        ("conditions", True, True, True, "find"),
        ("conditions", False, False, True, None),
        ("examine", True, True, False, None),
        ("examine", False, False, False, "lose"),
        ("examine", False, False, True, None),  # what a person has judged, only a person settles
        ("hold", True, True, True, None),
        ("hold", False, False, True, None),
    ],
)
def test_what_a_comparison_does(state: str, has_new: bool, has_any: bool, was_judged: bool, verb: str | None) -> None:
    said = verb_for(CaseState(state), has_new=has_new, has_any=has_any, was_judged=was_judged)
    assert said == verb
