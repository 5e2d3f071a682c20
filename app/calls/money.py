"""Arithmetic on amounts: whole yen, rounded in one place."""


def share(amount: int, percent: int) -> int:
    """A percentage of an amount in whole yen; what is less than a yen is dropped.

    Source: 国等の債権債務等の金額の端数計算に関する法律 (Act No. 61 of 1950), article 2, by which public bodies drop
    fractions of a yen; that the programme's accounts follow it is for JST to confirm. Never above the exact percentage.
    """
    return amount * percent // 100
