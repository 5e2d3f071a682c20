"""Small real files for plans: a letter as PDF, a schedule as CSV, a quotation as PDF. They open anywhere."""

from io import BytesIO

from app.applications import file_service
from app.applications.file_keeping import Upload
from app.applications.file_model import PlanFileKind
from app.applications.models import Application
from app.core.authz import Actor
from app.demo.cast import texts

TOP, LINE = 780, 22  # of a page of A4 in points


def attach(editor: Actor, application: Application, *, number: int) -> None:
    """One to three files, by the plan's number in the story."""
    said = texts()["files"]
    host = application.host_institution.name_en
    partner = application.partners[0].organization.name_en if application.partners[0].organization else ""
    letter = pdf(
        ["Letter of cooperation", "", f"{partner} and {host}", "carry out the exchange together.", f"No. {number}"]
    )
    quotation = pdf(["Quotation", "", f"To: {host}", "Chartered bus, one day: JPY 44,000", f"No. {number}"])
    schedule = "\n".join(
        ["day,title,venue", *(f"{item.day},{item.title},{item.venue}" for item in application.itinerary)]
    )
    files = (
        (letter, said["letter"], PlanFileKind.AGREEMENT, said["letter_note"]),
        (("\ufeff" + schedule).encode(), said["schedule"], PlanFileKind.SCHEDULE, ""),
        (quotation, said["quotation"], PlanFileKind.BUDGET, said["quotation_note"]),
    )
    for data, name, kind, note in files[: number % 3 + 1]:
        file_service.add(editor, application, Upload(BytesIO(data), name, kind, note))


def pdf(lines: list[str]) -> bytes:
    """A page of A4 with these lines (Latin letters) as PDF."""
    shown = "".join(f"1 0 0 1 72 {TOP - LINE * place} Tm ({_escaped(line)}) Tj\n" for place, line in enumerate(lines))
    stream = f"BT /F1 14 Tf\n{shown}ET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
