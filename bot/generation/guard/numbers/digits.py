"""Numbers written in digits, with the grouping and decimal marks of seven languages."""

import re
from decimal import Decimal

_GROUPS = re.compile(r"[ \u00a0\u202f\u2009'’]")


def readings(raw: str) -> tuple[Decimal, ...]:
    """Every value a string of digits may stand for: `1.234` is 1.234 in London and 1234 in Berlin."""
    digits = _GROUPS.sub("", raw)
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return (Decimal(digits),)
    if len(set(marks)) == 2:
        decimal_mark = marks[-1]
        group_mark = "," if decimal_mark == "." else "."
        if marks.count(decimal_mark) > 1:
            return ()
        return (Decimal(digits.replace(group_mark, "").replace(decimal_mark, ".")),)
    mark = marks[0]
    if len(marks) > 1:
        return (Decimal(digits.replace(mark, "")),) if _grouped(digits, mark) else ()
    as_decimal = Decimal(digits.replace(mark, "."))
    if _grouped(digits, mark):
        return (as_decimal, Decimal(digits.replace(mark, "")))
    return (as_decimal,)


def _grouped(digits: str, mark: str) -> bool:
    head, *groups = digits.split(mark)
    return 1 <= len(head) <= 3 and head != "0" and all(len(group) == 3 for group in groups)
