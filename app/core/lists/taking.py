"""A list as a file: CSV or Excel, from the same columns; a large workbook is made by a job and fetched later.

Rows come from the description's own query for the actor with the filters of the page: no file holds what the page
would not show.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from flask import Response
from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from app.core import audit, authz, clock, jobs, storage
from app.core.authz import Actor
from app.core.background_job import BackgroundJob
from app.core.db import db
from app.core.errors import GuardsFailed
from app.core.exporting import stream_csv
from app.core.file_formats import Format
from app.core.lists import book
from app.core.lists.acting import in_the_name_of
from app.core.lists.description import Column, Export, ListOf, find
from app.core.lists.models import ListTask
from app.core.storage import FileKind, StoredFile

LARGE = 5000  # rows of a workbook that a request makes itself
ROWS_AT_ONCE = 1000
JOB = "lists.export"
ACT = "export"
KEEP_FILES = timedelta(days=1)
KEEP_TASKS = timedelta(days=30)


def rows_of(of: ListOf, actor: Actor, arguments: Mapping[str, str], reason: str = "") -> Iterable[Any]:
    """The rows of the file, read as it is written. Raises: Forbidden."""
    export = _export(of)
    authz.require_role(actor, export.permission)
    filters = of.parse(actor, arguments)
    if export.leaves_entry:
        return export.rows(actor, reason=reason, **filters)
    if export.asks_reason:
        _note(actor, of, arguments, reason)
    return export.rows(actor, **filters)


def _note(actor: Actor, of: ListOf, arguments: Mapping[str, str], reason: str) -> None:
    """Write down who takes which list away, and why."""
    task = ListTask(
        owner_id=actor.id,
        list_name=of.name,
        act_name=ACT,
        arguments=of.known(actor, arguments),
        reason=reason,
        finished_at=clock.now(),
    )
    db.session.add(task)
    changes = {"list": [None, of.name], "filters": [None, dict(task.arguments)]}
    audit.record(actor, "list:take", task, comment=reason, changes=changes)


def in_order(of_query: Any, *order: Any) -> Iterator[Any]:
    """The rows of a query in an order, streamed: what most lists give their columns."""
    query = of_query.order_by(None).order_by(*order).execution_options(yield_per=ROWS_AT_ONCE)
    return iter(db.session.execute(query))


def is_large(of: ListOf, actor: Actor, arguments: Mapping[str, str]) -> bool:
    """Whether a workbook of these entries takes longer than a reader should wait."""
    query = of.query(actor, **of.parse(actor, arguments))
    counted = query.with_only_columns(of.key).order_by(None).limit(LARGE + 1).subquery()
    return (db.session.scalar(select(func.count()).select_from(counted)) or 0) > LARGE


def csv_of(of: ListOf, actor: Actor, arguments: Mapping[str, str], reason: str = "") -> Response:
    """The list as CSV, sent while it is read."""
    columns = _export(of).columns(actor)
    rows = rows_of(of, actor, arguments, reason)
    return stream_csv(
        f"{_export(of).filename}.csv", [column.header for column in columns], _lines(columns, rows, _told)
    )


def book_of(of: ListOf, actor: Actor, arguments: Mapping[str, str], reason: str = "") -> Response:
    """The list as an Excel workbook."""
    stream = _book(of, actor, arguments, reason)
    response = Response(book.pieces(stream), content_type=Format.XLSX.value)
    response.headers["Content-Disposition"] = storage.attachment(f"{_export(of).filename}.xlsx")
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _book(of: ListOf, actor: Actor, arguments: Mapping[str, str], reason: str) -> Any:
    columns = _export(of).columns(actor)
    rows = rows_of(of, actor, arguments, reason)
    return book.write(str(of.title), [column.header for column in columns], _lines(columns, rows, _as_it_is))


def _lines(
    columns: Sequence[Column], rows: Iterable[Any], told: Callable[[Column], Callable[[Any], Any]]
) -> Iterator[list[Any]]:
    values = [told(column) for column in columns]
    return ([value(row) for value in values] for row in rows)


def _as_it_is(column: Column) -> Callable[[Any], Any]:
    return column.value


def _told(column: Column) -> Callable[[Any], Any]:
    """For CSV: an instant on Tokyo's clock, to the second."""
    return (lambda row: _second(column.value(row))) if column.is_instant else column.value


def _second(value: datetime | None) -> str:
    return f"{clock.in_tokyo(value):%Y-%m-%d %H:%M:%S}" if value else ""


def _export(of: ListOf) -> Export:
    if of.export is None:
        raise GuardsFailed(of.no_export)
    return of.export


def ask(actor: Actor, of: ListOf, arguments: Mapping[str, str], reason: str = "") -> ListTask:
    """Have a large workbook made by a job. Raises: Forbidden."""
    authz.require_role(actor, _export(of).permission)
    task = ListTask(
        owner_id=actor.id, list_name=of.name, act_name=ACT, arguments=of.known(actor, arguments), reason=reason
    )
    db.session.add(task)
    audit.record(actor, "list:export", task, comment=reason, changes={"list": [None, of.name]})
    task.job_id = jobs.enqueue(JOB, key=f"list:{task.public_id}", owner=actor, task=task.id).id
    return task


@jobs.handler(JOB)
def make_by_job(job: BackgroundJob, context: jobs.Context) -> dict[str, Any]:
    """The workbook, kept for a day for whoever asked. Killed half way, it is made anew."""
    task = db.session.get(ListTask, job.params["task"])
    of = find(task.list_name) if task is not None else None
    if task is None or of is None or file_of(task) is not None:
        return {}
    actor = in_the_name_of(task.owner_id)
    arguments, reason = dict(task.arguments), task.reason
    columns = _export(of).columns(actor)
    with tempfile.TemporaryFile() as kept:
        number = _put_down(kept, _lines(columns, rows_of(of, actor, arguments, reason), _as_it_is))
        context.progress(0, number, _("The file is being written."))  # the database is free while that is done
        stream: Any = book.write(str(of.title), [column.header for column in columns], _picked_up(kept))
    with stream:
        storage.save(stream, f"{_export(of).filename}.xlsx", kind=FileKind.GENERATED, subject=task, actor=actor)
    task.entries, task.finished_at = number, clock.now()
    return {"task": task.id}


def _put_down(kept: IO[bytes], lines: Iterable[list[Any]]) -> int:
    """Read the database to the end as quickly as it gives; returns how many lines there are."""
    number = 0
    for line in lines:
        pickle.dump(line, kept)
        number += 1
    kept.seek(0)
    return number


def _picked_up(kept: IO[bytes]) -> Iterator[list[Any]]:
    while True:
        try:
            yield pickle.load(kept)
        except EOFError:
            return


def file_of(task: ListTask) -> StoredFile | None:
    """The file of a task, while it is there."""
    return next(iter(storage.files_of(task)), None)


def sweep(now: datetime) -> int:
    """Forget old tasks and remove files nobody needs any more, part of the caller's transaction. Returns how many."""
    old = select(ListTask).where(ListTask.act_name == ACT, ListTask.created_at < now - KEEP_FILES)
    for task in db.session.scalars(old):
        for stored in storage.files_of(task):
            storage.remove(stored)
    removed: Any = db.session.execute(delete(ListTask).where(ListTask.created_at < now - KEEP_TASKS))
    return int(removed.rowcount)
