"""The panel meets over its board: the line slides, plans are carried, a condition is set, versions are compared."""

from playwright.sync_api import Locator, expect

from app.accounts.demo import PASSWORD
from tests.journeys.chapter_checking import the_round_closed
from tests.journeys.people import Desk, Journey

SECOND = "ono@jst.example.jp"
HOST = "Kyoto University"
LINE, LOWER = 14_000_000, 9_000_000
CONDITION = "招へい人数を8名から6名に減らすこと。"
CONDITION_EN = "Invite six people instead of eight."
REASON = "地域のバランスを考え、順位を入れ替える。"
WHY_FEWER = "実験室の定員が6名のため"
FIRST, OTHER = "事務局のたたき台", "アフリカ重視案"


def the_round_was_read(journey: Journey) -> None:
    """A round closed some days ago; its plans were read and scored."""
    site, notes = journey.site, journey.notes
    the_round_closed(journey)
    site.run("tests.journeys.scene", "scored")
    notes["plan"], notes["reference"] = site.ask(
        "select a.public_id, a.reference from application a join organization o on o.id = a.host_institution_id"
        " join call on call.id = a.call_id where call.label = '4' and o.name_en = ? and a.state = 'under_review'"
        " and exists (select 1 from review_assignment r where r.application_id = a.id)",
        HOST,
    )[0]


def a_board_is_begun(journey: Journey) -> None:
    """All plans of the round in the order of their scores."""
    chair = journey.somebody("Coordinator")
    chair.open("/")
    chair.follow("Panel's board")
    chair.look("rounds with boards")
    chair.follow_to(f"/boards/{journey.notes['call']}")
    chair.sees("This round has no board yet.")
    chair.follow("Begin a board")
    chair.look("begin a board")
    chair.fill(name=FIRST, budget_line=f"{LINE:,}")
    chair.press("Begin the board")
    journey.notes["board"] = chair.page.url.rsplit("/", 1)[1]
    expect(rows(chair).nth(0).locator("[data-badge]")).to_have_text(chair.words("Adopted"))
    chair.look_in_both("a board in the order of scores")


def rows(desk: Desk) -> Locator:
    """The plans down the board."""
    return desk.page.locator("[data-board-table] tbody tr")


def row_of(desk: Desk, plan: str) -> Locator:
    """The row of one plan."""
    return desk.page.locator(f"#plan-{plan}")


def money(desk: Desk) -> int:
    """What the adopted plans cost, as the board says."""
    return int(desk.page.locator('[data-amount="money"]').first.inner_text().replace(",", ""))


def the_line_slides(journey: Journey) -> None:
    """The sums follow the slider and the buttons at once; nothing is stored."""
    chair = journey.somebody("Coordinator")
    before = money(chair)
    chair.page.locator("[data-range]").fill(str(LOWER))
    expect(chair.page.locator('main [name="line"]')).to_have_value(f"{LOWER:,}")
    assert money(chair) <= LOWER < before
    chair.page.locator('button[name="step"][value="1000000"]').click()
    expect(chair.page.locator('main [name="line"]')).to_have_value(f"{LOWER + 1_000_000:,}")
    chair.fill(line=f"{LINE:,}")
    assert money(chair) == before


def plans_are_carried(journey: Journey) -> None:
    """One by mouse, one by keyboard; two get an outcome by hand. The reason is stored with every move."""
    chair = journey.somebody("Coordinator")
    third = rows(chair).nth(2)
    name = third.get_attribute("id")
    drag(chair, third, rows(chair).nth(0))
    expect(rows(chair).nth(0)).to_have_id(str(name))
    handle = rows(chair).nth(4).locator(".app-handle")
    carried = rows(chair).nth(4).get_attribute("id")
    handle.focus()
    chair.page.keyboard.press("ArrowUp")
    expect(rows(chair).nth(3)).to_have_id(str(carried))
    last = rows(chair).count() - 1
    rows(chair).nth(last).locator("select").select_option("declined")
    rows(chair).nth(last - 1).locator("select").select_option("reserve")
    chair.fill(reason=REASON)
    chair.page.locator("footer").scroll_into_view_if_needed()  # the bar with the reason covers no row then
    chair.look("a board before its moves are stored")


