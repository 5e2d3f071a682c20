"""Figures are drawn on the server: every value readable, as drawing, as words and as a table, under the strict CSP."""

import re
import time
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from app.core import chart_map, chart_year, charts, i18n
from app.core.figure import Figure
from app.directory import countries

ROOT = Path(__file__).parents[2]
YEARS = [str(year) for year in range(2014, 2026)]
TOTALS = [2945, 4226, 5519, 5908, 6107, 5504, 0, 0, 1250, 2890, 3310, 3620]
INVITEES = {"CN": 9870, "IN": 4210, "ID": 3920, "TH": 3480, "VN": 3105, "SG": 260, "TV": 1, "NP": 0}


@pytest.fixture
def page():
    """An English page being made, with the application's templates and languages and nothing else of it."""
    app = Flask(__name__, template_folder=str(ROOT / "app" / "templates"))
    app.secret_key = "only for this test"
    app.jinja_env.add_extension("jinja2.ext.i18n")
    i18n.init_app(app)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield app


def world(values=INVITEES, locale="en") -> Figure:
    return chart_map.world_map(
        "map",
        "Invitees by country or region",
        values,
        names=countries.names(locale),
        land="/static/map/world.svg",
        by="Country or region",
        measure="Invitees",
    )


def every_kind() -> list[Figure]:
    courses = [("A", [1, 2]), ("B", [0, 5])]
    return [
        charts.bars("bars", "Hosts & friends", [("Kyoto <University>", 3), ("Tohoku", 0)], by="Host", measure="Visits"),
        charts.columns("columns", "By year", YEARS, [("Invitees", TOTALS)], by="Fiscal year"),
        charts.columns("groups", "By course", ["2024", "2025"], courses, by="Fiscal year"),
        charts.columns("stacks", "By course", ["2024", "2025"], courses, by="Fiscal year", stacked=True),
        charts.lines("lines", "Cumulative", YEARS, [("Invitees", TOTALS)], by="Fiscal year"),
        charts.lines("several", "By kind", ["2024", "2025"], courses, by="Fiscal year"),
        world(),
        chart_year.year_strip(
            "strip",
            "Visits",
            [("Kyoto <University>", [(date(2025, 6, 2), date(2025, 6, 8))])],
            fiscal_year=2025,
            months=["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"],
            by="Host",
            period="Period",
        ),
    ]


def show(page: Flask, figure: Figure) -> BeautifulSoup:
    source = '{% from "components/charts.html" import figure %}{{ figure(chart, csv_url="/figures.csv", note="note") }}'
    return BeautifulSoup(page.jinja_env.from_string(source).render(chart=figure), "html.parser")


def test_every_drawing_is_well_formed_and_has_a_name_and_a_description(page):
    for figure in every_kind():
        svg = ElementTree.fromstring(str(figure.drawing))
        named = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
        assert svg.get("role") == "img"
        assert named[svg.get("aria-labelledby")] == figure.title
        assert named[svg.get("aria-describedby")] == figure.summary
        assert figure.summary


def test_no_drawing_needs_a_style_or_a_script_that_the_security_policy_forbids(page):
    for figure in every_kind():
        html = str(show(page, figure))
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", html)


def test_names_from_people_are_escaped_in_drawing_and_table(page):
    for figure in every_kind():
        html = str(figure.drawing) + figure.table()
        assert "<University>" not in html
    assert "Kyoto &lt;University&gt;" in every_kind()[0].drawing


def test_each_figure_has_caption_table_twin_and_download(page):
    for figure in every_kind():
        soup = show(page, figure)
        assert figure.title in soup.select_one("figure > figcaption").text
        assert soup.select_one("a[href='/figures.csv']")
        assert [cell.text for cell in soup.select("details thead th")] == list(figure.head)
        assert len(soup.select("details tbody tr")) == len(figure.rows)
        scroller = soup.select_one("details [role=region]")
        assert scroller["tabindex"] == "0"
        assert soup.find(id=scroller["aria-labelledby"]).name == "caption"


def test_legend_stands_only_where_there_are_several_series(page):
    legends = {figure.id: [item.text.strip() for item in show(page, figure).select("ul li")] for figure in every_kind()}
    assert legends["groups"] == legends["stacks"] == legends["several"] == ["A", "B"]
    assert legends["bars"] == legends["columns"] == legends["lines"] == legends["map"] == []


def test_columns_carry_their_values(page):
    figure = charts.columns("fy", "By year", YEARS, [("Invitees", TOTALS)], by="Fiscal year")
    svg = BeautifulSoup(figure.drawing, "html.parser")
    assert [text.text for text in svg.select(".app-chart__value")] == [f"{value:,}" for value in TOTALS]
    heights = [float(rect["height"]) for rect in svg.select("rect")]
    assert heights[TOTALS.index(max(TOTALS))] == max(heights)
    assert heights[6] == 0
    assert heights[0] / max(heights) == pytest.approx(2945 / 6107, abs=0.001)


def test_labels_give_way_on_a_phone_but_the_last_year_stays(page):
    svg = BeautifulSoup(charts.columns("fy", "t", YEARS, [("n", TOTALS)], by="y").drawing, "html.parser")
    ticks = svg.select(".app-chart__tick")
    assert "app-chart__minor" not in ticks[-1]["class"]
    kept = [tick.text for tick in ticks if "app-chart__minor" not in tick["class"]]
    assert kept == ["2015", "2017", "2019", "2021", "2023", "2025"]


