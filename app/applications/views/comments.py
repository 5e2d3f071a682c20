"""Comments among a host's own staff: all of a plan, those of one section, and the verbs on them."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for

from app.applications import comment_queries, commenting
from app.applications.comment_forms import AnswerForm, WriteForm
from app.applications.comment_model import SectionComment
from app.applications.comment_queries import Thread
from app.applications.models import Application
from app.applications.views.blueprint import bp
from app.applications.views.shared import SECTIONS, application_for
from app.core.errors import NotFound
from app.core.forms import ConfirmForm
from app.core.idempotency import once
from app.core.web import Answer, current_actor, may, permission_required


@dataclass(frozen=True, slots=True)
class Shown:
    """A thread with the form to answer it."""

    thread: Thread
    form: AnswerForm


@bp.get("/<string:application_id>/comments")
@permission_required("application:edit")
def comments(application_id: str) -> Answer:
    """Everything the staff wrote about the plan."""
    return _page(application_for(application_id, "application:edit"))


@bp.route("/<string:application_id>/comments/<string:section>", methods=["GET", "POST"])
@permission_required("application:edit")
def section_comments(application_id: str, section: str) -> Answer:
    """The comments on a section, and by POST a new one."""
    application = application_for(application_id, "application:edit")
    if section not in SECTIONS:
        raise NotFound()
    form = WriteForm()
    if not form.validate_on_submit():
        return _page(application, section, form=form)

    def write() -> str:
        return _place(commenting.write(current_actor(), application, section, form.text.data or ""))

    return redirect(once(form.key.data or "", current_actor().id, write))


@bp.post("/<string:application_id>/comments/<string:comment_id>/answer")
@permission_required("application:edit")
def answer_comment(application_id: str, comment_id: str) -> Answer:
    application = application_for(application_id, "application:edit")
    head = _head(application, comment_id)
    form = _answer_form(head)
    if not form.validate_on_submit():
        return _page(application, head.section, answered=form)

    def answer() -> str:
        return _place(commenting.answer(current_actor(), application, comment_id, form.text.data or ""))

    return redirect(once(form.key.data or "", current_actor().id, answer))


@bp.post("/<string:application_id>/comments/<string:comment_id>/settle")
@permission_required("application:edit")
def settle_comment(application_id: str, comment_id: str) -> Answer:
    """Mark as settled or, with `settled=no`, open again."""
    application = application_for(application_id, "application:edit")
    head = _head(application, comment_id)
    if not ConfirmForm().validate_on_submit():
        return _page(application, head.section)
    is_settled = request.form.get("settled") != "no"
    return redirect(_place(commenting.settle(current_actor(), application, comment_id, is_settled=is_settled)))


def _head(application: Application, comment_id: str) -> SectionComment:
    head = comment_queries.head_of(application, comment_id)
    if head is None:
        raise NotFound()
    return head


def _answer_form(head: SectionComment, **options: Any) -> AnswerForm:
    return AnswerForm(prefix=f"{head.public_id}-", **options)


def _place(comment: SectionComment) -> str:
    """Where a comment stands on the page of its section."""
    anchor = f"comment-{comment.public_id}"
    plan = comment.application.public_id
    return url_for(".section_comments", application_id=plan, section=comment.section, _anchor=anchor)


def _page(
    application: Application,
    section: str | None = None,
    *,
    form: WriteForm | None = None,
    answered: AnswerForm | None = None,
) -> tuple[str, int]:
    """The page of a section, or of all that have comments. `answered`: the form of an answer that did not fit."""
    groups: dict[str, list[Shown]] = {name: [] for name in SECTIONS if section in (None, name)}
    for thread in comment_queries.threads(application, section):
        blank = _answer_form(thread.head, formdata=None)
        is_sent = answered is not None and answered.text.name == blank.text.name
        groups[thread.head.section].append(Shown(thread, answered if answered and is_sent else blank))
    page = render_template(
        "applications/comments.html",
        application=application,
        section=section,
        sections=SECTIONS,
        groups=groups,
        open_comments=sum(shown.thread.is_open for group in groups.values() for shown in group),
        form=(form or WriteForm(formdata=None)) if section else None,
        wrong=answered or form,
        may_read_mails=may("mail:view", application),
    )
    return page, 200 if request.method == "GET" else 422
