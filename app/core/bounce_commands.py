"""`flask bounces read`: take notifications in, one from a mail server's pipe or all that are new in a maildir."""

import sys
from pathlib import Path

import click

from app.core import bounces, transaction

DATA_ERROR = 65  # EX_DATAERR of sysexits.h: the server that pipes keeps the message
READ, WRONG = "S", "FS"  # flags of a maildir: seen; seen and flagged


@click.group("bounces")
def bounces_command() -> None:
    """Mails that came back."""


@bounces_command.command("read")
@click.option(
    "--maildir", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Read what is new in this folder."
)
def read(maildir: Path | None) -> None:
    """Read one notification from standard input, or every new one of a maildir.

    Exit code 0: read, whether it was about a mail of ours or not; 65: malformed, or larger than 2 MB.
    """
    if maildir is not None:
        wrong = read_folder(maildir)
        if wrong:
            click.echo(f"Messages that could not be read, now flagged: {wrong}.", err=True)
            sys.exit(DATA_ERROR)
        return
    try:
        click.echo(_take(sys.stdin.buffer.read(bounces.MOST_BYTES + 1)))
    except bounces.NotANotification as problem:
        click.echo(str(problem), err=True)
        sys.exit(DATA_ERROR)


def _take(raw: bytes) -> str:
    bounce = bounces.parse(raw)
    with transaction.unit_of_work():
        message = bounces.record(bounce)
    if message is None:
        return "Not about a mail of ours that failed: nothing is changed."
    return f"Mail {message.public_id} came back ({bounce.status or 'no status'})."


def read_folder(path: Path) -> int:
    """Read what is new, each in a transaction of its own, and put it away; returns how many could not be read."""
    wrong = 0
    for entry in sorted((path / "new").iterdir()):
        if entry.is_symlink() or not entry.is_file():
            continue
        with entry.open("rb") as file:
            raw = file.read(bounces.MOST_BYTES + 1)
        try:
            click.echo(_take(raw))
            flags = READ
        except bounces.NotANotification as problem:
            click.echo(f"{entry.name}: {problem}", err=True)
            flags, wrong = WRONG, wrong + 1
        (path / "cur").mkdir(exist_ok=True)
        entry.rename(path / "cur" / f"{entry.name.partition(':')[0]}:2,{flags}")
    return wrong
