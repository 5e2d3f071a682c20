"""What passports print (ICAO Doc 9303)."""

from app.invitees import passport


def test_check_digits_of_the_specimen_passport():
    """Doc 9303, part 4, appendix A: specimen of Utopia."""
    assert passport.check_digit("L898902C3") == 6
    assert passport.check_digit("740812") == 2
    assert passport.check_digit("120415") == 9
    assert passport.check_digit("ZE184226B<<<<<") == 1


def test_name_field_of_the_machine_readable_zone():
    assert passport.mrz_name("ERIKSSON", "ANNA MARIA") == "ERIKSSON<<ANNA<MARIA".ljust(39, "<")
    assert passport.mrz_name("O'CONNOR", "ENYA SIOBHAN").startswith("OCONNOR<<ENYA<SIOBHAN<")
    assert passport.mrz_name("SMITH-JONES", "SUSIE").startswith("SMITH<JONES<<SUSIE<")


def test_one_name_is_the_primary_identifier():
    assert passport.mrz_name("", "SUHARTINI") == "SUHARTINI".ljust(39, "<")


def test_names_hold_only_what_is_printed():
    assert all(map(passport.is_name, ["LI", "O'BRIEN", "ANNE-MARIE", "DE LA CRUZ", "X"]))
    assert not any(map(passport.is_name, ["", "-", "Li", "LI ", "LI2", "李", "=A", "A" * 151]))


def test_numbers_are_normalised():
    assert passport.normal_number(" ej-３３４４ ") == "EJ3344"
    assert passport.is_number("PA1204587") and not passport.is_number("PASSPORT")
    assert passport.fits_machine_readable_zone("A07788991") and not passport.fits_machine_readable_zone("A077889911")
