"""Papers as a real visit would fill them: one party of fourteen scripts, long names, people with one name."""

from datetime import UTC, date, datetime, timedelta

from app.documents.shapes import (
    CertificateDocument,
    CertificateText,
    LetterDocument,
    Organization,
    Participant,
    ParticipantsDocument,
    PersonName,
    PlanDocument,
    ReceiptDocument,
    ScheduleDay,
    ScheduleDocument,
)

AT = datetime(2026, 7, 2, 3, 4, 5, tzinfo=UTC)
ENTRY = date(2026, 10, 5)

LONG_NAME = PersonName(
    surname="Ravindranathan Thirunavukkarasu Balasubramaniam",
    given="Venkatanarasimharajuvaripeta Muthukumaraswamy Alagappan Chidambaram",
    native="இரவீந்திரநாதன் திருநாவுக்கரசு பாலசுப்பிரமணியம்",
    katakana="ラヴィンドラナータン・ティルナーヴッカラス・バラスブラマニアム",
    native_language="ta",
)

# Surname, given name, own script, language of the script, katakana, nationality.
NAMES = [
    ("Srisuk", "Natthawut", "ณัฐวุฒิ ศรีสุข", "th", "シースック・ナッタウット", "THA"),
    ("Sharma", "Aakash", "आकाश शर्मा", "hi", "シャルマ・アーカーシュ", "IND"),
    ("Al-Masri", "Mohammed Ahmed", "محمد أحمد المصري", "ar", "アル＝マスリー・ムハンマド", "EGY"),
    ("Zhang", "Wei", "张伟", "zh-Hans", "チャン・ウェイ", "CHN"),
    ("Chang", "Chia-Hao", "張家豪", "zh-Hant", "チャン・ジャーハオ", "TWN"),
    ("Kim", "Minsu", "김민수", "ko", "キム・ミンス", "KOR"),
    ("Nguyễn", "Thị Ánh Nguyệt", "Nguyễn Thị Ánh Nguyệt", "vi", "グエン・ティ・アイン・グエット", "VNM"),
    ("Токтогулова", "Айгүл", "Токтогулова Айгүл", "ky", "トクトグロワ・アイグル", "KGZ"),
    ("Rahman", "Mohammad Mizanur", "মোহাম্মদ মিজানুর রহমান", "bn", "ラフマン・モハンマド", "BGD"),
    ("Perera", "Nimal", "නිමල් පෙරේරා", "si", "ペレーラ・ニマル", "LKA"),
    ("Murugan", "Selvi", "செல்வி முருகன்", "ta", "ムルガン・セルヴィ", "IND"),
    ("Sok", "Sophea", "សុខ សុភា", "km", "ソック・ソピア", "KHM"),
    ("Phommachanh", "Somsak", "ສົມສັກ ພົມມະຈັນ", "lo", "ポンマチャン・ソムサック", "LAO"),
    ("", "Mg Mg Aye", "မောင်မောင်အေး", "my", "マウンマウンエー", "MMR"),
    ("Бат-Эрдэнэ", "Түвшинбаяр", "Бат-Эрдэнэ Түвшинбаяр", "mn", "バトエルデネ・トゥブシンバヤル", "MNG"),
    ("Tamang", "Phurba", "फुर्बा तामाङ", "ne", "タマン・プルバ", "NPL"),
    ("", "Suharto", "", "id", "スハルト", "IDN"),
]


def name_of(index: int) -> PersonName:
    surname, given, native, language, katakana, _ = NAMES[index]
    return PersonName(surname=surname, given=given, native=native, native_language=language, katakana=katakana)


def host(language: str) -> Organization:
    names = ("京都大学", "Kyoto University")
    own, other = names if language == "ja" else names[::-1]
    return Organization(name=own, other=other, place="京都府" if language == "ja" else "Kyoto")


