"""Faults in checking, proposals, letters, feedback, files, moves, and in lists with their saved views and tasks."""

from tests.seeded.fault import Fault

PROPOSING, PAGES = "app/applications/proposing.py", "app/applications/views/proposals.py"
FILES, MOVING = "app/applications/file_model.py", "app/applications/moving.py"
FEEDBACK, CHECKING = "app/reviews/feedback.py", "app/checking/service.py"
PROPOSALS, CHANGED = "tests/applications/test_proposals.py", "tests/applications/test_changed_results.py"
LETTERS, FILE_TESTS = "tests/applications/test_letters.py", "tests/applications/test_files.py"
MOVES, LISTS = "tests/applications/test_moving.py", "tests/core/test_lists.py"
OUTCOMES, TEXTS = "tests/checking/test_outcomes.py", "tests/reviews/test_feedback.py"
MATRIX = "tests/architecture/test_matrix.py::test_every_route_answers_each_role_as_the_contract_says"

FAULTS = (
    Fault(
        "who proposed a decision approves it",
        PROPOSING,
        "    _turn(proposal, seen)\n    if proposal.proposed_by_id == actor.id:\n"
        "        raise Forbidden()\n\n\ndef _turn",
        "    _turn(proposal, seen)\n\n\ndef _turn",
        (PROPOSALS, CHANGED),
    ),
    Fault(
        "anybody proposes a decision",
        PROPOSING,
        "    authz.require(actor, permission, application)\n    if actor.id is None:\n",
        "    if actor.id is None:\n",
        (PROPOSALS, CHANGED),
    ),
    Fault(
        "a change of a result is approved without the password",
        PAGES,
        '@permission_required("decision:change")\n@step_up_required\ndef approve_change(',
        '@permission_required("decision:change")\ndef approve_change(',
        (CHANGED,),
    ),
    Fault(
        "a change of a result is proposed without the password",
        PAGES,
        '@permission_required("decision:change")\n@step_up_required\ndef change_result(',
        '@permission_required("decision:change")\ndef change_result(',
        (CHANGED,),
    ),
    Fault(
        "somebody else's proposal is taken back",
        PROPOSING,
        "    _turn(proposal, seen)\n    if proposal.proposed_by_id != actor.id:\n        raise Forbidden()\n",
        "    _turn(proposal, seen)\n",
        (PROPOSALS,),
    ),
    Fault(
        "anybody sets the minute of the release",
        "app/applications/release_clock.py",
        '    authz.require_role(actor, "round:release")\n    if actor.id is None:\n',
        "    if actor.id is None:\n",
        ("tests/applications/test_release_clock.py",),
    ),
    Fault(
        "work begun by a closed account goes on",
        "app/applications/release.py",
        "    held = round_queries.roles_of(user_id) if user.state is UserState.ACTIVE else []\n",
        "    held = round_queries.roles_of(user_id)\n",
        ("tests/applications/test_release_clock.py", "tests/applications/test_decision.py"),
    ),
    Fault(
        "plans adopted in rounds that are not released stand in the public list",
        "app/applications/adopted.py",
        "    return and_(Application.state.in_(ADOPTED), Call.released_at.is_not(None), Call.is_draft.is_(False))",
        "    return and_(Application.state.in_(ADOPTED), Call.is_draft.is_(False))",
        ("tests/applications/test_adopted.py",),
    ),
    Fault(
        "the letter is read as a preview by its host",
        "app/applications/views/letter_of_plan.py",
        '@permission_required("decision:view")\ndef letter_preview(',
        '@permission_required("letter:view")\ndef letter_preview(',
        (LETTERS, f"{MATRIX}[host_approver]"),
    ),
    Fault(
        "anybody writes what the letters say",
        "app/applications/letter_service.py",
        '    authz.require_role(actor, "letter:edit")\n    row = letter_queries',
        "    row = letter_queries",
        (LETTERS, "tests/applications/test_letter_texts.py"),
    ),
    Fault(
        "feedback is read before the release",
        FEEDBACK,
        '    if not is_released(application) or not authz.can(actor, "feedback:view", application):\n',
        '    if not authz.can(actor, "feedback:view", application):\n',
        (TEXTS,),
    ),
    Fault(
        "feedback names who wrote it",
        FEEDBACK,
        '        return "" if self.tells else self.written\n',
        "        return self.written\n",
        (TEXTS,),
    ),
    Fault(
        "feedback that is held back is passed on",
        FEEDBACK,
        '            return "" if self.ruling.is_held else self.ruling.text.strip()\n',
        "            return self.ruling.text.strip() or self.written\n",
        (TEXTS,),
    ),
    Fault(
        "feedback of plans closed to the reader is looked through",
        FEEDBACK,
        "    if row is None or row[0].assignment.application_id in blindness.closed_to(actor):\n",
        "    if row is None:\n",
        (TEXTS,),
    ),
    Fault(
        "files of other hosts' plans are handed out",
        FILES,
        "            Scope.OWN: and_(of_host, or_(model.removed_at.is_(None), is_submitted)),\n",
        "            Scope.OWN: or_(model.removed_at.is_(None), is_submitted),\n",
        (FILE_TESTS, f"{MATRIX}[host_editor]"),
    ),
    Fault(
        "JST reads the files of drafts",
        FILES,
        "            Scope.SUBMITTED: is_submitted,\n",
        "            Scope.SUBMITTED: model.application.has(),\n",
        (FILE_TESTS,),
    ),
    Fault(
        "files with malware are handed out",
        FILES,
        "        return and_(model.scan.in_(CLEAN), reach.get(scope, false()))\n",
        "        return and_(model.scan.is_not(None), reach.get(scope, false()))\n",
        (FILE_TESTS, "tests/applications/test_file_scanning.py"),
    ),
    Fault(
        "a file is handed out under another plan",
        "app/applications/views/files.py",
        "    if file.application_id != application.id:\n        raise NotFound()\n",
        "",
        (FILE_TESTS,),
    ),
    Fault(
        "experts are handed out any plan's files",
        "app/reviews/reading.py",
        "    found = next((file for file in file_queries.submitted(application)"
        " if file.public_id == public_id), None)\n",
        "    from app.core.db import db\n\n"
        "    found = db.session.query(PlanFile).filter_by(public_id=public_id).one_or_none()\n",
        ("tests/reviews/test_files.py",),
    ),
    Fault(
        "anybody gives the outcome of the formal check",
        CHECKING,
        '    authz.require(actor, "application:check", application)\n    plans.take_turn(application)\n    meeting.',
        "    plans.take_turn(application)\n    meeting.",
        (OUTCOMES,),
    ),
    Fault(
        "anybody takes back the mark of an inadmissible plan",
        CHECKING,
        '    authz.require(actor, "application:check", application)\n    plans.take_turn(application)\n    mark =',
        "    plans.take_turn(application)\n    mark =",
        (OUTCOMES,),
    ),
    Fault(
        "hosts read the formal check",
        "app/checking/sections.py",
        "    if application.submitted_at is None or not plans.is_inside(actor):\n",
        "    if application.submitted_at is None:\n",
        (OUTCOMES,),
    ),
    Fault(
        "many are passed on by whoever may not pass on one",
        "app/checking/mass.py",
        '    authz.require_role(actor, "application:check")\n    looked = preview',
        "    looked = preview",
        ("tests/checking/test_mass.py",),
    ),
    Fault(
        "a plan is moved by one person",
        MOVING,
        "    if actor.id is None or actor.id == move.proposed_by_id:\n",
        "    if actor.id is None:\n",
        (MOVES,),
    ),
    Fault(
        "a plan's files stay with its former institution",
        MOVING,
        "        .values(institution_id=after.id)\n",
        "        .values(institution_id=before.id)\n",
        (MOVES,),
    ),
    Fault(
        "the new institution reads what the former one's staff said",
        "app/applications/comment_queries.py",
        "    return found if application.moved_at is None else"
        " [*found, SectionComment.written_at >= application.moved_at]",
        "    return found",
        (MOVES,),
    ),
    Fault(
        "the former institution's history goes with the plan",
        "app/applications/views/show.py",
        "            since=application.moved_at if own else None,\n",
        "            since=None,\n",
        (MOVES,),
    ),
    Fault(
        "acts on lists trust the ids that were sent",
        "app/core/lists/selecting.py",
        "    query = of.query(actor, **of.parse(actor, given))\n",
        "    from dataclasses import replace\n\n    from app.core.authz import Grant, Role\n\n"
        "    houses = tuple(Grant(Role.HOST_EDITOR, number) for number in range(200))\n"
        "    anybody = replace(actor, grants=(*actor.grants, *houses))\n"
        "    query = of.query(anybody if wanted.ids else actor, **of.parse(actor, given))\n",
        (LISTS,),
    ),
    Fault(
        "acts on lists ask for no permission",
        "app/core/lists/acting.py",
        "    authz.require_role(actor, act.permission)\n    found = candidates",
        "    found = candidates",
        (LISTS, "tests/core/test_list_permissions.py"),
    ),
    Fault(
        "acts on lists are open to whoever sees the list",
        "app/core/lists/views.py",
        "    authz.require_role(current_actor(), act.permission)\n    return act\n",
        "    return act\n",
        (LISTS,),
    ),
    Fault(
        "an act goes on for who lost the role",
        "app/core/lists/acting.py",
        "    actor = in_the_name_of(task.owner_id)\n    authz.require_role(actor, act.permission)\n",
        "    actor = in_the_name_of(task.owner_id)\n",
        (LISTS,),
    ),
    Fault(
        "lists leave with whoever may only see them",
        "app/core/lists/views.py",
        "    authz.require_role(current_actor(), of.export.permission)\n    if of.export.steps_up",
        "    if of.export.steps_up",
        (LISTS, "tests/core/test_list_permissions.py", "tests/applications/test_listing.py"),
    ),
    Fault(
        "saved views are everybody's",
        "app/core/lists/saving.py",
        "SavedView.public_id == public_id, SavedView.user_id == actor.id, SavedView.list_name == of.name",
        "SavedView.public_id == public_id, SavedView.list_name == of.name",
        (LISTS,),
    ),
    Fault(
        "tasks are everybody's",
        "app/core/lists/acting.py",
        "select(ListTask).where(ListTask.public_id == public_id, ListTask.owner_id == actor.id)",
        "select(ListTask).where(ListTask.public_id == public_id)",
        (LISTS,),
    ),
)
