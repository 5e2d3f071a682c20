"""The workflows in words: what each is about."""

from flask_babel import lazy_gettext as _l

TITLES = {
    "alumnus": _l("Alumni profile"),
    "application": _l("Application"),
    "organization": _l("Entry of an organization"),
    "report": _l("Report"),
    "review_assignment": _l("Plan given to an expert"),
    "reviewer": _l("Expert"),
    "revisit": _l("Revisit"),
    "screening": _l("Screening of a plan"),
    "visit": _l("Visit"),
}
