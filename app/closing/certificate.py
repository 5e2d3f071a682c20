"""The certificate as a paper, and the question whether a name is the one on it."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Literal

from flask_babel import force_locale
from flask_babel import gettext as _

from app.closing.models import Certificate
from app.core import clock, search
from app.documents import papers
from app.documents.shapes import CertificateDocument, CertificateText, PersonName
from app.invitees.models import Invitee

Language = Literal["ja", "en"]
LinkTo = Callable[[str], str]  # code → absolute address of the page that verifies it


def pdf(certificate: Certificate, *, language: Language, link_to: LinkTo) -> bytes:
    """The certificate as PDF, the same bytes whenever it is asked for. Raises: DocumentFailed."""
    part = certificate.participation
    visit, invitee = part.visit, part.invitee
    assert visit.starts_on is not None
    assert visit.ends_on is not None
    document: CertificateDocument = {
        "number": certificate.number,
        "name": _name(invitee),
        "ja": _text(certificate, "ja"),
        "en": _text(certificate, "en"),
        "entry": visit.starts_on,
        "exit": visit.ends_on,
        "issued": clock.in_tokyo(certificate.issued_at).date(),
        "verification_url": link_to(certificate.code),
    }
    return papers.certificate(document, language=language, at=certificate.issued_at)


def _name(invitee: Invitee) -> PersonName:
    return {
        "surname": invitee.surname,
        "given": invitee.given_names,
        "native": invitee.native_name,
        "katakana": invitee.katakana,
        "native_language": papers.native_language(invitee.nationality),
    }


def _text(certificate: Certificate, language: Language) -> CertificateText:
    part = certificate.participation
    visit = part.visit
    with force_locale(language):
        return {
            "host": visit.host_institution.name,
            "affiliation": part.affiliation,
            "course": visit.course.name,
            "theme": visit.theme,
            "signatory": _("Japan Science and Technology Agency"),
            "signatory_title": _("Sakura Science Exchange Program"),
        }


def bundle(certificates: Iterable[Certificate], *, language: Language, link_to: LinkTo) -> bytes:
    """All these certificates as a ZIP file, one PDF each, named by number: no personal name in a file name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for certificate in certificates:
            entry = zipfile.ZipInfo(f"{certificate.number}.pdf", clock.in_tokyo(certificate.issued_at).timetuple()[:6])
            archive.writestr(entry, pdf(certificate, language=language, link_to=link_to))
    return written.getvalue()


def is_holder(certificate: Certificate, typed: str) -> bool:
    """Whether a typed name is the one on the certificate: all its words, in any order, case, width and accents apart.

    The name in the person's own script counts too. A part of a name does not: nobody learns a name by guessing words.
    """
    asked = _words(typed)
    invitee = certificate.participation.invitee
    return bool(asked) and asked in (
        _words(f"{invitee.surname} {invitee.given_names}"),
        _words(invitee.native_name),
    )


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(search.fold(name).split()))
