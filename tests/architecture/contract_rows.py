"""Rows 10-45 of the authorization contract, word for word, and where the program differs from them on purpose.

Columns: AN a stranger, IV an invitee with a link, HE and HA editor and approver of the plan's host, PH its partner,
HB an approver of another host, RV an expert who reads the plan, RC one in conflict with it, then JST: CO coordinator,
DE decision-maker, SC screening officer, AD administrator, AU auditor; AL an alumnus. The contract has no column for RC
because every cell of it is «–». Every other cell is a yes: to one's own, masked, stepped up, with a second person.
"""

from collections.abc import Mapping
from dataclasses import dataclass

COLUMNS = ("AN", "IV", "HE", "HA", "PH", "HB", "RV", "CO", "DE", "SC", "AD", "AU", "AL")
NO = "–"
TABLE = """
| 10 | Application · create · call open | – | – | Y | Y | – | o* | – | – | – | – | – | – | – |
| 11 | Application · read · draft | – | – | o | o | m | – | – | – | – | – | – | – | – |
| 12 | Application · edit · draft, before deadline | – | – | o | o | own part | – | – | – | – | – | – | – | – |
| 13 | Application · edit · submitted or later | – | – | – | – | – | – | – | – | – | – | – | – | – |
| 14 | Application · submit · draft, before deadline | – | – | – | o | – | – | – | – | – | – | – | – | – |
| 15 | Application · submit · after deadline | – | – | – | – | – | – | – | – | – | – | – | – | – |
| 16 | Application · withdraw · submitted…decision pending | – | – | – | o | – | – | – | – | – | – | – | – | – |
| 17 | Application · read · submitted…closed | – | – | o | o | own plan | – | m | Y | Y | Y | – | m | – |
| 18 | Application · return for correction · before review | – | – | – | – | – | – | – | Y | – | – | – | – | – |
| 19 | Application · edit flagged fields · returned | – | – | o | o | own part | – | – | – | – | – | – | – | – |
| 20 | Attachment · add/replace · editable states | – | – | o | o | own part | – | – | – | – | – | – | – | – |
| 21 | Attachment · download · scanned clean, submitted+ | – | – | o | o | own part | – | Y | Y | Y | Y | – | – | – |
| 22 | Attachment · download · pending/failed scan | – | – | – | – | – | – | – | – | – | – | – | – | – |
| 23 | Application list/search/count/autocomplete · in own scope | – | – | o | o | own plan | o* | Y | Y | Y | Y | – | m | – |
| 24 | Application · export CSV/XLSX · submitted+ | – | – | o | o | – | – | – | s | s | – | – | – | – |
| 25 | Application · move to another institution | – | – | – | – | – | – | – | 4 | – | – | – | – | – |
| 26 | Review · assign reviewer (COI blocks) | – | – | – | – | – | – | – | Y | – | – | – | – | – |
| 27 | COI · declare | – | – | – | – | – | – | o | Y | – | – | – | – | – |
| 28 | COI · override | – | – | – | – | – | – | – | – | – | – | – | – | – |
| 29 | Review · write/edit own · review open | – | – | – | – | – | – | o | – | – | – | – | – | – |
| 30 | Review · edit · review closed | – | – | – | – | – | – | – | – | – | – | – | – | – |
| 31 | Review · read own | – | – | – | – | – | – | o | – | – | – | – | – | – |
| 32 | Review · read others' · before own is submitted | – | – | – | – | – | – | – | Y | Y | – | – | – | – |
| 33 | Review · read others' · panel phase, own submitted | – | – | – | – | – | – | m | Y | Y | – | – | m | – |
| 34 | Review · reviewer identity | – | – | – | – | – | – | own | Y | Y | – | – | – | – |
| 35 | Review · scores, ranking · before publication | – | – | – | – | – | – | – | Y | Y | – | – | – | – |
| 36 | Feedback to applicant · decided and published | – | – | o | o | – | – | – | Y | Y | – | – | – | – |
| 37 | Decision · propose · review closed | – | – | – | – | – | – | – | Y | – | – | – | – | – |
| 38 | Decision · approve · proposed by someone else | – | – | – | – | – | – | – | – | 4 | – | – | – | – |
| 39 | Decision · change · published | – | – | – | – | – | – | – | – | 4+s | – | – | – | – |
| 40 | Decision · read · before publication | – | – | – | – | – | – | – | Y | Y | – | – | – | – |
| 41 | Decision · publish + notify · approved | – | – | – | – | – | – | – | – | Y | – | – | – | – |
| 42 | Screening · notes read/write | – | – | – | – | – | – | – | – | – | Y | – | – | – |
| 43 | Screening · result (clear/conditions/hold) read | – | – | – | – | – | – | – | Y | Y | Y | – | Y | – |
| 44 | Screening · lift a hold | – | – | – | – | – | – | – | – | 4 | 4 | – | – | – |
| 45 | Foreign User List · import edition | – | – | – | – | – | – | – | – | – | Y | – | – | – |
"""  # noqa: E501 -- word for word

#: Cells that differ, with the reason: what stands here holds.
DIFFERS: Mapping[tuple[int, str], tuple[str, str]] = {
    (33, "AU"): (NO, "Auditors read the log of who did what, not what experts wrote: stricter than the contract."),
}
#: Cells that hold in another way than by the plan's own page.
BY_ANOTHER_WAY: Mapping[tuple[int, str], str] = {
    (11, "PH"): "A partner reads its own part behind its link, without account: masked is whatever is not its part.",
    (
        17,
        "RV",
    ): "An expert reads a plan through the assignment, never by its own address: what is masked is not there.",
    (21, "RV"): "The same for files.",
    (23, "RV"): "The list of an expert is the list of the own assignments.",
    (34, "RV"): "Of all experts one knows oneself; the others are numbers.",
}


@dataclass(frozen=True)
class Row:
    """One row: its number, the action and its state in words, the cell of each column as it holds."""

    number: int
    action: str
    cells: Mapping[str, str]

    def allows(self, column: str) -> bool:
        """Whether somebody of that column may do it, in whichever way."""
        return self.cells[column] != NO


def rows() -> dict[int, Row]:
    """The rows by number, with what differs on purpose."""
    found = {}
    for line in TABLE.strip().splitlines():
        first, action, *cells = (part.strip() for part in line.strip().strip("|").split(" | "))
        number = int(first)
        said = dict(zip(COLUMNS, (cell.strip(" |") for cell in cells), strict=True))
        said |= {column: cell for (row, column), (cell, _why) in DIFFERS.items() if row == number}
        # o*: another host's user may do it for the own institution, never for the one asked about here.
        said = {column: NO if cell == "o*" else cell for column, cell in said.items()} | {"RC": NO}
        found[number] = Row(number, action, said)
    return found
