"""What each paper needs to be told. Text is already in the document's language; dates, times and amounts are values.

Every text may be empty and every list may be empty: a draft prints too. Dates are days in Tokyo, instants are aware,
amounts are whole yen.
"""

from datetime import date, datetime
from typing import Literal, NotRequired, TypedDict


class PersonName(TypedDict):
    """A name as the passport has it. A person with one name has it in either field and nothing in the other."""

    surname: str
    given: str
    native: NotRequired[str]
    katakana: NotRequired[str]
    # BCP 47, such as th, zh-Hans, zh-Hant, ko, ar: chooses the right form of shared Chinese characters.
    native_language: NotRequired[str]


class Organization(TypedDict):
    """A host institution or sending organization; `other` is its other name, `place` prefecture or country."""

    name: str
    other: NotRequired[str]
    kind: NotRequired[str]
    place: NotRequired[str]


class Contact(TypedDict):
    """A person to reach: `role` in words (person in charge of the exchange, administrative contact, …)."""

    role: str
    name: str
    department: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]


class Partner(TypedDict):
    """A sending organization in the plan with the person there and the number of its people."""

    organization: Organization
    contact: NotRequired[str]
    email: NotRequired[str]
    phone: NotRequired[str]
    description: NotRequired[str]
    pledge: NotRequired[str]
    people: int


class PlanDay(TypedDict):
    """One day of the plan: what happens where; `special` in words when it counts as special lecture or program."""

    number: int
    day: date | None
    contents: str
    place: NotRequired[str]
    special: NotRequired[str]


class PeopleRow(TypedDict):
    """A head count by partner, category and role."""

    partner: str
    category: str
    role: str
    count: int


class BudgetLine(TypedDict):
    """One cost in whole yen; lines of the same category stand together and get a subtotal."""

    category: str
    item: str
    basis: NotRequired[str]
    amount: int


class Answer(TypedDict):
    """A question of the form and what was answered."""

    question: str
    answer: str


class Verdict(TypedDict):
    """A rule of the guidelines and whether the plan keeps it; `open` means it cannot be told yet."""

    outcome: Literal["holds", "fails", "open"]
    sentence: str
    clause: str


class PlanDocument(TypedDict):
    """交流計画書. Without `submitted_at` it prints as a draft."""

    reference: str
    receipt_number: str
    submitted_at: datetime | None
    call: str
    course: str
    theme: str
    fields: list[str]
    host: Organization
    contacts: list[Contact]
    entry: date | None
    exit: date | None
    purpose: str
    partners: list[Partner]
    days: list[PlanDay]
    people: list[PeopleRow]
    budget: list[BudgetLine]
    safety: list[Answer]
    export_control: list[Answer]
    results: str
    verdicts: list[Verdict]


class ScheduleItem(TypedDict):
    """One entry of a day: `time` as printed (09:00–10:30), what, where, who leads it and how to reach that person."""

    time: str
    what: str
    where: NotRequired[str]
    leader: NotRequired[str]
    contact: NotRequired[str]


class ScheduleDay(TypedDict):
    """One day of the stay, with where the party sleeps that night."""

    day: date
    items: list[ScheduleItem]
    lodging: NotRequired[str]
    lodging_contact: NotRequired[str]


class ScheduleDocument(TypedDict):
    """滞在予定表 after the Foreign Ministry's pattern; `representative` is the first applicant, `party` all of them."""

    reference: str
    theme: str
    course: str
    host: Organization
    partners: list[Organization]
    representative: PersonName | None
    party: int
    entry: date | None
    entry_place: NotRequired[str]
    exit: date | None
    exit_place: NotRequired[str]
    contacts: list[Contact]
    days: list[ScheduleDay]


class Participant(TypedDict):
    """One person of the list. Leave the passport out for readers who may not see it: the list then shows dots."""

    name: PersonName
    sex: NotRequired[str]
    born: date | None
    nationality: str
    affiliation: str
    category: str
    role: str
    passport_number: NotRequired[str]


class ParticipantsDocument(TypedDict):
    """招へい者名簿."""

    reference: str
    theme: str
    course: str
    host: Organization
    entry: date | None
    exit: date | None
    people: list[Participant]


class CertificateText(TypedDict):
    """The words of a certificate in one language."""

    host: str
    affiliation: str
    course: str
    theme: str
    signatory: str
    signatory_title: str


class CertificateDocument(TypedDict):
    """修了証, in both languages, the document's own first. `verification_url` is printed and drawn as a QR code."""

    number: str
    name: PersonName
    ja: CertificateText
    en: CertificateText
    entry: date
    exit: date
    issued: date
    verification_url: str


class SealedFile(TypedDict):
    """A file that came with a plan, by its name and its digest (hex)."""

    name: str
    sha256: str


class ReceiptDocument(TypedDict):
    """受付票: what reached the server and when. `sha256` is the digest (hex) of the plan as received."""

    number: str
    reference: str
    host: Organization
    theme: str
    course: str
    call: str
    submitted_by: str
    submitted_at: datetime
    deadline: datetime | None
    sha256: str
    files: NotRequired[list[SealedFile]]  # only where files came with the plan
    signed_off_by: NotRequired[str]  # receipts of earlier versions have none
    verification_url: NotRequired[str]  # of the signed receipt; receipts of earlier versions have none


class LetterDocument(TypedDict):
    """審査結果のお知らせ. `text` as it was sent, paragraphs apart by blank lines; a `is_preview` is marked as one."""

    reference: str
    written: date
    host: str
    person: str
    subject: str
    text: str
    facts: list[Answer]
    is_preview: bool


class ExportForm(TypedDict):
    """Form 1 or 2 of security export control (様式1 対応状況報告書, 様式2 誓約書)."""

    kind: Literal["form_1", "form_2"]
    given_for: str
    host: str  # who receives, where a partner gives the form; otherwise ""
    responsible: str
    answers: list[Answer]
    pledge: str
    dated_on: date
    valid_until: date | None