def drag(desk: Desk, row: Locator, target: Locator) -> None:
    """Take a plan by its handle and let it go in front of another."""
    handle = row.locator(".app-handle")
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), target.bounding_box()
    assert start and end
    desk.page.mouse.move(start["x"] + 10, start["y"] + 10)
    desk.page.mouse.down()
    desk.page.mouse.move(start["x"] + 10, start["y"] - 20)
    desk.page.mouse.move(start["x"] + 10, end["y"] + 4)
    expect(desk.page.locator(".app-board__drop")).to_have_count(1)
    desk.page.mouse.up()


def two_move_at_once(journey: Journey) -> None:
    """The other coordinator is told who moved what, keeps the own moves, and stores them on top."""
    chair, other = journey.somebody("Coordinator"), journey.colleague(SECOND)
    address = f"/boards/versions/{journey.notes['board']}"
    other.open(address)
    chair.press("Store the moves")
    chair.shows(REASON)
    first = rows(other).nth(0)
    mine = str(first.get_attribute("data-plan"))
    first.locator("select").select_option("adopted")
    other.fill(reason="首位の計画は必ず採択する。")
    other.press("Store the moves")
    other.shows("森 あかり")
    other.sees(
        "Your own moves are not stored yet. They stand below on top of the board as it is now: look at them again,"
        " then store them."
    )
    expect(row_of(other, mine).locator("select")).to_have_value("adopted")
    other.look("a board moved by somebody else meanwhile")
    other.press("Store the moves")
    other.shows("首位の計画は必ず採択する。")


def a_condition_is_set(journey: Journey) -> None:
    """Six people instead of eight; the board counts six."""
    chair = journey.somebody("Coordinator")
    chair.open(f"/boards/versions/{journey.notes['board']}")
    people = chair.page.locator('[data-amount="people"]').first
    before = int(people.inner_text())
    chair.go(row_of(chair, journey.notes["plan"]).locator("a[data-name]"))
    chair.fill(people_cap=6, condition_ja=CONDITION, condition_en=CONDITION_EN, reason=WHY_FEWER)
    chair.look("conditions of a plan")
    chair.press("Store the conditions")
    chair.sees("The conditions are stored.")
    chair.shows(CONDITION)
    assert int(people.inner_text()) == before - 2
    chair.look("a board with a condition")


def a_second_version_is_compared(journey: Journey) -> None:
    """A copy with another order, beside the first."""
    chair, notes = journey.somebody("Coordinator"), journey.notes
    chair.open(f"/boards/{notes['call']}")
    chair.follow("Begin a board")
    chair.fill(name=OTHER, based_on=notes["board"], budget_line=f"{LOWER:,}")
    chair.press("Begin the board")
    notes["other board"] = chair.page.url.rsplit("/", 1)[1]
    rows(chair).nth(5).locator('[name^="to-"]').fill("1")
    rows(chair).nth(5).locator('[name^="to-"]').press("Tab")
    chair.fill(reason="アフリカ年間500名の目標に近づけるため")
    chair.press("Store the moves")
    chair.open(f"/boards/{notes['call']}")
    chair.look("boards of the round")
    chair.follow("Compare two boards")
    chair.shows(OTHER)
    chair.sees("Plans that stand differently")
    chair.look_in_both("boards compared")


def the_board_is_taken_along(journey: Journey) -> None:
    """As a paper and as a workbook, with a reason; the decision-maker reads it on the screen too."""
    decider = journey.somebody("Decision-maker")
    decider.open("/")
    decider.follow("Panel's board")
    decider.follow_to(f"/boards/{journey.notes['call']}")
    decider.follow_to(f"/versions/{journey.notes['board']}")
    expect(decider.page.locator(".app-handle")).to_have_count(0)
    decider.look("the board of the decision-maker")
    decider.follow("Print or workbook for the meeting")
    if "/confirm" in decider.page.url:
        decider.fill(password=PASSWORD)
        decider.send()
    decider.look("take the board away")
    for form, start in (("a3", b"%PDF"), ("xlsx", b"PK")):
        decider.open(f"/boards/versions/{journey.notes['board']}/export")
        decider.fill(form=form, reason="11月の審査会のため")
        file = decider.takes(decider.page.get_by_role("button", name=decider.words("Download")))
        assert file.startswith(start), form


def told(journey: Journey) -> None:
    """The whole chapter."""
    the_round_was_read(journey)
    a_board_is_begun(journey)
    the_line_slides(journey)
    plans_are_carried(journey)
    two_move_at_once(journey)
    a_condition_is_set(journey)
    a_second_version_is_compared(journey)
    the_board_is_taken_along(journey)
