"""Faults in plans: listing, counting, taking away, deciding, releasing, the partner's link, people by name."""

from tests.seeded.fault import Fault

MODELS, QUERIES = "app/applications/models.py", "app/applications/queries.py"
RELEASE = "app/applications/release.py"
LINKS, NAMED = "app/applications/partner_links.py", "app/applications/named_models.py"
SHOW, LIST_VIEW = "app/applications/views/show.py", "app/core/lists/views.py"
LISTING, DECIDING = "tests/applications/test_listing.py", "tests/applications/test_decision.py"
REFUSALS, PROPOSALS = "tests/applications/test_refusals.py", "tests/applications/test_proposals.py"

FAULTS = (
    Fault(
        "the own institution is any institution",
        MODELS,
        "            return self.host_institution_id == institution_id\n",
        "            return self.host_institution_id != None  # noqa: E711\n",
        (LISTING,),
    ),
    Fault(
        "JST sees drafts",
        MODELS,
        "            return self.submitted_at != None  # noqa: E711 -- read by SQL and by Python\n",
        "            return self.host_institution_id != None  # noqa: E711\n",
        (LISTING,),
    ),
    Fault(
        "hosts see in a list that their plan is decided",
        QUERIES,
        "    if is_inside(actor):\n        return Application.state.expression\n",
        "    if actor.grants:\n        return Application.state.expression\n",
        (REFUSALS, DECIDING),
    ),
    Fault(
        "hosts filter by «decided» before the release",
        QUERIES,
        "    return [state for state in S if is_inside(actor) or state is not S.DECIDED]\n",
        "    return list(S)\n",
        (REFUSALS, DECIDING),
    ),
    Fault(
        "the list of plans has no tenant",
        QUERIES,
        '        .where(authz.condition(actor, "application:view", Application))\n    )\n    if state in',
        "    )\n    if state in",
        (LISTING,),
    ),
    Fault(
        "the export holds what may be seen, not what may be taken away",
        QUERIES,
        "return listed(actor, **filters).where(permitted, Application.submitted_at.is_not(None))",
        "return listed(actor, **filters).where(Application.submitted_at.is_not(None))",
        (REFUSALS,),
    ),
    Fault(
        "the rounds of other hosts' plans are offered as a filter",
        QUERIES,
        '    seen = select(Application.call_id).where(authz.condition(actor, "application:view", Application))\n',
        "    seen = select(Application.call_id)\n",
        (REFUSALS,),
    ),
    Fault(
        "JST reads the draft theme of a plan sent back",
        QUERIES,
        "    return case((and_(*hidden), frozen), else_=getattr(Application, name)).label(name)",
        "    return getattr(Application, name).label(name)",
        (REFUSALS,),
    ),
    Fault(
        "auditors read contacts",
        QUERIES,
        'for permission in ("application:create", "decision:view", "passport:reveal"))',
        'for permission in ("application:create", "application:view", "passport:reveal"))',
        (REFUSALS, DECIDING),
    ),
    Fault(
        "a plan is found by the words of its draft",
        "app/applications/indexing.py",
        "    is_draft_again = application.snapshot is not None and application.state in AFTER_A_DRAFT\n",
        "    is_draft_again = False\n",
        (LISTING,),
    ),
    Fault(
        "a plan sent back is shown as it is being corrected",
        "app/applications/views/shared.py",
        "return thawing.as_submitted(application) if may_differ and not sees_draft(application) else application",
        "return application",
        (REFUSALS, DECIDING),
    ),
    Fault(
        "hosts read the decisions in the history of their plan",
        SHOW,
        "hidden=(*(() if inside else INSIDE_VERBS), *(() if own else HOUSE_VERBS))",
        "hidden=() if own else HOUSE_VERBS",
        (DECIDING,),
    ),
    Fault(
        "JST reads how the host's staff agreed",
        SHOW,
        "hidden=(*(() if inside else INSIDE_VERBS), *(() if own else HOUSE_VERBS))",
        "hidden=() if inside else INSIDE_VERBS",
        (REFUSALS,),
    ),
    Fault(
        "hosts read the conditions of a decision before the release",
        SHOW,
        "        is_told = application.state in ADOPTED and application.released_at is not None\n",
        "        is_told = True\n",
        ("tests/applications/test_proposals.py", DECIDING),
    ),
    Fault(
        "the list is taken away without the password",
        LIST_VIEW,
        "    if of.export.steps_up(current_actor()):\n        return _after_password(of)\n",
        "",
        (LISTING, "tests/core/test_lists.py"),
    ),
    Fault(
        "anybody decides",
        "app/applications/proposing.py",
        '    authz.require(actor, "decision:change" if proposal.is_change else "decision:approve", proposal)\n',
        "",
        (PROPOSALS, REFUSALS),
    ),
    Fault(
        "plans are decided in any state",
        "app/applications/proposing.py",
        "    return ProposalKind.PROMOTION if application.state is S.RESERVE else None\n",
        "    return ProposalKind.PROMOTION if application.state is S.RESERVE else ProposalKind.DECISION\n",
        (PROPOSALS,),
    ),
    Fault(
        "anybody releases results",
        RELEASE,
        '    authz.require_role(actor, "round:release")\n    problems = obstacles(call)\n',
        "    problems = obstacles(call)\n",
        (REFUSALS,),
    ),
    Fault(
        "results are released while plans are undecided",
        RELEASE,
        "    if undecided:\n",
        "    if not undecided:\n",
        (DECIDING,),
    ),
    Fault(
        "the letter carries what JST noted for itself",
        RELEASE,
        'f"release_{decision.outcome.value}", actor, decision.message)',
        'f"release_{decision.outcome.value}", actor, decision.comment)',
        (DECIDING,),
    ),
    Fault(
        "a partner's link opens twice",
        LINKS,
        "        PartnerLink.activated_at.is_(None),\n",
        "",
        ("tests/applications/test_partner_links.py",),
    ),
    Fault(
        "a partner's link opens without its code",
        LINKS,
        "[*open_still, PartnerLink.code_hash == _code_hash(token, code)]",
        "[*open_still]",
        ("tests/applications/test_partner_links.py",),
    ),
    Fault(
        "a link taken back still shows the plan",
        LINKS,
        "    if link is None or not link.is_good:\n        raise PartnerLinkGone(link)\n    if changing:",
        "    if link is None:\n        raise PartnerLinkGone(link)\n    if changing:",
        ("tests/applications/test_partner_part.py", "tests/applications/test_partner_links.py"),
    ),
    Fault(
        "people by name are everybody's",
        NAMED,
        "    return owned if scope is Scope.OWN else False\n",
        "    return True\n",
        (REFUSALS,),
    ),
    Fault(
        "mails among the host's staff are shown to JST",
        "app/applications/mailing.py",
        "    if template in HOUSE_TEMPLATES:\n        return own\n",
        "",
        ("tests/applications/test_comments.py", "tests/applications/test_sign_off.py"),
    ),
    Fault(
        "anybody comments on a host's draft",
        "app/applications/commenting.py",
        '    authz.require(actor, "application:edit", application)\n    head =',
        "    head =",
        (REFUSALS,),
    ),
    Fault(
        "a passport number is revealed to whoever sees the plan",
        "app/applications/named_service.py",
        '    authz.require(actor, "passport:reveal", person)\n',
        "",
        (REFUSALS,),
    ),
    Fault(
        "contacts in the PDF for everybody",
        "app/applications/views/papers.py",
        "with_contacts=queries.sees_contacts(current_actor())",
        "with_contacts=True",
        (REFUSALS, DECIDING),
    ),
)
