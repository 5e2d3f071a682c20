"""The words printed in the papers, in the language in force: templates hold none of their own."""

from flask_babel import gettext as _


def common() -> dict[str, str]:
    """Words of every paper."""
    return {
        "program": _("Sakura Science Exchange Program"),
        "draft": _("Draft"),
        "none": _("None"),
        "not_entered": _("Not entered yet"),
        "reference": _("Reference number"),
        "host": _("Host institution"),
        "course": _("Course"),
        "theme": _("Theme"),
        "entry": _("Day of entry"),
        "exit": _("Day of exit"),
        "stay": _("Period of stay"),
        "email": _("E-mail"),
        "phone": _("Telephone"),
        "name": _("Name"),
        "number": _("No."),
    }


def plan() -> dict[str, str]:
    """Words of the exchange plan."""
    return common() | {
        "title": _("Exchange plan"),
        "receipt_number": _("Receipt number"),
        "submitted_at": _("Submitted at"),
        "draft_note": _("Draft: this plan has not been submitted."),
        "call": _("Call"),
        "overview": _("Overview"),
        "fields": _("Field"),
        "contacts": _("Persons in charge"),
        "role": _("Role"),
        "department": _("Department"),
        "purpose": _("Purpose and aims"),
        "partners": _("Sending organizations"),
        "organization": _("Organization"),
        "country": _("Country or region"),
        "contact": _("Contact person"),
        "people_count": _("People"),
        "itinerary": _("Contents by day"),
        "day": _("Day"),
        "date": _("Date"),
        "contents": _("Contents"),
        "place": _("Rank"),
        "special": _("Special lecture or program"),
        "people": _("Participants by sending organization"),
        "category": _("Category"),
        "person_role": _("Role in the group"),
        "total": _("Total"),
        "budget": _("Budget"),
        "cost": _("Item of cost"),
        "basis": _("Basis"),
        "amount": _("Amount (yen)"),
        "subtotal": _("Subtotal"),
        "safety": _("Safety"),
        "export_control": _("Security export control"),
        "results": _("Expected results and continuity"),
        "verdicts": _("Rules of the guidelines"),
        "rule": _("Rule"),
        "clause": _("Clause"),
        "outcome": _("Result"),
        "holds": _("Kept"),
        "fails": _("Not kept"),
        "open": _("Cannot be told yet"),
    }


def schedule(*, others: int) -> dict[str, str]:
    """Words of the schedule of stay; `others` is the number of applicants beside the one named."""
    return common() | {
        "title": _("Schedule of stay"),
        "applicant": _("Visa applicant"),
        "others": _("and %(count)s more", count=others) if others > 0 else "",
        "partners": _("Sending organizations"),
        "contacts": _("Contact in Japan"),
        "days": _("Day by day"),
        "date": _("Date"),
        "time": _("Time"),
        "what": _("Activity"),
        "where": _("Place"),
        "leader": _("Led by"),
        "lodging": _("Lodging"),
        "no_days": _("The days have not been planned yet."),
        "no_items": _("No activity planned"),
    }


def participants(*, count: int) -> dict[str, str]:
    """Words of the participants' list for `count` people."""
    return common() | {
        "title": _("List of invitees"),
        "count": _("%(count)s people", count=count),
        "party": _("Number of people"),
        "passport_name": _("Name as in the passport"),
        "native_name": _("Name in own script and katakana"),
        "sex": _("Sex"),
        "born": _("Date of birth"),
        "nationality": _("Nationality"),
        "affiliation": _("Affiliation"),
        "category": _("Category and role"),
        "passport": _("Passport number"),
        "withheld": _("Passport numbers shown as dots are given only to those who need them for visas and insurance."),
        "no_people": _("Nobody has been entered yet."),
    }


def certificate(*, host: str, course: str, theme: str, entry: str, exit_: str) -> dict[str, str]:
    """Words of the certificate of completion, in one language, around values written in that language."""
    return {
        "program": _("Sakura Science Exchange Program"),
        "title": _("Certificate of Completion"),
        "opening": _("This is to certify that"),
        "closing": _(
            "has completed the exchange “%(theme)s” (%(course)s) at %(host)s from %(entry)s to %(exit)s "
            "under the Sakura Science Exchange Program.",
            theme=theme,
            course=course,
            host=host,
            entry=entry,
            exit=exit_,
        ),
        "number": _("Certificate number"),
        "issued": _("Date of issue"),
        "verify": _("Check this certificate at"),
        "qr": _("QR code with the address at which this certificate can be checked"),
    }


def receipt() -> dict[str, str]:
    """Words of the receipt of submission."""
    return common() | {
        "title": _("Receipt of submission"),
        "statement": _("The exchange plan below was received by the server at the time shown."),
        "number_of_receipt": _("Receipt number"),
        "received": _("Time of receipt"),
        "deadline": _("Deadline"),
        "in_utc": _("Coordinated universal time"),
        "call": _("Call"),
        "submitted_by": _("Submitted by"),
        "signed_off_by": _("Signed off by"),
        "digest": _("SHA-256 of the plan as received"),
        "digest_note": _(
            "Keep this receipt. The digest proves the content: the plan in the system gives the same 64 characters "
            "as long as nothing in it has changed."
        ),
        "files": _("SHA-256 of the files that came with it"),
        "qr": _("QR code with the address at which this receipt can be checked"),
        "signed": _(
            "This receipt is signed electronically. At the address in the QR code anybody can check that it is genuine."
        ),
    }


def export_forms() -> dict[str, str]:
    """Words of the export-control forms 1 and 2."""
    return common() | {
        "title": _("Export-control forms"),
        "form_1": _("Report on Security Export Control"),
        "form_1_number": _("Form 1"),
        "form_2": _("Pledge on Security Export Control"),
        "form_2_number": _("Form 2"),
        "to": _("To the Japan Science and Technology Agency"),
        "given_for": _("Organization"),
        "received_by": _("Host institution in Japan"),
        "responsible": _("Person responsible"),
        "dated_on": _("Date"),
        "valid_until": _("Valid until"),
        "question": _("Question"),
        "answer": _("Answer"),
        "report_intro": _("We report as follows on our security export control for the exchange."),
    }


def letter(host: str, person: str) -> dict[str, str]:
    """Words around the text of a letter to an institution and, if one is named, to the person in charge there."""
    return common() | {
        "title": _("Result of the review"),
        "addressed": _("To %(host)s", host=host),
        "person": _("Dear %(name)s,", name=person) if person else "",
        "agency": _("Japan Science and Technology Agency"),
        "details": _("Details of the plan"),
        "closing": _("Yours sincerely,"),
        "end": _("(end of the letter)"),
        "preview": _("Preview: the result has not been released."),
    }


def board() -> dict[str, str]:
    """Words of the panel's board."""
    return common() | {
        "title": _("Panel's board"),
        "round": _("Round"),
        "name": _("Board"),
        "panels": _("The panel's"),
        "line": _("Budget line"),
        "yen": _("yen"),
        "printed": _("Printed at"),
        "place": _("Rank"),
        "reference": _("Number"),
        "theme": _("Theme"),
        "host": _("Host institution"),
        "course": _("Course"),
        "countries": _("Countries and regions"),
        "people": _("People"),
        "money": _("Money (yen)"),
        "spent": _("Sum so far"),
        "score": _("Score"),
        "spread": _("Spread"),
        "reviews": _("Reviews"),
        "first_time": _("First-time host"),
        "stands": _("Stands"),
        "conditions": _("Conditions"),
        "to_confirm": _("To be confirmed by JST"),
    }
