"""The same values give the same bytes; data is printed, never run; nobody's page holds another person's text."""

import io
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from app.core import documents

AT = datetime(2026, 7, 2, 3, 4, 5, tzinfo=UTC)

PROBE = """
#let document-input = json(bytes(sys.inputs.document))
#set document(title: document-input.title, date: auto)
#set text(lang: document-input.language, font: ("Noto Sans", "Noto Sans JP"))
#for line in document-input.data.lines [#par(line)]
#for path in document-input.data.at("files", default: ()) [#read(path)]
"""


@pytest.fixture
def probe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of templates with one that prints the lines it is given."""
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "probe.typ").write_text(PROBE, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("outside the templates")
    monkeypatch.setattr(documents, "TEMPLATES_DIR", folder)
    return folder


def compose(*lines: str, **more: Any) -> documents.Rendered:
    return documents.compose("probe", {"lines": list(lines), **more}, language="en", title="Probe", at=AT)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_same_input_gives_identical_bytes(probe: Path) -> None:
    assert compose("Natthawut", "ณัฐวุฒิ").content == compose("Natthawut", "ณัฐวุฒิ").content


def test_another_time_of_making_gives_other_bytes_and_is_recorded_in_the_file(probe: Path) -> None:
    later = documents.render("probe", {"lines": ["x"]}, language="en", title="Probe", at=AT + timedelta(days=1))
    assert later != compose("x").content
    made = PdfReader(io.BytesIO(later)).metadata
    assert made is not None and made.creation_date == AT + timedelta(days=1)


def test_file_claims_both_standards_language_and_title(probe: Path) -> None:
    pdf = documents.render("probe", {"lines": ["x"]}, language="ja", title="交流計画書", at=AT)
    reader = PdfReader(io.BytesIO(pdf))
    xmp = reader.xmp_metadata
    assert xmp is not None
    packet = xmp.stream.get_data().decode()
    assert "<pdfaid:part>2<" in packet and "<pdfaid:conformance>A<" in packet and "<pdfuaid:part>1<" in packet
    assert reader.root_object["/Lang"] == "ja"
    assert reader.metadata is not None and reader.metadata.title == "交流計画書"


@pytest.mark.parametrize(
    "attack",
    [
        '#read("/etc/passwd")',
        "#panic()",
        "*bold* _thin_",
        "= heading",
        "$x^2$ @ref <label>",
        '"); #sys.inputs; ("',
        "\\u{41}",
    ],
)
def test_markup_in_data_is_printed_as_it_is(probe: Path, attack: str) -> None:
    rendered = compose(attack)
    assert rendered.substituted == ()
    assert attack.replace(" ", "") in text_of(rendered.content).replace(" ", "").replace("\n", "")


def test_template_cannot_read_outside_its_folder(probe: Path) -> None:
    for path in ("../secret.txt", "/etc/passwd", "/../secret.txt"):
        with pytest.raises(documents.DocumentFailed):
            compose("x", files=[path])


@pytest.mark.parametrize("name", ["../probe", "missing", "probe.typ", "", "PROBE", "/etc/passwd"])
def test_unknown_template_is_refused(probe: Path, name: str) -> None:
    with pytest.raises(documents.DocumentFailed):
        documents.render(name, {"lines": []}, language="en", title="x", at=AT)


def test_character_without_a_font_is_printed_as_geta_and_reported(probe: Path) -> None:
    rendered = compose("Nima😀 𒀀", "plain")
    assert set(rendered.substituted) == {"😀", "𒀀"}
    assert "Nima〓 〓" in text_of(rendered.content)
    assert "plain" in text_of(rendered.content)


def test_control_steering_and_private_characters_do_not_reach_the_page(probe: Path) -> None:
    rendered = compose("A\x07l\x00i\u202ece\ufeff", "B\ue000b\ud800", "tab\there")
    text = text_of(rendered.content)
    assert "Alice" in text and "B〓b〓" in text and "tab here" in text
    assert rendered.substituted == ()


def test_joiners_that_a_script_needs_are_kept(probe: Path) -> None:
    # Sinhala and Persian write some names with joiners: taking them out would change the name.
    assert compose("ශ්‍රී", "می‌خواهم").content != compose("ශ්රී", "میخواهم").content


def test_failure_names_the_template_and_never_the_data(probe: Path) -> None:
    (probe / "broken.typ").write_text(
        "#let d = json(bytes(sys.inputs.document))\n#panic(d.data.name)", encoding="utf-8"
    )
    with pytest.raises(documents.DocumentFailed) as failed:
        documents.render("broken", {"name": "TK1234567"}, language="en", title="x", at=AT)
    assert "broken" in str(failed.value) and "TK1234567" not in str(failed.value)


def test_missing_fonts_say_what_to_do(tmp_path: Path, probe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents._fonts.cache_clear()
    monkeypatch.setattr(documents, "FONTS_DIR", tmp_path / "nowhere")
    try:
        with pytest.raises(documents.FontsMissing, match="make setup"):
            compose("x")
    finally:
        documents._fonts.cache_clear()


def test_naive_time_is_refused(probe: Path) -> None:
    with pytest.raises(ValueError, match="aware"):
        documents.render("probe", {"lines": []}, language="en", title="x", at=datetime(2026, 7, 2))


def test_eight_threads_at_once_each_get_their_own_content(probe: Path) -> None:
    wrong: list[str] = []

    def work(worker: int) -> None:
        for turn in range(12):
            mark = f"owner{worker}turn{turn}end"
            found = set(re.findall(r"owner\d+turn\d+end", text_of(compose(*[mark] * 5).content)))
            if found != {mark}:
                wrong.append(f"{mark}: {sorted(found)}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_only_the_installed_fonts_are_used() -> None:
    families = set(documents._fonts().families())
    assert {"Noto Sans", "Noto Sans JP", "Noto Serif JP", "Noto Sans Thai", "Noto Sans Arabic"} <= families
    assert all(family.startswith("Noto ") for family in families)


def test_every_template_compiles_from_its_own_folder_without_packages() -> None:
    templates = sorted(documents.TEMPLATES_DIR.glob("*.typ"))
    names = ["board", "certificate", "exportcontrol", "letter", "participants", "plan", "receipt", "sakura", "schedule"]
    assert [path.stem for path in templates] == names
    for path in templates:
        source = path.read_text(encoding="utf-8")
        assert "@preview" not in source and "http" not in source, f"{path.name} must not reach for the network"


def test_style_names_every_installed_family() -> None:
    # A family the style forgets would still be found, but in an order nobody chose.
    style = (documents.TEMPLATES_DIR / "sakura.typ").read_text(encoding="utf-8")
    unnamed = [family for family in documents._fonts().families() if f'"{family}"' not in style]
    assert unnamed == []


def test_style_asks_only_for_installed_families(tmp_path: Path) -> None:
    # Typst warns about a family it does not know; the papers must give no warning at all.
    source = tmp_path / "all.typ"
    style = (documents.TEMPLATES_DIR / "sakura.typ").read_text(encoding="utf-8")
    source.write_text(style + "\n#text(font: sans)[a]#text(font: serif)[b]", encoding="utf-8")
    compiler = typst.Compiler(input=str(source), root=str(tmp_path), font_paths=documents._fonts())
    data = {"data": {"labels": {}}, "language": "en", "title": "x"}
    _, warnings = compiler.compile_with_warnings(format="pdf", sys_inputs={"document": json.dumps(data)})
    assert [str(warning) for warning in warnings] == []
