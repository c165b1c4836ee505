"""The guard: reads every text of every writer and releases it only if every claim in it is supported.

`rules` is the table of all grounds for refusal, `checking` the order of the checks, `conduct` the small model beside
them. A claim is any figure, date, length of time, name, address, promise or offer; it is held against the decision
record and the fact sheet in every form a writer may use, in seven languages. What the guard cannot read it refuses.
"""

from bot.generation.guard.checking import check, check_approved
from bot.generation.guard.contract import check_json, mandatory_parts
from bot.generation.guard.report import Finding, GuardReport

__all__ = ["Finding", "GuardReport", "check", "check_approved", "check_json", "mandatory_parts"]