def test_stacked_columns_stand_on_one_another_with_their_sum_on_top(page):
    figure = charts.columns("st", "t", ["2025"], [("A", [100]), ("B", [0]), ("C", [300])], by="y", stacked=True)
    svg = BeautifulSoup(figure.drawing, "html.parser")
    low, high = svg.select("rect")
    assert float(high["y"]) + float(high["height"]) == pytest.approx(float(low["y"]), abs=0.11)
    assert float(high["height"]) == pytest.approx(3 * float(low["height"]), abs=0.2)
    assert svg.select_one(".app-chart__value--total").text == "400"


def test_lines_start_at_zero_and_end_labels_do_not_stand_on_each_other(page):
    series = [("Study", [10, 100]), ("Employment", [5, 99]), ("Research", [0, 98])]
    svg = BeautifulSoup(charts.lines("l", "t", ["2024", "2025"], series, by="y").drawing, "html.parser")
    ends = sorted(float(text["y"]) for text in svg.select(".app-chart__value--total"))
    assert len(ends) == 3
    assert all(below - above >= 14 for above, below in zip(ends, ends[1:], strict=False))


def test_bars_draw_the_first_ones_and_the_table_has_all(page):
    data = [(f"Host {number}", 100 - number) for number in range(30)]
    figure = charts.bars("b", "t", data, by="Host", measure="Visits", limit=10)
    assert len(BeautifulSoup(figure.drawing, "html.parser").select(".app-chart__label")) == 10
    assert len(figure.rows) == 30


def test_series_that_cannot_be_told_apart_or_do_not_fit_are_refused(page):
    with pytest.raises(ValueError, match="at most 6"):
        charts.columns("c", "t", ["2025"], [(str(n), [n]) for n in range(7)], by="y")
    with pytest.raises(ValueError, match="2 values for 1 categories"):
        charts.lines("c", "t", ["2025"], [("n", [1, 2])], by="y")


def test_area_of_a_circle_is_the_number_of_people(page):
    svg = BeautifulSoup(world({"CN": 4000, "IN": 1000}).drawing, "html.parser")
    china, india = (float(circle["r"].rstrip("%")) for circle in svg.select(".app-map__circle"))
    assert china == pytest.approx(2 * india, abs=0.02)


def test_map_lists_every_country_with_people_and_names_the_largest(page):
    figure = world()
    assert figure.rows[0] == ("China", 9870)
    assert len(figure.rows) == 7, "a country without people is not listed"
    labels = [text.text for text in BeautifulSoup(figure.drawing, "html.parser").select(".app-map__labels--wide text")]
    assert labels[0] == "China 9,870"
    assert "China 9,870" in figure.summary


def test_every_inhabited_place_has_its_point_on_the_map():
    points = chart_map.places().points
    assert [code for code, _name in countries.choices("en") if code not in points] == []
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in points.values())
    east = {code: points[code][0] for code in ("GB", "IN", "JP", "US", "BR")}
    assert sorted(east, key=east.get) == ["GB", "IN", "JP", "US", "BR"], "the Pacific is in the middle"


def test_style_sheet_knows_the_shape_of_the_map():
    world = chart_map.places()
    style = (ROOT / "app" / "assets" / "styles" / "charts.scss").read_text(encoding="utf-8")
    assert f"aspect-ratio: {world.width} / {world.height};" in style


def test_outline_of_the_land_has_no_borders_and_is_small():
    outline = chart_map.PLACES.with_name("world.svg").read_text(encoding="utf-8")
    assert outline.count("<path") == 1
    assert len(outline) < 60_000


@pytest.mark.parametrize("draw", [
    lambda: charts.bars("b", "t", [], by="Host", measure="Visits"),
    lambda: charts.columns("c", "t", [], [("n", [])], by="y"),
    lambda: charts.columns("c", "t", [], [("n", [])], by="y", stacked=True),
    lambda: charts.lines("l", "t", [], [("n", [])], by="y"),
    lambda: world({}),
])  # fmt: skip
def test_figure_without_data_says_so(page, draw):
    soup = show(page, draw())
    assert "No figures yet." in soup.text
    assert soup.select_one("svg") is None
    assert soup.select_one("details") is None


def test_only_zeros_draw_an_empty_chart(page):
    figure = charts.columns("c", "t", ["2020", "2021"], [("n", [0, 0])], by="y")
    assert [float(rect["height"]) for rect in BeautifulSoup(figure.drawing, "html.parser").select("rect")] == [0, 0]
    charts.lines("l", "t", ["2020", "2021"], [("n", [0, 0])], by="y")


def test_sparkline_says_its_values(page):
    svg = BeautifulSoup(charts.sparkline([704, 650, 812], 'Applications "open"'), "html.parser").svg
    assert svg["role"] == "img"
    assert svg["aria-label"] == 'Applications "open"'
    assert charts.sparkline([], "none")


def test_year_strip_counts_both_days_and_cuts_at_the_end_of_the_fiscal_year(page):
    stays = [(date(2025, 4, 1), date(2025, 4, 7)), (date(2026, 3, 25), date(2026, 4, 2))]
    figure = chart_year.year_strip(
        "y", "t", [("Kyoto", stays)], fiscal_year=2025, months=["m"] * 12, by="Host", period="Period"
    )
    first, last = BeautifulSoup(figure.drawing, "html.parser").select("rect")
    assert float(first["width"].rstrip("%")) == pytest.approx(7 / 365 * 100, abs=0.01)
    assert float(last["x"].rstrip("%")) + float(last["width"].rstrip("%")) == pytest.approx(100, abs=0.02)
    assert figure.rows[1] == ("Kyoto", "25 March 2026 – 2 April 2026")


def test_map_of_sixty_countries_is_drawn_within_a_few_milliseconds(page):
    values = {code: number + 1 for number, code in enumerate(countries.CODES[:60])}
    world(values)
    start = time.perf_counter()
    for _ in range(20):
        world(values)
    assert (time.perf_counter() - start) / 20 < 0.006
