"""A made-up foreign user list of 835 bodies in the shape of METI's, and the ways in which their names get written.

No body of the real list is in it; words, places and scripts are those that real lists mix.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

BODIES = 835

#: country or region, places (Latin, own script), as the list groups them
PLACES: dict[str, list[tuple[str, str]]] = {
    "CN": [
        ("Lanjiang", "蘭江"),
        ("Qinghe", "清河"),
        ("Baishan", "白山"),
        ("Tongyuan", "桐源"),
        ("Luoxi", "洛西"),
        ("Haizhou", "海州"),
    ],
    "IR": [("Shahrvand", "شهروند"), ("Alborzan", "البرزان"), ("Pardisan", "پردیسان"), ("Mehrabadi", "مهرآبادی")],
    "KP": [("Ryongsong", "룡성"), ("Kanggyeong", "강경"), ("Songrim", "송림")],
    "RU": [
        ("Zarechny", "Заречный"),
        ("Volgoradsk", "Волгорадск"),
        ("Uralskoye", "Уральское"),
        ("Severnaya", "Северная"),
    ],
    "PK": [("Rawalkot", "راولکوٹ"), ("Khushabad", "خوشاباد"), ("Attockwala", "اٹکوالہ")],
    "SY": [("Damasra", "دمسرة"), ("Latakiye", "لاذقيه")],
    "BY": [("Minskaya", "Минская"), ("Grodnenskoye", "Гродненское")],
    "TR": [("Ankarali", "Ankaralı"), ("Gebzeköy", "Gebzeköy")],
    "AE": [("Sharqiya", "الشرقية"), ("Jebelan", "جبلان")],
    "TW": [("Hsinpei", "新北平"), ("Taoshan", "桃山")],
    "HK": [("Kowlung", "九隆"), ("Shatin West", "沙田西")],
    "IN": [("Bhadrapur", "भद्रपुर"), ("Kalyani Nagar", "कल्याणी नगर")],
    "IL": [("Negevim", "נגבים"), ("Haifon", "חיפון")],
    "EG": [("Helwanat", "حلوانات")],
    "LB": [("Beqaani", "بقاعني")],
}
SUBJECTS = [
    ("Aeronautics", "航空"),
    ("Rocket Propulsion", "火箭推進"),
    ("Precision Machinery", "精密機械"),
    ("Nuclear Physics", "核物理"),
    ("Optical Instruments", "光学儀器"),
    ("Marine Engineering", "船舶工程"),
    ("Semiconductor Materials", "半導体材料"),
    ("Applied Chemistry", "応用化学"),
    ("Space Telemetry", "空間遥測"),
    ("Microwave Electronics", "微波電子"),
    ("Composite Structures", "複合構造"),
    ("Inertial Navigation", "慣性導航"),
    ("Biological Products", "生物製品"),
    ("Heavy Vehicles", "重型車両"),
    ("Computational Mechanics", "計算力学"),
    ("Radiation Metrology", "輻射計量"),
]
SHAPES = [
    "{place} University of {subject}",
    "{place} {subject} Research Institute",
    "{place} {subject} Industries Co., Ltd.",
    "{place} Institute of {subject}",
    "{subject} Center of {place}",
    "{place} {subject} Group Corporation",
    "{place} {subject} Organization",
]
CATEGORIES = ["B", "C", "M", "N", "M,N", "B,C", "CW"]


@dataclass(frozen=True)
class Body:
    """A listed body: number, country or region, name, other names, categories of concern."""

    number: int
    country: str
    name: str
    aliases: tuple[str, ...]
    categories: str


def made_list() -> list[Body]:
    """The same 835 bodies every time."""
    chance = random.Random(835)
    every = [
        (country, place, subject, shape)
        for country, places in PLACES.items()
        for place, subject, shape in product(places, SUBJECTS, SHAPES)
    ]
    chosen = chance.sample(every, BODIES)
    bodies = []
    for number, (country, place, subject, shape) in enumerate(chosen, start=1):
        name = shape.format(place=place[0], subject=subject[0])
        capitals = "".join(word[0] for word in name.replace(",", "").split() if word[0].isupper())
        native = f"{place[1]}{subject[1]}" if country in ("CN", "TW", "HK") else f"{place[1]} ({subject[0]})"
        aliases = [native, f"{capitals}{number:03d}"]
        if chance.random() < 0.4:
            aliases.append(f"{place[0]} {subject[0].split()[0]} Works No. {number}")
        bodies.append(Body(number, country, name, tuple(aliases), chance.choice(CATEGORIES)))
    return bodies


def _typo(name: str, chance: random.Random) -> str:
    """One letter of a long word left out, doubled, swapped with the next or misread."""
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) >= 6]
    if not long:
        return name
    at = chance.choice(long)
    word = words[at]
    spot = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        word = word[:spot] + word[spot + 1 :]
    elif kind == 1:
        word = word[:spot] + word[spot] + word[spot:]
    elif kind == 2:
        word = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
    else:
        word = word[:spot] + {"i": "l", "l": "1", "o": "0", "e": "c", "n": "m"}.get(word[spot], "x") + word[spot + 1 :]
    words[at] = word
    return " ".join(words)


SHORTER = {
    "University": "Univ.",
    "Institute": "Inst.",
    "Research": "Res.",
    "Industries": "Ind.",
    "Center": "Ctr",
    "Corporation": "Corp.",
    "Organization": "Org.",
    "Engineering": "Eng.",
    "Co., Ltd.": "Company Limited",
}


def _shorten(name: str) -> str:
    for word, short in SHORTER.items():
        name = name.replace(word, short)
    return name


def _turned(name: str) -> str:
    """`X University of Y` → `University of Y, X`: the place behind."""
    first, _blank, rest = name.partition(" ")
    return f"{rest} of {first}" if " of " not in rest else f"{rest}, {first}"


WAYS: list[Callable[[str, random.Random], str]] = [
    lambda name, chance: name.upper(),
    lambda name, chance: name.lower(),
    lambda name, chance: name.replace(",", "").replace(".", ""),
    lambda name, chance: name.replace(" ", "  "),
    lambda name, chance: "The " + name,
    lambda name, chance: name.replace(" of ", " for "),
    lambda name, chance: _shorten(name),
    lambda name, chance: _shorten(name).upper(),
    lambda name, chance: _turned(name),
    lambda name, chance: name.replace(" ", "-"),
    lambda name, chance: name.replace(" ", ""),
    lambda name, chance: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "　" for c in name),
    _typo,
    _typo,
    _typo,
    lambda name, chance: _typo(_shorten(name), chance),
    lambda name, chance: _typo(name.upper(), chance),
    lambda name, chance: name.replace("a", "á", 1).replace("o", "ö", 1),
    lambda name, chance: f"{name} (School of Graduate Studies)",
    lambda name, chance: f"Dept. of Science, {name}",
]


def spellings(name: str, seed: int) -> Iterator[str]:
    """Twenty ways in which a name gets written."""
    chance = random.Random(seed)
    for way in WAYS:
        yield way(name, chance)
