"""The visit happens, is reported and accepted; an alumna keeps her profile and comes back; the figures say so."""

from datetime import date

from playwright.sync_api import expect

from tests.journeys.people import Journey

ALUMNA = "suhartini@example.ac.id"


def the_visit_happens(journey: Journey) -> None:
    """The days of the stay have come and gone: begun, reported by the host, accepted by JST."""
    visit = journey.notes["visit"]
    begun, ended = journey.day(-8), journey.day(-2)
    number, planned = journey.site.ask("select id, starts_on from visit where public_id = ?", visit)[0]
    earlier = f"-{(date.fromisoformat(planned) - begun).days} days"
    journey.site.let_time_pass(
        ("update schedule_item set on_day = date(on_day, ?) where visit_id = ?", (earlier, number)),
        ("update visit set starts_on = ?, ends_on = ? where id = ?", (begun.isoformat(), ended.isoformat(), number)),
    )
    approver = journey.somebody("Host approver")
    approver.open(f"/visits/{visit}")
    approver.verb("begin", "the group has arrived")
    approver.sees("The visit is under way.")
    editor = journey.somebody("Host editor")
    editor.open(f"/visits/{visit}/attendance")
    editor.look("attendance")
    editor.send()


def it_is_reported_and_accepted(journey: Journey) -> None:
    """The report waits on the host's page and on JST's; accepting it issues the certificates."""
    visit = journey.notes["visit"]
    editor = journey.somebody("Host editor")
    editor.open("/reports")
    editor.look("reports")
    editor.open(f"/reports/{visit}/edit")
    editor.fill(
        summary="鴨川の三地点で水質を測った。",
        results="学生は測定の方法を身につけた。",
        continuation="二名が大学院への留学を希望している。",
    )
    editor.look("writing the report")
    editor.send()
    approver = journey.somebody("Host approver")
    approver.open(f"/reports/{visit}")
    approver.look("report")
    approver.verb("submit", "hand in the report")
    coordinator = journey.somebody("Coordinator")
    coordinator.open(f"/reports/{visit}")
    coordinator.look("report at JST")
    coordinator.verb("accept", "accept the report")
    coordinator.look("report accepted")
    assert len(coordinator.papers()) >= 5
    coordinator.takes_papers(1)


def a_certificate_is_checked(journey: Journey) -> None:
    """Anybody who holds the paper can ask whether it is genuine; no name is told, a right one is confirmed."""
    code = journey.site.ask(
        "select c.code from certificate c join invitee i on i.id = c.invitee_id join participation p on"
        " p.id = c.participation_id join visit v on v.id = p.visit_id where v.public_id = ? and i.given_names = ?",
        journey.notes["visit"],
        "SUHARTINI",
    )[0][0]
    reader = journey.stranger()
    reader.open("/certificate")
    reader.look("find a certificate")
    reader.open(f"/certificates/{code}")
    reader.sees("This certificate is genuine")
    reader.hides("SUHARTINI")
    reader.look("certificate")
    reader.fill(name="Suhartini")
    reader.press("Compare")
    reader.sees("Yes: the certificate was issued to a person of this name.")
    reader.look("certificate compared")


def an_alumna_comes_in(journey: Journey) -> None:
    """By a link from her mails, on her phone; she corrects what is known and says who may see it."""
    alumna = journey.stranger(phone=True)
    journey.desks["Alumna"] = alumna
    alumna.open("/sign-in/ask-link")
    alumna.look("ask for a link")
    alumna.fill(email=ALUMNA)
    alumna.send()
    alumna.look("link sent")
    alumna.open(alumna.newest_mail(ALUMNA))
    alumna.look("sign in by link")
    alumna.press("Continue")
    journey.switch(alumna)
    alumna.look("home of an alumna")
    alumna.open("/alumni/me")
    alumna.look("my profile")
    alumna.takes_papers(1)
    alumna.follow("Correct or add")
    alumna.fill(affiliation="Universitas Gadjah Mada", position="Master's student", country="ID", city="Yogyakarta")
    alumna.look("correct my profile")
    alumna.send()
    alumna.shows("Yogyakarta")
    alumna.follow("Who may see what")
    alumna.fill(listed=True, see_position="alumni")
    alumna.look("who may see what")
    alumna.send()
    alumna.look("what others see")


def she_reports_a_return(journey: Journey) -> None:
    """The host's name typed as people type it; the host itself confirms."""
    alumna = journey.desks["Alumna"]
    alumna.open("/alumni/me/returns/new")
    alumna.fill(kind="study", institution="Kyoto University", starts_on=journey.day(-1))
    alumna.look("report a return")
    alumna.send()
    if alumna.page.locator('[name="chosen"]').count():
        alumna.page.locator('[name="chosen"]').first.check(force=True)
        alumna.send()
    expect(alumna.page.locator("#returns + p strong")).to_be_visible()
    alumna.look("profile with a return")
    host = journey.somebody("Host approver")
    host.open("/alumni/revisits")
    host.look("returns")
    host.go(host.page.locator("main tbody a").filter(has_text="SUHARTINI").first)
    host.look("a return")
    host.verb("verify", "confirm a return")
    host.look("return confirmed")
    alumna.open("/alumni")
    alumna.look("directory of alumni")


def the_figures_say_so(journey: Journey) -> None:
    """Figures by every filter, as charts, tables and CSV; as of a day of the past."""
    coordinator = journey.somebody("Coordinator")
    coordinator.open("/figures")
    coordinator.look("figures")
    csv = coordinator.page.locator('main a[href*=".csv"]').first.get_attribute("href")
    assert coordinator.download(str(csv)).decode("utf-8-sig").count("\n") > 1
    now = coordinator.page.locator(".app-tile__number").first.inner_text()
    coordinator.fill(as_of=journey.day(-400))
    coordinator.go(coordinator.page.locator("main form.app-filters button"))
    coordinator.look("figures of the past")
    then = coordinator.page.locator(".app-tile__number").first.inner_text()
    assert int(then.replace(",", "")) < int(now.replace(",", ""))
    coordinator.open("/figures/published")
    coordinator.look("published figures")


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_visit_happens(journey)
    it_is_reported_and_accepted(journey)
    a_certificate_is_checked(journey)
    an_alumna_comes_in(journey)
    she_reports_a_return(journey)
    the_figures_say_so(journey)
