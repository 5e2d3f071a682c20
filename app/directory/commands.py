"""`flask import-ror FILE`: fill the directory from a dump of the Research Organization Registry."""

import json
import time
import zipfile
from pathlib import Path
from typing import Any

import click

from app.core.authz import SYSTEM
from app.core.transaction import unit_of_work
from app.directory.importing import Report, import_ror

REASONS = {
    "not_a_record": "not a record of schema 2",
    "bad_identifier": "ROR id malformed or with wrong check digits",
    "no_name": "no Japanese, English or display name",
    "no_country": "no location, or a country code that is not known",
    "twice_in_file": "the same ROR id again",
    "number_taken": "numbers of other registers that another organization already has",
    "corrected_by_people": "fields kept as people corrected them",
    "gone_but_taking_part": "hosts that take part although the register calls them closed: please look",
    "parent_not_in_directory": "parents that are in neither the file nor the directory",
    "successor_not_in_directory": "successors that are in neither the file nor the directory",
    "second_parent": "further parents of organizations that have several (the first is kept)",
    "second_successor": "further successors of organizations that have several (the first is kept)",
}


def read_dump(path: Path) -> list[Any]:
    """The records of a dump: a JSON array, bare or as the largest .json file of the register's zip.

    Raises: click.ClickException with a sentence when it is neither.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                entries = [entry for entry in archive.infolist() if entry.filename.endswith(".json")]
                if not entries:
                    raise click.ClickException(f"{path}: the zip holds no .json file.")
                content = archive.read(max(entries, key=lambda entry: entry.file_size))
        else:
            content = path.read_bytes()
        records = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError, zipfile.BadZipFile) as problem:
        raise click.ClickException(f"{path} is not the JSON of a ROR dump: {problem}") from problem
    if not isinstance(records, list):
        raise click.ClickException(f"{path}: expected a list of records (schema 2), found {type(records).__name__}.")
    return records


def tell(report: Report, seconds: float) -> list[str]:
    """The report as lines."""
    lines = [
        f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged in {seconds:.1f} s.",
        f"{report.gone} closed or withdrawn in the register: kept as withdrawn, so that old numbers lead on.",
        f"Links: {report.linked['parent']} to a parent, {report.linked['successor']} to a successor.",
        f"{report.skipped.total()} records skipped.",
    ]
    lines += [f"  {count:6} {REASONS[reason]}" for reason, count in report.skipped.most_common()]
    left_out = [(reason, count) for reason, count in report.left_out.most_common() if count]
    if left_out:
        lines.append("Left out of records that were kept:")
        lines += [f"  {count:6} {REASONS[reason]}" for reason, count in left_out]
    return lines


@click.command("import-ror")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_ror_command(file: Path) -> None:
    """Enter or update organizations from a ROR v2 dump (JSON or zip). Safe to repeat."""
    started = time.perf_counter()
    records = read_dump(file)
    with unit_of_work(), click.progressbar(length=len(records), label="Organizations") as bar:
        report = import_ror(SYSTEM, records, on_progress=bar.update)
    for line in tell(report, time.perf_counter() - started):
        click.echo(line)