def plan(language: str) -> PlanDocument:
    ja = language == "ja"
    return {
        "reference": "SSP-2026-A-0123",
        "receipt_number": "R-2026-1-000123",
        "submitted_at": datetime(2026, 4, 21, 7, 58, 31, tzinfo=UTC),
        "call": "2026年度 第1回" if ja else "FY2026, round 1",
        "course": "A 科学技術体験コース" if ja else "A Science and technology experience",
        "theme": "水と暮らし：流域の水環境を測り、守る技術を学ぶ"
        if ja
        else "Water and life: measuring and protecting a river basin",
        "fields": ["環境工学", "水文学"] if ja else ["Environmental engineering", "Hydrology"],
        "host": host(language),
        "contacts": [
            {
                "role": "実施主担当者" if ja else "Person in charge of the exchange",
                "name": "山﨑 花子" if ja else "Hanako Yamazaki",
                "department": "大学院工学研究科 教授" if ja else "Professor, Graduate School of Engineering",
                "email": "yamazaki.hanako.environmental.engineering@example.ac.jp",
                "phone": "075-000-0000",
            },
            {
                "role": "事務担当者" if ja else "Administrative contact",
                "name": "𠮷野 髙志" if ja else "Takashi Yoshino",
                "email": "kokusai@example.ac.jp",
            },
        ],
        "entry": ENTRY,
        "exit": ENTRY + timedelta(days=6),
        "purpose": (
            "タイとベトナムの大学生を招へいし、琵琶湖・淀川流域を教材として水質の測定、解析、対策技術を体験する。\n"
            "最終日には混成チームで自国の河川についての提案をまとめ、帰国後もオンラインで続ける。"
            if ja
            else "Students from Thailand and Viet Nam measure the water of Lake Biwa and the Yodo.\n"
            "On the last day mixed teams draw up proposals for their own rivers and continue online after the return."
        ),
        "partners": [
            {
                "organization": {
                    "name": "チュラロンコン大学" if ja else "Chulalongkorn University",
                    "other": "จุฬาลงกรณ์มหาวิทยาลัย",
                    "place": "タイ" if ja else "Thailand",
                },
                "contact": "Dr. Somchai Jaidee",
                "email": "somchai@example.ac.th",
                "people": 5,
            },
            {
                "organization": {
                    "name": "ハノイ工科大学" if ja else "Hanoi University of Science and Technology",
                    "other": "Đại học Bách khoa Hà Nội",
                    "place": "ベトナム" if ja else "Viet Nam",
                },
                "people": 3,
            },
        ],
        "days": [
            {
                "number": number,
                "day": ENTRY + timedelta(days=number - 1),
                "contents": "特別講義「流域の水循環」\n実験室見学と学生との交流会"
                if ja
                else "Special lecture “The water cycle of a basin”\nLaboratories and meeting with students",
                "place": "吉田キャンパス" if ja else "Yoshida campus",
                "special": ("2時間" if ja else "2 hours") if number in (2, 3, 4) else "",
            }
            for number in range(1, 8)
        ],
        "people": [
            {
                "partner": "Chulalongkorn University",
                "category": "大学生" if ja else "Undergraduate",
                "role": "招へい者" if ja else "Invitee",
                "count": 4,
            },
            {
                "partner": "Chulalongkorn University",
                "category": "教員" if ja else "Faculty",
                "role": "引率者" if ja else "Supervisor",
                "count": 1,
            },
            {
                "partner": "Hanoi University of Science and Technology",
                "category": "大学院生" if ja else "Graduate",
                "role": "招へい者" if ja else "Invitee",
                "count": 3,
            },
        ],
        "budget": [
            {
                "category": "I 国際渡航費" if ja else "I International travel",
                "item": "航空券" if ja else "Air fare",
                "basis": "8 × 98,000",
                "amount": 784000,
            },
            {
                "category": "II 国内旅費" if ja else "II Domestic travel",
                "item": "宿泊費" if ja else "Lodging",
                "basis": "8 × 6 × 9,000",
                "amount": 432000,
            },
            {
                "category": "III 実施経費" if ja else "III Program",
                "item": "貸切バス" if ja else "Chartered bus",
                "basis": "2 × 88,000",
                "amount": 176000,
            },
            {
                "category": "II 国内旅費" if ja else "II Domestic travel",
                "item": "日当" if ja else "Daily allowance",
                "basis": "8 × 7 × 3,000",
                "amount": 168000,
            },
        ],
        "safety": [
            {
                "question": "緊急時の連絡体制を定めていますか。"
                if ja
                else "Is there a chain of contact for emergencies?",
                "answer": "はい。24時間対応の携帯電話を主担当者が携行する。"
                if ja
                else "Yes. The person in charge carries a telephone day and night.",
            }
        ],
        "export_control": [
            {
                "question": "提供する技術は規制の対象ですか。" if ja else "Is any technology shown under control?",
                "answer": "いいえ" if ja else "No",
            }
        ],
        "results": "共同研究の開始と、翌年度の相互派遣。"
        if ja
        else "Start of joint research, and mutual visits in the next year.",
        "verdicts": [
            {
                "outcome": "holds",
                "sentence": "滞在は7日以内です。" if ja else "The stay is at most 7 days.",
                "clause": "FY2026 2.1",
            },
            {
                "outcome": "fails",
                "sentence": "オンライン代替の記載がありません。"
                if ja
                else "The promise of an online replacement is missing.",
                "clause": "FY2026 3.4 (2)",
            },
            {
                "outcome": "open",
                "sentence": "年齢は名簿の確定後に判定します。" if ja else "Ages can be told once the people are named.",
                "clause": "FY2026 2.2",
            },
        ],
    }


def schedule(language: str, days: int = 7) -> ScheduleDocument:
    ja = language == "ja"
    return {
        "reference": "V-2026-0042",
        "theme": "水と暮らし" if ja else "Water and life",
        "course": "A 科学技術体験コース" if ja else "A Science and technology experience",
        "host": host(language),
        "partners": [
            {"name": "チュラロンコン大学" if ja else "Chulalongkorn University", "other": "จุฬาลงกรณ์มหาวิทยาลัย"}
        ],
        "representative": name_of(0),
        "party": 8,
        "entry": ENTRY,
        "entry_place": "関西国際空港（TG622）" if ja else "Kansai International Airport (TG622)",
        "exit": ENTRY + timedelta(days=days - 1),
        "exit_place": "関西国際空港（TG673）" if ja else "Kansai International Airport (TG673)",
        "contacts": [
            {
                "role": "実施主担当者" if ja else "Person in charge",
                "name": "山﨑 花子" if ja else "Hanako Yamazaki",
                "phone": "075-000-0000",
            }
        ],
        "days": [_day(ja, number) for number in range(days)],
    }


