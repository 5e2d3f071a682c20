"""An institution joins: it registers itself, a coordinator approves, whoever asked becomes its first approver."""

from playwright.sync_api import expect

from tests.journeys.people import Journey

ADDRESS = "kokusai@hanamizuki.example.jp"
PASSWORD = "lanterns along the quiet river"


def an_institution_registers(journey: Journey) -> None:
    """Looked for first, then described; what is missing is said beside the field and nothing typed is lost."""
    visitor = journey.stranger()
    visitor.open("/")
    visitor.look("landing")
    visitor.open("/calls/public")
    visitor.look("public calls")
    visitor.open("/sign-in")
    visitor.look("sign in")
    visitor.follow("Register your institution")
    visitor.fill(q="花水木工科大学")
    visitor.press("Show")
    visitor.look("register")
    visitor.follow("Ours is not in the list")
    visitor.fill(name_ja="花水木工科大学", name_en="Hanamizuki Institute of Technology", contact_name="花岡 美樹")
    visitor.send()
    visitor.sees("Please check what you entered")
    expect(visitor.page.locator('[name="name_ja"]')).to_have_value("花水木工科大学")
    visitor.look("register incomplete")
    visitor.fill(kind="university", prefecture="26", contact_email=ADDRESS, note="国際課")
    visitor.send()
    visitor.sees("Your request has been received")
    visitor.look("registered")


def a_coordinator_approves(journey: Journey) -> None:
    """From what waits on the home page to the institution, and on to the step."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open("/")
    coordinator.look("home of the coordinator")
    coordinator.follow("Organizations")
    coordinator.fill(q="Hanamizuki")
    coordinator.press("Show")
    coordinator.look("organizations")
    coordinator.go(coordinator.page.locator("main tbody a").first)
    coordinator.look("organization requested")
    coordinator.verb("approve", "approve an institution")
    coordinator.sees("The institution now takes part. Whoever asked has been invited by mail.")
    coordinator.look("organization approved")


def the_requester_becomes_its_approver(journey: Journey) -> None:
    """The invitation is read in the mailbox of the demonstration; its link leads in."""
    requester = journey.stranger()
    link = requester.newest_mail(ADDRESS)
    requester.look("mail of the invitation")
    requester.open(link)
    requester.sees("You are invited")
    requester.look("invitation")
    requester.fill(name="花岡 美樹", password="kurz")
    requester.send()
    requester.sees("Please check what you entered")
    requester.look("invitation refused")
    requester.fill(password=PASSWORD)
    requester.send()
    requester.sees("What needs you now")
    requester.sees("Host approver")
    requester.look("home of the new approver")
    requester.open("/mailbox")
    requester.look("mailbox")


def told(journey: Journey) -> None:
    """The whole chapter."""
    an_institution_registers(journey)
    a_coordinator_approves(journey)
    the_requester_becomes_its_approver(journey)
