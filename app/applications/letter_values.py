"""The values of a letter's placeholders, in one language."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.applications.document import Language
from app.applications.letters_facts import Granted
from app.applications.models import Application
from app.core.i18n import day, yen


def of(application: Application, given: Granted, language: Language, *, comments: list[str]) -> dict[str, str]:
    """Text by placeholder; "" where there is nothing to say."""
    with force_locale(language):
        return {
            "reference": application.reference or "",
            "theme": application.theme,
            "host": application.host_institution.name,
            "course": application.course.name,
            "round": application.call.title,
            "people": str(given.people(planned(application))),
            "period": period(application),
            "message": given.message.strip(),
            "feedback": "\n\n".join(comments),
            "contact": contact(),
            "conditions": "\n".join(conditions(given, language)),
            "place": str(given.place) if given.place is not None else "",
            "result": result(given),
        }


def planned(application: Application) -> int:
    """How many people are planned."""
    return sum(group.number for group in application.people)


def period(application: Application) -> str:
    """The planned days of the visit; "" if they are not set."""
    if application.starts_on is None or application.ends_on is None:
        return ""
    return _("%(first)s to %(last)s", first=day(application.starts_on), last=day(application.ends_on))


def contact() -> str:
    """Whom to write to, in the language in force."""
    return _("the Sakura Science program office (%(address)s)", address=current_app.config["OFFICE_EMAIL"])


def conditions(given: Granted, language: Language) -> list[str]:
    """The conditions of a result, one a line, in the language in force."""
    if not given.has_conditions:
        return []
    lines = []
    if given.people_cap is not None:
        lines.append(_("At most %(number)s people are invited.", number=given.people_cap))
    if given.money_cap is not None:
        lines.append(_("The programme bears costs of at most %(amount)s.", amount=yen(given.money_cap)))
    own, other = (given.condition_ja, given.condition_en)[:: 1 if language == "ja" else -1]
    return [_("– %(condition)s", condition=line) for line in (*lines, own or other) if line.strip()]


def result(given: Granted) -> str:
    """The result in words, in the language in force."""
    return _("Adopted with conditions") if given.has_conditions else str(given.outcome.label)
