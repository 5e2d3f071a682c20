"""The authorization table is the contract, cell by cell."""

import pytest

from app.core.authz import Role
from app.policy import MATRIX
from tests.architecture.contract import CONTRACT, SCOPES

PEOPLE = [role for role in Role if role is not Role.SYSTEM]


@pytest.mark.parametrize("role", PEOPLE)
def test_role_has_exactly_what_the_contract_gives_it(role: Role) -> None:
    wanted = {name: SCOPES[cells[role.value]] for name, cells in CONTRACT.items() if role.value in cells}
    assert {name: scope.value for name, scope in MATRIX[role].items()} == wanted


def test_permissions_are_alphabetical_within_a_role() -> None:
    for role, row in MATRIX.items():
        if role not in (Role.HOST_APPROVER,):  # begins with everything an editor may
            assert list(row) == sorted(row), role
