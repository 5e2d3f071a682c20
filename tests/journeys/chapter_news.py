"""An applicant waits for news: while the panel sits nothing can be read of it, anywhere."""

from tests.journeys.chapter_panel import CONDITION, CONDITION_EN, FIRST, OTHER, REASON, WHY_FEWER
from tests.journeys.people import Desk, Journey

SECRETS = (
    CONDITION,
    CONDITION_EN,
    REASON,
    WHY_FEWER,
    OTHER,
    FIRST,
    "Helen Okafor",
    "計画は具体的で、日程にも無理がない。",
)


def inside(journey: Journey) -> tuple[str, ...]:
    """Addresses of JST that would tell: each must be refused, without saying whether there is anything behind it."""
    notes = journey.notes
    return (
        "/boards",
        f"/boards/{notes['call']}",
        f"/boards/{notes['call']}/compare",
        f"/boards/versions/{notes['board']}",
        f"/boards/versions/{notes['board']}/plans/{notes['plan']}",
        f"/boards/versions/{notes['board']}/export",
        f"/reviews/plans/{notes['plan']}",
        f"/reviews/rounds/{notes['call']}",
        f"/reviews/rounds/{notes['call']}/plans/{notes['plan']}/readers",
    )


def says_nothing(applicant: Desk) -> None:
    """Not even in what the page does not show."""
    content = applicant.page.content()
    assert not [secret for secret in SECRETS if secret in content], applicant.page.url


def before_the_release(journey: Journey) -> None:
    """The plan is under review: on the home page, in the list, on its own page, in its mails."""
    plan = journey.notes["plan"]
    for role in ("Host approver", "Host editor"):
        applicant = journey.somebody(role)
        for page in ("/", "/applications", f"/applications/{plan}/mails", f"/applications/{plan}"):
            applicant.open(page)
            says_nothing(applicant)
        applicant.sees("Under review")
        applicant.misses("Decided, not released")
        answers = {address: applicant.status(address) for address in inside(journey)}
        assert set(answers.values()) <= {403, 404}, answers
    applicant.look("a plan that waits for news")
    said = "select count(*) from outbox_message where recipient_address like '%@host%' and instr(subject || body, ?)"
    assert not [secret for secret in SECRETS if journey.site.ask(said, secret)[0][0]]


def told(journey: Journey) -> None:
    """The whole chapter."""
    before_the_release(journey)
