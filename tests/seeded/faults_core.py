"""Faults in what everything stands on: the matrix's engine, the door of a view, step-up."""

from tests.seeded.fault import Fault

AUTHZ, WEB = "app/core/authz.py", "app/core/web.py"
MATRIX = "tests/architecture/test_matrix.py"
LISTING = "tests/applications/test_listing.py"

FAULTS = (
    Fault(
        "lists show every row",
        AUTHZ,
        "    return or_(false(), *terms)\n",
        "    return or_(true(), *terms)\n",
        (LISTING,),
    ),
    Fault(
        "a permission for some row is one for every row",
        AUTHZ,
        "    if not can(actor, permission, subject):\n        raise Forbidden()",
        "    if not actor.may(permission):\n        raise Forbidden()",
        ("tests/reviews/test_refusals.py",),
    ),
    Fault(
        "rows are made for any institution",
        AUTHZ,
        "scope is Scope.OWN and grant.institution_id == institution_id):",
        "scope is Scope.OWN and grant.institution_id is not None):",
        ("tests/applications/test_refusals.py",),
    ),
    Fault(
        "verbs without a row ask for no role",
        AUTHZ,
        "    if not actor.may(permission):\n        raise Forbidden()\n\n\ndef require_for_institution",
        "    if actor is None:\n        raise Forbidden()\n\n\ndef require_for_institution",
        ("tests/reviews/test_refusals.py",),
    ),
    Fault(
        "the door of a view lets everybody in who has signed in",
        WEB,
        "if permission != SIGNED_IN and not actor.may(permission):",
        "if permission == PUBLIC and not actor.may(permission):",
        (f"{MATRIX}::test_every_route_answers_each_role_as_the_contract_says[auditor]",),
    ),
    Fault(
        "an object's page asks for the role, not for the object",
        WEB,
        "authz.visible(current_actor(), permission, model).where(model.public_id == public_id)",
        "authz.select(model).where(model.public_id == public_id)",
        (f"{MATRIX}::test_every_route_answers_each_role_as_the_contract_says[host_editor]",),
    ),
    Fault(
        "the password is proved for a week",
        WEB,
        "clock.now() - actor.confirmed_at < STEP_UP_LIFETIME",
        "clock.now() - actor.confirmed_at < STEP_UP_LIFETIME * 1000",
        ("tests/applications/test_refusals.py",),
    ),
    Fault(
        "nothing asks for the password anew",
        WEB,
        "        if not recently_confirmed(current_actor()):\n            return redirect",
        "        if current_actor() is None:\n            return redirect",
        (LISTING,),
    ),
)
