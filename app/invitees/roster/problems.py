"""What keeps a read roster from being saved."""

from flask_babel import gettext as _

from app.invitees.roster.draft import RosterDraft


def problems(draft: RosterDraft | None) -> list[str]:
    """What holds up saving, one sentence each."""
    if draft is None:
        return [_("Say how the letters of the file are to be read.")]
    found = [str(finding.sentence) for finding in draft.all_findings() if finding.severity == "error"]
    if any(question.required for question in draft.questions):
        found.append(_("Answer the questions on the file."))
    elif draft.count("question"):
        found += [str(finding.sentence) for finding in draft.all_findings() if finding.severity == "question"]
    for row in draft.people:
        if row.reason_wanted and not row.reason:
            name = " ".join(str(row.value(part)) for part in ("surname", "given_names") if row.value(part))
            found.append(_("Say why %(name)s is invited again.", name=name))
    if not draft.people and not found:
        found.append(_("Nobody would be left on the list."))
    return found
