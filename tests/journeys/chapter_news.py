"""An applicant waits for news: nothing can be read of it before its minute, then everything that is for the host.

Later a second look changes a result: two decision-makers, a reason, a second letter.
"""

from io import BytesIO

from pypdf import PdfReader

from tests.journeys.chapter_panel import CONDITION, CONDITION_EN, FIRST, OTHER, REASON, WHY_FEWER
from tests.journeys.chapter_releasing import NOT_YET, NOTE, confirmed, the_minute_comes
from tests.journeys.people import Desk, Journey
from tests.journeys.scene import FOR_APPLICANT, FOR_PANEL

OTHER_DECIDER = "ishii@jst.example.jp"
APPROVER = "approver0@host0.example.jp"
WHY_CHANGED = "採択校の辞退により予算に余裕が生じたため。"

SECRETS = (
    CONDITION,
    CONDITION_EN,
    REASON,
    WHY_FEWER,
    OTHER,
    FIRST,
    NOT_YET,
    NOTE,
    "Helen Okafor",
    FOR_PANEL,
    FOR_APPLICANT,
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
        f"/boards/versions/{notes['board']}/propose",
        f"/applications/rounds/{notes['call']}",
        f"/applications/rounds/{notes['call']}/letters",
        f"/applications/{notes['plan']}/letter",
        f"/applications/{notes['plan']}/letter.pdf",
        f"/applications/{notes['plan']}/letter-preview.pdf",
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


def after_release(journey: Journey) -> None:
    """The host has the letter and reads the result, its conditions, and comments of experts without names."""
    host, notes = journey.somebody("Host approver"), journey.notes
    host.newest_mail(APPROVER, notes["reference"])
    host.shows(CONDITION)
    host.look("the mail with the result")
    host.open(f"/applications/{notes['plan']}")
    host.sees("Adopted on these conditions:")
    host.shows("6名")
    host.shows(CONDITION)
    host.shows(FOR_APPLICANT)
    nobody_is_named(journey, host)
    host.look_in_both("a plan adopted on conditions")
    letter = host.page.locator('main a[href*="/letter.pdf"]')
    said = words_of(host.download(str(letter.first.get_attribute("href"))))
    for words in (notes["reference"], CONDITION, FOR_APPLICANT):
        assert squeezed(words) in said, words


def words_of(paper: bytes) -> str:
    """The words of a PDF, without the breaks of its lines."""
    return squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages))


def squeezed(text: str) -> str:
    return "".join(text.split())


def nobody_is_named(journey: Journey, host: Desk) -> None:
    """Neither an expert nor anything said for the panel alone stands anywhere on the page."""
    content = host.page.content()
    names = journey.site.ask("select name_ja, name_en from reviewer where user_id is not null")
    inside_only = (FOR_PANEL, REASON, WHY_FEWER, FIRST, NOT_YET, *(name for both in names for name in both if name))
    assert not [words for words in inside_only if words in content]


def a_declined_host_reads_why(journey: Journey) -> None:
    """Declined, with the comments; the plan is not in the public list, the adopted one is, with six people."""
    notes = journey.notes
    host = journey.colleague(notes["declined host"])
    host.open(f"/applications/{notes['declined']}")
    host.sees("Declined")
    host.shows(FOR_APPLICANT)
    nobody_is_named(journey, host)
    host.look("a plan that was declined")
    anybody = journey.desks["anybody"] = journey.stranger()
    anybody.open("/")
    anybody.go(anybody.page.locator('main a[href$="/adopted"]').first)
    row = anybody.page.locator("main tbody tr").filter(has_text=notes["reference"])
    assert row.locator(".app-number").inner_text() == "6"
    anybody.hides(notes["declined reference"])
    anybody.look_in_both("the public list of adopted plans")


def a_result_is_changed(journey: Journey) -> None:
    """One decision-maker proposes with a reason, another approves; both say once more who they are."""
    first, second, notes = journey.somebody("Decision-maker"), journey.colleague(OTHER_DECIDER), journey.notes
    first.open(f"/applications/{notes['declined']}")
    first.follow("Propose another result")
    confirmed(first)
    first.fill(outcome="adopted", comment=WHY_CHANGED)
    first.look("another result is proposed")
    first.send()
    first.sees("The proposal is stored. Somebody else has to approve it.")
    second.open(f"/applications/{notes['declined']}")
    second.follow_to("/approve-change")
    confirmed(second)
    second.shows(WHY_CHANGED)
    second.send()
    second.sees("The decision is recorded; the host has been told.")
    host = journey.colleague(notes["declined host"])
    host.open(f"/applications/{notes['declined']}")
    host.hides(WHY_CHANGED)
    letters = host.page.locator('main a[href*="/letter.pdf"][href*="number=2"]')
    assert host.download(str(letters.first.get_attribute("href"))).startswith(b"%PDF")
    host.newest_mail(notes["declined host"], notes["declined reference"])
    host.look("the mail with another result")
    anybody = journey.desks["anybody"]
    anybody.page.reload(wait_until="domcontentloaded")
    anybody.shows(notes["declined reference"])


def told(journey: Journey) -> None:
    """The whole chapter."""
    before_the_release(journey)
    the_minute_comes(journey)
    after_release(journey)
    a_declined_host_reads_why(journey)
    a_result_is_changed(journey)
