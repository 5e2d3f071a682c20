"""What a host's own staff do among themselves before a plan goes to JST: they comment, ask for the sign-off."""

from app.applications import commenting, sign_off
from app.applications.models import Application
from app.core.authz import Actor
from app.demo.cast import texts


def await_sign_off(editor: Actor, approver: Actor, application: Application) -> None:
    """A plan that awaits its sign-off, with two comments still open, one of them answered."""
    said = texts()["inside"]
    asked = commenting.write(approver, application, "itinerary", said["question"])
    commenting.answer(editor, application, asked.public_id, said["answer"])
    commenting.write(editor, application, "budget", said["remark"])
    sign_off.request(editor, application, note=said["note"])
