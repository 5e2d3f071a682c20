"""Uploaded spreadsheets: what is read, what is refused and why, and that nothing in them can hurt the machine."""

import io
import json
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.core import tabular
from app.core.tabular import FileRefused, Workbook, column_letters, read
from app.core.text_encoding import ASKED_ENCODINGS

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(fill, **book) -> bytes:
    """The bytes of a workbook that `fill` writes into."""
    workbook = openpyxl.Workbook()
    fill(workbook)
    for name, value in book.items():
        setattr(workbook, name, value)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def hand_made(sheet: str, extra: dict[str, bytes] | None = None, *, types: str = TYPES, head: str = "") -> bytes:
    """A minimal .xlsx with the given sheet data and extra parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{RELATIONS}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.xml", f'{head}<worksheet xmlns="{MAIN}">{sheet}</worksheet>')
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return stream.getvalue()


def text_cell(ref: str, text: str) -> str:
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def one_cell(ref: str, text: str) -> str:
    row = "".join(mark for mark in ref if mark.isdigit())
    return f'<sheetData><row r="{row}">{text_cell(ref, text)}</row></sheetData>'


def refusal(data: bytes, name: str = "list.xlsx", **kwargs) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(data, name, **kwargs)
    return caught.value


def texts(workbook: Workbook, sheet: int = 0) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row] for row in workbook.sheets[sheet].rows]


# --- What is read ---


def test_workbook_keeps_dates_numbers_and_references():
    def fill(workbook):
        sheet = workbook.active
        sheet.append(["Name", "Born", "Code", "Ok", "Share"])
        sheet.append(["Asmita", datetime(2003, 5, 14), 7, True, 2.5])
        sheet["C2"].number_format = "00000"

    cells = read(xlsx(fill), "list.xlsx").sheets[0].rows[1]
    assert [cell.kind for cell in cells] == ["text", "date", "number", "bool", "number"]
    assert [cell.text for cell in cells] == ["Asmita", "2003-05-14", "00007", "TRUE", "2.5"]
    assert cells[1].value == date(2003, 5, 14)
    assert [cell.ref for cell in cells] == ["A2", "B2", "C2", "D2", "E2"]


def test_workbook_with_dates_counted_from_1904_shows_the_same_day():
    def fill(workbook):
        workbook.epoch = CALENDAR_MAC_1904
        workbook.active["A1"] = datetime(2003, 5, 14)

    assert read(xlsx(fill), "list.xlsx").sheets[0].rows[0][0].value == date(2003, 5, 14)


def test_formula_without_a_stored_result_is_kept_as_harmless_text():
    def fill(workbook):
        workbook.active["A1"] = '=HYPERLINK("http://example.com","x")'
        workbook.active["A2"] = "plain"

    cell = read(xlsx(fill), "list.xlsx").sheets[0].rows[0][0]
    assert (cell.kind, cell.value) == ("formula", '=HYPERLINK("http://example.com","x")')


def test_formula_with_a_stored_result_gives_the_result():
    sheet = '<sheetData><row r="1"><c r="A1" t="str"><f>B1&amp;""</f><v>RAI</v></c></row></sheetData>'
    assert texts(read(hand_made(sheet), "list.xlsx")) == [["RAI"]]


def test_shared_texts_keep_what_protects_an_underscore():
    shared = (
        f'<sst xmlns="{MAIN}"><si><t>_x005F_x000D_</t></si><si><r><t>a_x005F_</t></r><r><t>x0007_</t></r></si></sst>'
    )
    types = TYPES.replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    )
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert texts(read(hand_made(cells, {"xl/sharedStrings.xml": shared.encode()}, types=types), "list.xlsx")) == [
        ["_x000D_", "a_x0007_"]
    ]


def test_merged_cells_repeat_their_value_and_hidden_ones_are_marked():
    def fill(workbook):
        sheet = workbook.active
        sheet["A1"], sheet["B1"], sheet["B2"] = "University", "x", "y"
        sheet.merge_cells("A1:A2")
        sheet.row_dimensions[2].hidden = True

    rows = read(xlsx(fill), "list.xlsx").sheets[0].rows
    assert rows[1][0].text == "University"
    assert rows[1][0].merged and not rows[0][0].merged
    assert rows[1][1].hidden and not rows[0][1].hidden


def test_hidden_sheets_are_named_and_not_read():
    def fill(workbook):
        workbook.active["A1"] = "now"
        for name, state in (("old", "hidden"), ("older", "veryHidden")):
            workbook.create_sheet(name).sheet_state = state

    workbook = read(xlsx(fill), "list.xlsx")
    assert [sheet.name for sheet in workbook.sheets] == ["Sheet"]
    assert workbook.hidden_sheets == ("old", "older")


@pytest.mark.parametrize(
    ("encoding", "text", "found"),
    [
        ("utf-8", "Nguyễn,é", "utf-8"),
        ("utf-8-sig", "Nguyễn,é", "utf-8-sig"),
        ("utf-16", "Nguyễn\té", "utf-16"),
        ("cp932", "氏名,髙﨑①㈱～―", "cp932"),
    ],
)
def test_text_is_read_in_the_encoding_that_is_proved(encoding, text, found):
    workbook = read(text.encode(encoding), "list.csv")
    assert workbook.encoding == found
    assert texts(workbook) == [text.replace("\t", ",").split(",")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "euc_jp", "gb18030", "big5", "cp949", "iso2022_jp"])
def test_encoding_that_cannot_be_proved_is_asked_with_a_preview(encoding):
    line = {"gb18030": "姓名,护照号码,性别", "cp949": "성명,여권번호,성별", "big5": "姓名,護照號碼,性別"}.get(
        encoding, "氏名,旅券番号,性別"
    )
    data = f"{line}\nLI NA,EJ1,F\n".encode(encoding)
    asked = refusal(data, "list.csv")
    assert asked.reason_code == "encoding_unknown"
    assert [choice.preview[0] for choice in asked.choices if choice.encoding == encoding] == [line]
    assert texts(read(data, "list.csv", encoding=encoding))[0] == line.split(",")


def test_western_letters_are_not_taken_for_kanji():
    asked = refusal("Name\nAmélie\nZoë M\n".encode("cp1252"), "list.csv")
    assert "Amélie" in [choice.preview[1] for choice in asked.choices if choice.encoding == "cp1252"]


def test_encoding_answered_wrongly_is_asked_again():
    data = "성명,여권번호".encode("cp949")
    assert refusal(data, "list.csv", encoding="utf-7").reason_code == "encoding_unknown"
    assert "utf-7" not in ASKED_ENCODINGS


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        ("a;b\n1;2,5\n", [["a", "b"], ["1", "2,5"]]),
        ("a\tb\r\n1\t2\r\n", [["a", "b"], ["1", "2"]]),
        ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
        ('a,b\n"x, y",2\n', [["a", "b"], ["x, y", "2"]]),
        ('a,b\r1,"two\r\nlines"\r', [["a", "b"], ["1", "two\r\nlines"]]),
    ],
)
def test_delimiter_and_line_ends_are_found(data, rows):
    assert texts(read(data.encode(), "list.csv")) == rows


def test_announced_delimiter_counts_as_the_first_row():
    workbook = read(b"sep=;\na;b\n", "list.csv")
    assert workbook.sheets[0].rows[1][0].ref == "2:1"


def test_workbook_survives_being_kept_between_requests():
    workbook = read((ROSTERS / "02-indonesia-messy.xlsx").read_bytes(), "list.xlsx")
    assert Workbook.from_json(json.loads(json.dumps(workbook.to_json()))) == workbook


def test_column_letters_go_on_after_z():
    assert [column_letters(column) for column in (1, 26, 27, 52, 703)] == ["A", "Z", "AA", "AZ", "AAA"]


def test_limits_of_rows_and_columns_are_inclusive():
    def fill(workbook):
        workbook.active.cell(2000, 60).value = "last"

    rows = read(xlsx(fill), "list.xlsx").sheets[0].rows
    assert (len(rows), len(rows[-1]), rows[-1][-1].text) == (2000, 60, "last")


# --- What is refused ---


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "list.csv", "empty"),
        (b"\x00" * 40, "list.csv", "empty"),
        (b"a" * (5 * 1024**2 + 1), "list.csv", "too_big"),
        (b"%PDF-1.7 x", "list.xlsx", "name_and_content_differ"),
        (b"%PDF-1.7 x", "list.csv", "name_and_content_differ"),
        (b"a,b\n", "list.xlsx", "name_and_content_differ"),
        (b"PK\x03\x04rest", "list.csv", "name_and_content_differ"),
        (b"PK\x03\x04rest", "list.xlsx", "broken"),
        (b"a,b\n", "list.exe", "wrong_type"),
        (b"a,b\n", "list", "wrong_type"),
        (b"PK\x03\x04rest", "list.xlsm", "macros"),
        (b"PK\x03\x04rest", "list.ods", "open_document"),
        (b"PK\x03\x04rest", "list.xlsb", "binary_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "list.xls", "old_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "list.xlsx", "encrypted"),
        (b"<html><table><tr><td>x", "list.xls", "web_page"),
        (b"<html><table><tr><td>x", "list.csv", "web_page"),
        (b"a\tb\n", "list.xls", "name_and_content_differ"),
        (b'a,b\n"1,2\n3,4\n', "list.csv", "broken_quotes"),
        (b"a,b\n" + b"x" * 5001 + b",1\n", "list.csv", "cell_too_long"),
        (b",".join([b"x"] * 61) + b"\n", "list.csv", "too_large"),
        (b"x,y\n" * 2001, "list.csv", "too_large"),
        (bytes(range(256)) * 4, "list.csv", "binary"),
    ],
)
def test_file_that_is_not_a_list_is_refused_with_its_reason(data, name, reason):
    assert refusal(data, name).reason_code == reason


def test_every_reason_has_a_sentence_that_can_be_filled():
    params = dict.fromkeys(("megabytes", "limit", "cell", "line", "rows", "columns", "ending", "sheet"), 1)
    for reason in tabular.REASONS:
        assert FileRefused(reason, **params).reason_code == reason
        assert tabular.REASONS[reason] % params


def test_far_cell_is_named_and_refused():
    refused = refusal(hand_made(one_cell("XFD1048576", "x")))
    assert (refused.reason_code, refused.params["cell"]) == ("too_large", "XFD1048576")


def test_area_merged_over_the_whole_sheet_does_not_stop_the_reader():
    sheet = one_cell("A1", "x") + '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert refusal(hand_made(sheet)).reason_code == "too_complex"


def test_zip_bomb_is_refused_before_anything_is_unpacked():
    started = time.monotonic()
    data = hand_made(one_cell("A1", "x"), {"xl/bomb.xml": b"\x00" * (101 * 1024**2)})
    assert len(data) < 1024**2
    assert refusal(data).reason_code == "unpacks_too_big"
    assert time.monotonic() - started < 10


def test_directory_that_lies_about_sizes_is_refused():
    data = hand_made(one_cell("A1", "x" * 4000))
    # The size of the sheet in the central directory becomes one byte; the content stays.
    at = data.rindex(b"PK\x01\x02")
    lied = data[: at + 24] + (1).to_bytes(4, "little") + data[at + 28 :]
    assert refusal(lied).reason_code == "broken"


def test_huge_string_that_fits_the_size_limit_does_not_eat_the_memory():
    sheet = one_cell("A1", "x" * (90 * 1024**2))
    assert refusal(hand_made(sheet)).reason_code in ("too_complex", "cell_too_long", "broken")


def test_archive_of_65_thousand_entries_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(65_000):
            archive.writestr(zipfile.ZipInfo(f"{number:x}"), b"")
    data = stream.getvalue()[: 5 * 1024**2]
    assert refusal(data).reason_code in ("too_many_entries", "broken", "too_big")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number:x}", b"")
    assert refusal(stream.getvalue()).reason_code == "too_many_entries"


def test_million_empty_rows_are_refused_at_once():
    rows = "".join(f'<row r="{number}"><c r="A{number}"/></row>' for number in range(1, 1_000_001))
    data = hand_made(f"<sheetData>{rows}</sheetData>")
    assert len(data) < tabular.MAX_UPLOAD_BYTES
    started = time.monotonic()
    assert refusal(data).reason_code == "too_complex"
    assert time.monotonic() - started < 5


def laughs() -> str:
    """Eight entities, each ten times the one before."""
    names = "abcdefgh"
    grown = [f'<!ENTITY {names[n]} "{10 * ("&" + names[n - 1] + ";")}">' for n in range(1, 8)]
    return '<!DOCTYPE w [<!ENTITY a "lol">' + "".join(grown) + "]>"


@pytest.mark.parametrize("head", [laughs(), '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'])
def test_entities_are_never_resolved(head):
    name = "&h;" if "lol" in head else "&x;"
    started = time.monotonic()
    assert refusal(hand_made(one_cell("A1", name), head=head)).reason_code == "broken"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"../../evil": b"x"}, "unsafe"),
        ({"/etc/evil": b"x"}, "unsafe"),
        ({"C:\\evil": b"x"}, "unsafe"),
        ({"xl/vbaProject.bin": b"x"}, "macros"),
    ],
)
def test_dangerous_parts_are_refused(extra, reason):
    assert refusal(hand_made(one_cell("A1", "x"), extra)).reason_code == reason


def test_other_archives_and_kinds_of_workbook_are_refused():
    document = TYPES.replace("spreadsheetml", "wordprocessingml")
    assert refusal(hand_made(one_cell("A1", "x"), types=document)).reason_code == "not_a_table"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(stream.getvalue()).reason_code == "open_document"
    enabled = TYPES.replace("sheet.main+xml", "sheet.macroEnabled.main+xml")
    assert refusal(hand_made(one_cell("A1", "x"), types=enabled)).reason_code == "macros"


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_truncated_workbook_is_refused(keep):
    data = (ROSTERS / "01-nepal-clean.xlsx").read_bytes()
    assert refusal(data[: int(len(data) * keep)]).reason_code == "broken"


def test_damaged_workbooks_never_raise_anything_else():
    data = bytearray((ROSTERS / "01-nepal-clean.xlsx").read_bytes())
    for place in range(40, len(data), len(data) // 6):
        damaged = bytes(data[:place]) + b"\xff\x00\xff" + bytes(data[place + 3 :])
        try:
            read(damaged, "list.xlsx")
        except FileRefused as refused:
            assert refused.reason_code in tabular.REASONS


@pytest.mark.parametrize(
    "name",
    ["../../x.csv", "CON.csv", "a.pdf.exe.csv", "\u202evsc.csv", "x" * 300 + ".CSV", 'ü;"\r\n.csv'],
)
def test_file_names_are_only_read_for_their_ending(name):
    assert texts(read(b"a,b\n", name)) == [["a", "b"]]


def test_worker_sees_no_secrets_and_reaches_nothing():
    source = (Path(tabular.__file__).parent / "tabular_worker.py").read_text()
    assert "from app" not in source and "import app" not in source
    assert "RLIMIT_" in source and "addaudithook" in source
