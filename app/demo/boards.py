"""The panel's boards of the demonstration: two versions for the round being decided, moved by two coordinators.

What the panel's says is proposed, and waits for the decision-maker.
"""

from sqlalchemy import func, select

from app.accounts.models import User
from app.applications.models import Application, ApplicationState
from app.board import proposals, service, target_service
from app.board.models import BoardVersion
from app.board.panel import Board, Line, Wish, build
from app.calls.models import Call
from app.core import clock
from app.core.authz import Actor
from app.core.db import db
from app.demo import cast

FEWEST = 4  # plans of a round worth a board
SHARE = 0.55  # of the money asked for, above the line
COORDINATORS = ("mori@jst.example.jp", "ono@jst.example.jp")


def lay_out() -> None:
    """Targets, and boards of the latest closed round: the panel's, and one that looks to Africa first."""
    target_service.seed()
    call = _round()
    if call is None:
        return
    mori, ono = (_actor(email) for email in COORDINATORS)
    panels = service.begin(mori, call, name="審査会たたき台", budget_line=0)
    db.session.flush()
    board = build(panels)
    line = int(board.most * SHARE) // 1_000_000 * 1_000_000
    _move(mori, panels, Wish(line=line), "昨年度の採択率を参考に予算ラインを仮置き")
    board = build(panels)
    _reserve(mori, board)
    _condition(mori, panels, board.lines[0])
    db.session.flush()
    proposals.propose(mori, panels, seen=panels.version, below=False, key="demo")
    other = service.begin(ono, call, name="アフリカ重視案", budget_line=line, copy_of=panels)
    db.session.flush()
    _africa_first(ono, other)


def _round() -> Call | None:
    """The closed round whose results come next, or the latest."""
    plans = select(func.count(Application.id)).where(
        Application.call_id == Call.id,
        Application.submitted_at.is_not(None),
        Application.state != ApplicationState.WITHDRAWN,
    )
    query = select(Call).where(Call.closes_at < clock.now(), plans.scalar_subquery() >= FEWEST)
    return db.session.scalar(query.order_by(Call.closes_at.desc(), Call.id).limit(1))


def _actor(email: str) -> Actor:
    return cast.actor(db.session.scalars(select(User).where(User.email == email)).one())


def _move(actor: Actor, version: BoardVersion, wish: Wish, reason: str) -> None:
    service.move(actor, version, wish, seen=version.version, reason=reason)


def _reserve(actor: Actor, board: Board) -> None:
    """The first two plans below the line wait; the last is declined."""
    below = board.of("below")
    if len(below) >= FEWEST - 1:
        wish = Wish({below[0].id: "reserve", below[1].id: "reserve", below[-1].id: "declined"})
        _move(actor, board.version, wish, "ライン直下の2件は補欠、最下位は不採択とする")


def _condition(actor: Actor, version: BoardVersion, line: Line) -> None:
    fields = {
        "people_cap": max(line.facts.heads - 2, 1),
        "money_cap": line.facts.money * 3 // 4,
        "condition_ja": "招へい人数を申請より2名少なくすること。",
        "condition_en": "Invite two people fewer than applied for.",
    }
    reason = "日程に対して人数が多いため"
    service.set_conditions(actor, version, line.id, seen=version.version, reason=reason, **fields)


def _africa_first(actor: Actor, version: BoardVersion) -> None:
    """Plans with people from Africa go to the top."""
    lines = [line for line in build(version).lines if line.counts.get("region:africa")]
    to = {line.id: place for place, line in enumerate(lines, 1) if line.number != place}
    if to:
        wish = Wish({plan: "" for plan in to}, to)
        _move(actor, version, wish, "アフリカ年間500名の目標に近づけるため")
