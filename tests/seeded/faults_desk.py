"""Faults at the screening desk, on the panel's board, and in the logs."""

from tests.seeded.fault import Fault

SCREENING, SECTIONS = "app/screening/service.py", "app/screening/sections.py"
BOARD, PAPER = "app/board/service.py", "app/board/paper_views.py"
LOGS = "app/insight/log_queries.py"
DESK, BOARDS = "tests/screening/test_refusals.py", "tests/board/test_refusals.py"
MATRIX = "tests/architecture/test_matrix.py::test_every_route_answers_each_role_as_the_contract_says"

FAULTS = (
    Fault(
        "anybody judges a case",
        SCREENING,
        '    authz.require(actor, "screening:examine", case)\n    _check_version(case, version)\n'
        "    if verb not in KINDS",
        "    _check_version(case, version)\n    if verb not in KINDS",
        (DESK,),
    ),
    Fault(
        "anybody writes notes of the desk",
        SCREENING,
        '    authz.require(actor, "screening:examine", case)\n    if not text.strip():',
        "    if not text.strip():",
        (DESK,),
    ),
    Fault(
        "a hold is lifted by one person",
        SCREENING,
        "    if actor.id is None or actor.id == case.lift_proposed_by_id:\n",
        "    if actor.id is None:\n",
        ("tests/screening/test_service.py",),
    ),
    Fault(
        "anybody agrees to lift a hold",
        SCREENING,
        '    authz.require(actor, "screening:lift", case)\n    _check_version(case, version)\n'
        "    if case.lift_to is None:\n"
        "        raise TransitionNotAllowed()\n    if actor.id",
        "    _check_version(case, version)\n    if case.lift_to is None:\n"
        "        raise TransitionNotAllowed()\n    if actor.id",
        (DESK,),
    ),
    Fault(
        "coordinators read the desk's cases",
        "app/screening/views.py",
        '@bp.get("/cases/<string:case_id>")\n@permission_required("screening:examine")\n'
        'def show(case_id: str) -> Answer:\n    return _page(case_for(case_id, "screening:examine"))',
        '@bp.get("/cases/<string:case_id>")\n@permission_required("screening:view")\n'
        'def show(case_id: str) -> Answer:\n    return _page(case_for(case_id, "screening:view"))',
        ("tests/screening/test_pages.py", f"{MATRIX}[coordinator]"),
    ),
    Fault(
        "hosts are told that they are on hold",
        SECTIONS,
        "    if case is None or case.state is not CaseState.CONDITIONS or case.decided_at is None:\n",
        "    if case is None or case.decided_at is None:\n",
        (DESK,),
    ),
    Fault(
        "every host is told what one host is to do",
        SECTIONS,
        '    if application.host_institution_id in actor.institution_ids("application:edit"):\n',
        "    if application.host_institution_id:\n",
        (DESK,),
    ),
    Fault(
        "a plan on hold is adopted",
        SECTIONS,
        '    if case.state is CaseState.HOLD:\n        return [_("%(number)s is on hold',
        '    if case.lift_to is None and case.id is None:\n        return [_("%(number)s is on hold',
        (DESK,),
    ),
    Fault(
        "why a hold is proposed to be lifted is written into the log",
        SCREENING,
        '    audit.record(actor, "screening:propose-lift", case)\n',
        '    audit.record(actor, "screening:propose-lift", case, comment=reason)\n',
        (DESK,),
    ),
    Fault(
        "editions of the list are read in by whoever screens nothing",
        "app/screening/editions.py",
        '    authz.require_role(actor, "userlist:import")\n',
        "",
        (DESK,),
    ),
    Fault(
        "anybody begins a board",
        BOARD,
        "    authz.require_role(actor, EDIT)\n    held = queries.versions(call)\n",
        "    held = queries.versions(call)\n",
        (BOARDS,),
    ),
    Fault(
        "anybody moves plans on a board",
        BOARD,
        "    authz.require_role(actor, EDIT)\n    if seen != version.version:",
        "    if seen != version.version:",
        (BOARDS,),
    ),
    Fault(
        "a board is taken away without the password",
        PAPER,
        "@permission_required(EXPORT)\n@step_up_required\n",
        "@permission_required(EXPORT)\n",
        (BOARDS, "tests/board/test_papers.py"),
    ),
    Fault(
        "a board is printed by anybody",
        "app/board/paper.py",
        '    authz.require_role(actor, "board:export")\n',
        "",
        (BOARDS, "tests/board/test_papers.py"),
    ),
    Fault(
        "a score in conflict counts on the board",
        "app/board/queries.py",
        "            ~in_conflict.exists(),\n",
        "",
        (BOARDS,),
    ),
    Fault(
        "hosts read the mails to everybody",
        LOGS,
        "    return OutboxMessage.recipient_id.in_(select(RoleGrant.user_id).where(RoleGrant.institution_id.in_(own)))",
        "    return OutboxMessage.id.is_not(None)",
        ("tests/insight/test_logs.py",),
    ),
    Fault(
        "anybody's job is shown to whoever knows its number",
        LOGS,
        '    if found is None or not (is_own or actor.may("job:view")):\n',
        "    if found is None:\n",
        ("tests/insight/test_logs.py",),
    ),
)
