"""The plain facts of an exchange plan: everything the rules look at, free of database, request and language."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock


@dataclass(frozen=True, slots=True)
class FormsFacts:
    """The export-control forms of one body: which are filled in, and the last day each is good for (None: no end)."""

    system: bool | None = None  # whether it has a system of its own for export control
    report: bool = False  # form 1
    report_until: date | None = None
    pledge: bool = False  # form 2; needed where no system exists
    pledge_until: date | None = None
    same_person: bool = True  # both name the same person responsible


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """A sending organization as named in the plan."""

    name: str = ""
    country: str = ""  # ISO 3166-1 alpha-2
    contact_name: str = ""
    contact_email: str = ""
    prior_notification: str = ""  # number of the sending side's notification (China)
    forms: FormsFacts = FormsFacts()


@dataclass(frozen=True, slots=True)
class PeopleFacts:
    """People of one kind; one person once names are known (then with a date of birth)."""

    category: str = ""  # as `invitees.models.Category`
    is_supervisor: bool = False
    number: int = 1
    first_visit: bool = True
    partner: int | None = None  # index in `PlanFacts.partners`; None: not said
    born: date | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """Something planned on a day; day 1 is the day of entry."""

    day: int
    kind: str  # as `applications.models.ActivityKind`


@dataclass(frozen=True, slots=True)
class CostFacts:
    """An amount in whole yen."""

    kind: str  # as `applications.models.BudgetKind`
    amount: int


@dataclass(frozen=True, slots=True)
class CeilingFacts:
    """An amount in whole yen that has a ceiling by the guide rates of the year: a unit price, or a kind of costs."""

    kind: str  # as `applications.models.BudgetKind`
    amount: int
    ceiling: int
    quantity: int = 1  # how many times the amount is paid
    what: str = ""  # what the line is for, in the applicant's words
    rate_ja: str = ""
    rate_en: str = ""
    unit: str = ""  # as `rate_models.Unit`; "": the kind as a whole
    percent: int = 0  # of the untaxed costs; 0: what people and days allow

    @property
    def excess(self) -> int:
        """What it costs more in all than it may."""
        return max(self.amount - self.ceiling, 0) * self.quantity


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan at an instant. Whatever is not known yet keeps its default; a check then answers "cannot be told yet"."""

    at: datetime | None = None  # the instant to judge: of the submission, or now
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    notice_on: date | None = None  # when the round tells its results
    visits_from: date | None = None
    visits_until: date | None = None
    host_kind: str = ""  # as `directory.models.InstitutionKind`
    starts_on: date | None = None  # day of entry
    ends_on: date | None = None  # day of exit
    airport_distance_km: int | None = None  # from the international airport of arrival to the host
    partners: tuple[PartnerFacts, ...] = ()
    people: tuple[PeopleFacts, ...] = ()
    itinerary: tuple[ActivityFacts, ...] = ()
    costs: tuple[CostFacts, ...] = ()
    ceilings: tuple[CeilingFacts, ...] = ()  # kept or not
    principal_name: str = ""
    principal_email: str = ""
    administrative_name: str = ""
    administrative_email: str = ""
    administrative_phone: str = ""
    online_if_impossible: bool = False
    export_control_system: bool | None = None  # whether the host has a system of its own for export control
    export_control_report: bool = False  # form 1 is filled in
    export_control_report_until: date | None = None  # its last day; None: no end
    export_control_pledge: bool = False  # form 2 is filled in; needed where no system exists
    export_control_pledge_until: date | None = None
    export_control_same_person: bool = True  # both forms name the same person responsible
    residency: str = ""  # as `applications.vocabulary.Residency`; "": not said
    specific_types_said: bool = False  # the self-declaration on the specific types 1 to 3 is complete
    is_specific_type: bool = False  # and says yes to one of them
    affiliations_said: bool = False  # to whom the people who come belong
    is_submitted: bool = False  # JST has the plan, and has not returned it
    results_released: bool = False  # the host knows the result
    names_known: bool = False  # the roster names as many people as the plan

    @property
    def stay_days(self) -> int | None:
        """Days of the stay, entry and exit both counted; None until both are known and in order."""
        if self.starts_on is None or self.ends_on is None or self.ends_on < self.starts_on:
            return None
        return clock.stay_days(self.starts_on, self.ends_on)

    @property
    def host_forms(self) -> FormsFacts:
        """The export-control forms of the host."""
        return FormsFacts(
            self.export_control_system,
            self.export_control_report,
            self.export_control_report_until,
            self.export_control_pledge,
            self.export_control_pledge_until,
            self.export_control_same_person,
        )

    @property
    def head_count(self) -> int:
        """Invitees and supervisors together."""
        return sum(group.number for group in self.people)

    @property
    def organizations(self) -> int:
        """Sending organizations people come from: the partners named with people, or all partners where none is."""
        named = {group.partner for group in self.people if group.partner is not None}
        return len(named) or len(self.partners)

    @property
    def invitees(self) -> tuple[PeopleFacts, ...]:
        return tuple(group for group in self.people if not group.is_supervisor)

    @property
    def supervisors(self) -> tuple[PeopleFacts, ...]:
        return tuple(group for group in self.people if group.is_supervisor)