def _day(ja: bool, number: int) -> ScheduleDay:
    return {
        "day": ENTRY + timedelta(days=number),
        "items": []
        if number == 5
        else [
            {
                "time": "09:30–12:00",
                "what": "特別講義「流域の水循環」" if ja else "Special lecture “The water cycle of a basin”",
                "where": "桂キャンパス C1棟" if ja else "Katsura campus, building C1",
                "leader": "山﨑 花子 教授" if ja else "Prof. Hanako Yamazaki",
                "contact": "075-000-0000",
            },
            {
                "time": "13:30–17:00",
                "what": "琵琶湖での採水実習（雨天時は実験室で分析）"
                if ja
                else "Sampling on Lake Biwa (analysis in the laboratory when it rains)",
                "where": "大津市" if ja else "Otsu",
            },
        ],
        "lodging": "京都国際交流会館" if ja else "Kyoto International House",
        "lodging_contact": "075-111-1111",
    }


def participants(language: str, people: int = 40) -> ParticipantsDocument:
    ja = language == "ja"
    return {
        "reference": "V-2026-0042",
        "theme": "水と暮らし" if ja else "Water and life",
        "course": "A 科学技術体験コース" if ja else "A Science and technology experience",
        "host": host(language),
        "entry": ENTRY,
        "exit": ENTRY + timedelta(days=6),
        "people": [_person(ja, index) for index in range(people)],
    }


def _person(ja: bool, index: int) -> Participant:
    person: Participant = {
        "name": LONG_NAME if index == 17 else name_of(index % len(NAMES)),
        "sex": ("女" if ja else "F") if index % 2 else ("男" if ja else "M"),
        "born": date(2004, 2, 29) + timedelta(days=31 * index),
        "nationality": NAMES[index % len(NAMES)][5],
        "affiliation": "チュラロンコン大学 理学部" if ja else "Faculty of Science, Chulalongkorn University",
        "category": "大学生" if ja else "Undergraduate",
        "role": "招へい者" if ja else "Invitee",
    }
    if index % 3 == 0:
        person["passport_number"] = f"AA{1000000 + index}"
    return person


def certificate(language: str, name: PersonName | None = None) -> CertificateDocument:
    return {
        "number": "C-2026-000815",
        "name": name or name_of(0),
        "ja": CertificateText(
            host="京都大学",
            affiliation="チュラロンコン大学",
            course="科学技術体験コース",
            theme="水と暮らし：流域の水環境を測り、守る技術を学ぶ",
            signatory="山田 太郎",
            signatory_title="国立研究開発法人科学技術振興機構 さくらサイエンスプログラム推進本部長",
        ),
        "en": CertificateText(
            host="Kyoto University",
            affiliation="Chulalongkorn University",
            course="Science and technology experience",
            theme="Water and life: measuring and protecting a river basin",
            signatory="Taro Yamada",
            signatory_title="Director, Sakura Science Program, Japan Science and Technology Agency",
        ),
        "entry": ENTRY,
        "exit": ENTRY + timedelta(days=6),
        "issued": ENTRY + timedelta(days=6),
        "verification_url": "https://sakura.example.jp/certificates/9fK2mQ7xTz",
    }


def receipt(language: str) -> ReceiptDocument:
    ja = language == "ja"
    return {
        "number": "R-2026-1-000123",
        "reference": "SSP-2026-A-0123",
        "host": host(language),
        "theme": "水と暮らし" if ja else "Water and life",
        "course": "A 科学技術体験コース" if ja else "A Science and technology experience",
        "call": "2026年度 第1回" if ja else "FY2026, round 1",
        "submitted_by": "𠮷野 髙志" if ja else "Takashi Yoshino",
        "submitted_at": datetime(2026, 4, 21, 7, 58, 31, tzinfo=UTC),
        "deadline": datetime(2026, 4, 21, 8, 0, 0, tzinfo=UTC),
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }


def letter(language: str) -> LetterDocument:
    ja = language == "ja"
    return {
        "reference": "2026-0123",
        "written": date(2026, 6, 15),
        "host": "京都大学" if ja else "Kyoto University",
        "person": "𠮷野 髙志" if ja else "Takashi Yoshino",
        "subject": "審査結果のお知らせ（2026-0123）" if ja else "Result of the review (2026-0123)",
        "text": "“#{theme}” を採択することといたしました。\n\n【ご連絡】\n後日。\n\n敬具"
        if ja
        else "We adopt “#{theme}”.\n\nYours,",
        "facts": [{"question": "人数" if ja else "People", "answer": "8"}],
        "is_preview": False,
    }
