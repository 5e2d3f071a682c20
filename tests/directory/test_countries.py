"""Countries and regions are recognised as people write them and named as the programme names them."""

import time

import pytest
from babel import Locale

from app.directory import countries, prefectures


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Indonesian", "ID"),
        ("Nepali", "NP"),
        ("nepalese", "NP"),
        ("ＮＥＰＡＬ", "NP"),
        ("ﾈﾊﾟｰﾙ", "NP"),
        ("中国", "CN"),
        ("中华人民共和国", "CN"),
        ("韓国", "KR"),
        ("Republic of Korea", "KR"),
        ("D.P.R. Korea", "KP"),
        ("台湾", "TW"),
        ("臺灣", "TW"),
        ("Hong Kong SAR", "HK"),
        ("Macau", "MO"),
        ("Viet Nam", "VN"),
        ("VIETNAM", "VN"),
        ("Việt Nam", "VN"),
        ("ヴェトナム", "VN"),
        ("Türkiye", "TR"),
        ("TURKEY", "TR"),
        ("TÜRKİYE", "TR"),
        ("Côte d’Ivoire", "CI"),
        ("cote d'ivoire", "CI"),
        ("Ivory Coast", "CI"),
        ("Laos", "LA"),
        ("Lao PDR", "LA"),
        ("Burma", "MM"),
        ("ミャンマー", "MM"),
        ("Palestine", "PS"),
        ("ไทย", "TH"),
        ("भारत", "IN"),
        ("インドネシア人", "ID"),
        ("ナイジェリア国籍", "NG"),
        ("Ukrainian citizen", "UA"),
        ("Gambia, The", "GM"),
        ("Saint Lucia", "LC"),
        ("Tanzania, United Republic of", "TZ"),
        ("chn", "CN"),
        ("cn", "CN"),
        ("UK", "GB"),
        ("RKS", "XK"),
        ("Indonesia / WNI", "ID"),
        ("Nepal (ネパール)", "NP"),
    ],
)
def test_country_is_found_as_people_write_it(text, code):
    assert countries.find(text) == code
    assert countries.find(f"  {text.upper()} ") == code


@pytest.mark.parametrize(
    "text", [None, "", "  ", "-", "Mars", "Congo", "コンゴ", "Virgin Islands", "Georgia / USA", "Guinea (Equatorial)"]
)
def test_country_is_not_guessed_when_the_text_does_not_say(text):
    assert countries.find(text) is None


def test_neighbours_in_spelling_are_told_apart():
    assert [countries.find(word) for word in ("Niger", "Nigerien", "Nigeria", "Nigerian")] == ["NE", "NE", "NG", "NG"]
    assert [countries.find(word) for word in ("Guinea", "Guinea-Bissau", "Equatorial Guinea")] == ["GN", "GW", "GQ"]
    assert [countries.find(word) for word in ("Dominica", "Dominican Republic")] == ["DM", "DO"]


def test_every_country_is_found_by_its_own_names_and_codes():
    for locale in ("ja", "en"):
        for code, name in countries.names(locale).items():
            assert countries.find(name) == code
    for code in countries.CODES:
        assert countries.find(code) == countries.find(countries.alpha3(code)) == code


def test_every_word_in_the_table_means_one_country():
    wrong = [
        (word, row.alpha2, countries.find(word))
        for row in countries._TABLE.values()
        for word in row.words
        if countries.find(word) != row.alpha2
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("code", "japanese", "english"),
    [
        ("HK", "香港", "Hong Kong"),
        ("MO", "マカオ", "Macao"),
        ("MM", "ミャンマー", "Myanmar"),
        ("PS", "パレスチナ", "Palestine"),
        ("TW", "台湾", "Taiwan"),
        ("TR", "トルコ", "Türkiye"),
        ("CI", "コートジボワール", "Côte d'Ivoire"),
    ],
)
def test_names_follow_the_house(code, japanese, english):
    assert countries.name(code, "ja") == countries.name(code, Locale("ja")) == japanese
    assert countries.name(code, "en") == english


def test_unknown_code_is_shown_as_it_is():
    assert countries.name("ZZ", "ja") == "ZZ"
    assert countries.region_of("ZZ") == ""


def test_codes_are_complete_and_unique():
    assert len(countries.CODES) == 250
    assert len({countries.alpha3(code) for code in countries.CODES}) == 250
    numbers = [countries.numeric(code) for code in countries.CODES if code != "XK"]
    assert len(set(numbers)) == 249
    assert all(len(number) == 3 and number.isdigit() for number in numbers)
    assert countries.numeric("XK") == ""


def test_every_country_lies_in_a_region_of_its_continent():
    asian = {"east_asia", "southeast_asia", "south_asia", "central_asia", "middle_east"}
    for code in countries.CODES:
        region, continent = countries.region(code), countries.continent(code)
        assert region in countries.REGIONS
        assert (region in asian) == (continent == "asia")
        assert (region in {"north_america", "latin_america"}) == (continent in {"north_america", "south_america"})
    assert countries.region("IN") == "south_asia"
    assert countries.region("EG") == countries.continent("EG") == "africa"
    assert set(countries.in_region("east_asia")) == {"CN", "HK", "JP", "KP", "KR", "MN", "MO", "TW"}


def test_choices_in_japanese_follow_the_reading():
    names = [name for _, name in countries.choices("ja")]
    expected = ["カメルーン", "韓国", "ガンビア", "タイ", "台湾", "チャド", "中国", "チュニジア", "香港", "南アフリカ"]
    assert [name for name in names if name in expected] == expected
    assert names[0] == "アイスランド"


def test_choices_in_english_ignore_accents():
    names = [name for _, name in countries.choices("en")]
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert names.index("Costa Rica") < names.index("Côte d'Ivoire") < names.index("Croatia")


def test_choices_leave_out_places_where_nobody_lives():
    codes = {code for code, _ in countries.choices("en")}
    assert "AQ" not in codes
    assert {"TW", "HK", "PS", "XK"} <= codes


def test_lookups_are_fast():
    countries.find("warm")
    start = time.perf_counter()
    for number in range(1000):
        countries.find(f"Indonesia {number}")
        countries.name("ID", "ja")
    assert time.perf_counter() - start < 0.5


def test_prefectures_are_47_in_order_and_named_in_both_languages():
    assert len(prefectures.CODES) == 47
    assert prefectures.choices("ja")[0] == ("01", "北海道")
    assert prefectures.choices("en")[-1] == ("47", "Okinawa")
    assert prefectures.name("26", "ja") == "京都府"
    assert prefectures.name("99", "ja") == "99"


@pytest.mark.parametrize(
    "text", ["京都府", "京都", "Kyoto", "KYŌTO", "Kyoto-fu", "Kyoto Prefecture", "JP-26", "26", "２６"]
)
def test_prefecture_is_found_as_people_write_it(text):
    assert prefectures.find(text) == "26"


@pytest.mark.parametrize(
    ("text", "code"), [("岐阜", "21"), ("gifu", "21"), ("北海道", "01"), ("1", "01"), ("Paris", None), ("", None)]
)
def test_prefecture_is_told_from_other_words(text, code):
    assert prefectures.find(text) == code
