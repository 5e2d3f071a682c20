"""A second, literal copy of the authorization contract, for the tests to hold the application's table against.

Rows are those of the contract whose objects exist. Cells: Y everywhere, o own institution, S about oneself, s submitted
plans, a what is assigned without conflict, L what people agreed to show. Whoever changes `app/policy.py` changes this
too, and says which row allows it.
"""

HE, HA, CO, DE, RV, SC, AD, AU, AL = (
    "host_editor",
    "host_approver",
    "coordinator",
    "decision_maker",
    "reviewer",
    "screening_officer",
    "administrator",
    "auditor",
    "alumnus",
)
HOSTS = {HE: "o", HA: "o"}

CONTRACT: dict[str, dict[str, str]] = {
    # rows 2, 3: calls; the rules are open to everybody who works with them
    "call:edit": {CO: "Y"},
    "call:extend": {CO: "Y"},
    "call:approve-extension": {CO: "Y", DE: "Y"},  # a second person, never the one who proposed
    "outage:view": {CO: "Y", AD: "Y"},
    "rules:edit": {CO: "Y"},
    "rules:view": {HE: "Y", HA: "Y", CO: "Y", DE: "Y", RV: "Y", SC: "Y", AD: "Y", AU: "Y"},
    # rows 4-6: institutions and their users
    "institution:approve": {CO: "Y"},
    "organization:edit": {HA: "o", CO: "Y"},
    "organization:view": {HE: "Y", HA: "Y", CO: "Y", DE: "Y", RV: "Y", SC: "Y", AD: "Y", AU: "Y"},
    "user:invite": {HA: "o", AD: "Y"},
    "user:manage": {HA: "o", AD: "Y"},
    "user:view": {HA: "o", AD: "Y"},
    # rows 7, 8
    "role:grant": {AD: "Y"},
    "session:end": {HA: "o", AD: "Y"},
    # rows 10-24: applications
    "application:create": HOSTS,
    "application:edit": HOSTS,
    "application:request-sign-off": HOSTS,  # inside the house: part of row 11, editing
    "application:sign-off": {HA: "o"},  # inside the house: part of row 12, submitting
    "application:submit": {HA: "o"},
    "application:withdraw": {HA: "o"},
    "application:view": {**HOSTS, CO: "s", DE: "s", SC: "s", AU: "s"},
    "application:check": {CO: "s"},  # rows 17, 18: what stands around returning a plan
    "application:return": {CO: "s"},
    "application:review": {CO: "s"},
    "application:export": {**HOSTS, CO: "s", DE: "s"},  # the password is asked of JST only
    # rows 20-22: files are attached by editing; read when clean, by JST once submitted; reviewers by their assignment
    "attachment:view": {**HOSTS, CO: "s", DE: "s", SC: "s"},
    # row 25: two persons, one proposes and another one approves
    "application:move": {CO: "s"},
    "application:approve-move": {CO: "s"},
    # rows 26-35: reviews; who reviews is known to JST alone, and nobody overrides a conflict (row 28)
    "reviewer:view": {CO: "Y", DE: "Y"},
    "reviewer:edit": {CO: "Y"},
    "reviewer:edit-own": {RV: "S"},
    "review:assign": {CO: "Y"},
    "conflict:declare": {CO: "Y", RV: "a"},
    "criteria:view": {CO: "Y", DE: "Y", RV: "Y"},
    "criteria:edit": {CO: "Y"},
    "review:write": {RV: "a"},
    "review:view-own": {RV: "a"},
    "review:discuss": {RV: "a"},
    # row 35: the ranking and the panel's board, before publication and after; taken away as lists are (row 24)
    "board:edit": {CO: "Y"},
    "board:export": {CO: "Y", DE: "Y"},
    "board:view": {CO: "Y", DE: "Y"},
    "review:view": {CO: "Y", DE: "Y"},
    # rows 10, 28: export-control forms; JST reads them, reviewers do not
    "declaration:edit": HOSTS,
    "declaration:view": {**HOSTS, CO: "Y", SC: "Y"},
    # rows 37-41: decisions
    "decision:propose": {CO: "s"},
    "decision:approve": {DE: "s"},  # never the one who proposed
    "decision:change": {DE: "s"},  # two persons; step-up on its pages
    "decision:view": {CO: "s", DE: "s"},
    "round:release": {DE: "Y"},
    # rows 36, 40, 75, 76: letters and feedback; before the release `decision:view` reads, after it the host too
    "feedback:edit": {CO: "Y"},
    "feedback:view": {**HOSTS, CO: "s", DE: "s"},
    "letter:edit": {CO: "Y"},
    "letter:send": {CO: "Y"},
    "letter:view": {**HOSTS, CO: "s", DE: "s"},
    # rows 42-45: screening; notes are the desk's, the result JST's, and a hold ends by two persons
    "screening:examine": {SC: "Y"},
    "screening:view": {CO: "Y", DE: "Y", SC: "Y", AU: "Y"},
    "screening:lift": {DE: "Y", SC: "Y"},
    "userlist:import": {SC: "Y"},
    # rows 48-59: people
    "invitee:view": {**HOSTS, CO: "Y", SC: "Y", AU: "Y"},
    "invitee:view-personal": {**HOSTS, CO: "Y", SC: "Y"},
    "invitee:edit": HOSTS,
    "invitee:export": {CO: "Y"},
    "passport:write": HOSTS,
    "passport:reveal": {**HOSTS, CO: "Y", SC: "Y"},
    "roster:export-passports": {HA: "o", CO: "Y"},
    "roster:import": HOSTS,
    # visits: the host schedules, JST watches (rows 48, 66)
    "visit:view": {**HOSTS, CO: "Y", DE: "Y", SC: "Y", AU: "Y"},
    "visit:schedule": HOSTS,
    "visit:confirm": {HA: "o"},
    "visit:cancel": {HA: "o"},
    # rows 66, 67: reports
    "report:view": {**HOSTS, CO: "Y"},
    "report:edit": HOSTS,
    "report:submit": {HA: "o"},
    "report:accept": {CO: "Y"},
    "certificate:view": {**HOSTS, CO: "Y", AL: "S"},
    "certificate:issue": {CO: "Y"},
    # rows 69-72: alumni
    "alumnus:view": {CO: "Y"},
    "alumnus:view-own": {AL: "S"},
    "alumnus:edit": {AL: "S"},
    "alumnus:directory": {AL: "L"},
    "revisit:report": {AL: "S"},
    "revisit:view-own": {AL: "S"},
    "revisit:view": {**HOSTS, CO: "Y"},
    "revisit:confirm": {**HOSTS, CO: "Y"},
    "revisit:export": {CO: "Y"},
    # rows 76-78: logs; figures
    "mail:view": {**HOSTS, CO: "Y", AD: "Y"},
    "mail:retry": {AD: "Y"},
    "job:view": {AD: "Y"},
    "job:retry": {AD: "Y"},
    "audit:view": {AD: "Y", AU: "Y"},
    "audit:view-content": {AU: "Y"},  # row 78: what the administrator sees of the log is masked
    "figures:view": {**HOSTS, CO: "Y", DE: "Y", SC: "Y", AD: "Y", AU: "Y"},
    "figures:refresh": {CO: "Y", AD: "Y"},
}

SCOPES = {"Y": "any", "o": "own", "S": "self", "s": "submitted", "a": "assigned", "L": "listed"}
