"""The table of rules: every ground on which the guard refuses a text, and what it tells the writer."""

from dataclasses import dataclass

from bot.generation.guard.report import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """A ground for refusal. `kind` is figures, promises, offers, secrets, names or form; `message` has `{claim}`."""

    name: str
    kind: str
    message: str


_TABLE = (
    # figures: each must be one that the decision record or the fact sheet holds
    Rule("money", "figures", "No record supports the amount “{claim}”."),
    Rule("percent", "figures", "No record supports the share “{claim}”."),
    Rule("duration", "figures", "No record supports the length of time “{claim}”."),
    Rule("date", "figures", "No record supports the date “{claim}”."),
    Rule("deadline", "figures", "“{claim}” is not the day until which the offer is valid."),
    Rule("time", "figures", "No fact supports the time “{claim}”."),
    Rule("count", "figures", "No record supports the number “{claim}”."),
    Rule("swapped", "figures", "“{claim}” is another price of the record than the one it is said to be."),
    Rule("multiple", "figures", "“{claim}” multiplies what was decided."),
    Rule("stacked", "figures", "“{claim}” adds to what was decided."),
    Rule("trend", "figures", "The figures do not bear out “{claim}”."),
    Rule("garbled", "figures", "“{claim}” mixes letters, digits and signs in a way no fact does."),
    # promises: allowed only where the decision grants exactly that
    Rule("guarantee", "promises", "“{claim}” guarantees or binds; no record does."),
    Rule("refund", "promises", "“{claim}” speaks of money paid back; no record grants that."),
    Rule("compensation", "promises", "“{claim}” speaks of compensation; no record grants that."),
    Rule("credit", "promises", "“{claim}” speaks of a credit; no record grants that."),
    Rule("waive", "promises", "“{claim}” gives up money that is owed; no record grants that."),
    Rule("forever", "promises", "“{claim}” has no end; the record does not say so."),
    Rule("each_time", "promises", "“{claim}” repeats what was decided once."),
    Rule("included", "promises", "“{claim}” says that something is included; no fact says so."),
    Rule("service_promise", "promises", "“{claim}” promises how the service will be; no record does."),
    Rule("hedged", "figures", "“{claim}” leaves open how much it is; the record does not."),
    Rule("midnight", "figures", "No record supports the hour “{claim}”."),
    Rule("keeps", "promises", "“{claim}” is not among what the customer keeps."),
    Rule("scope", "promises", "“{claim}” covers more than was decided."),
    Rule("unlimited", "promises", "“{claim}” sets no limit; no record says so."),
    Rule("price_lock", "promises", "“{claim}” promises a future price or compares prices; no record does."),
    Rule("no_fees", "promises", "“{claim}” says that nothing else is charged; no record says so."),
    Rule("cancel_any_time", "promises", "“{claim}” says how the contract may be ended; no fact says so."),
    Rule("commitment", "promises", "“{claim}” commits the company to something; no record does."),
    Rule("obligation", "promises", "“{claim}” binds the customer; no record does."),
    Rule("conditions_denied", "promises", "“{claim}” denies conditions that the record holds."),
    Rule("contract_denied", "promises", "“{claim}” says something of the contract that no record does."),
    Rule("action_done", "promises", "“{claim}” says that something has been done; no record says so."),
    Rule("call_promise", "promises", "“{claim}” promises a call or a visit that was not decided."),
    # offers: another kind than was decided
    Rule("free", "offers", "“{claim}” gives something free of charge; that was not decided."),
    Rule("discount", "offers", "“{claim}” speaks of a lower price; that was not decided."),
    Rule("gift", "offers", "“{claim}” speaks of a gift or bonus; that was not decided."),
    Rule("code", "offers", "“{claim}” names a code; no record holds one."),
    Rule("special", "offers", "“{claim}” speaks of an offer; none was decided."),
    Rule("pause", "offers", "“{claim}” speaks of a pause; that was not decided."),
    Rule("plan", "offers", "“{claim}” speaks of another plan; that was not decided."),
    Rule("trial", "offers", "“{claim}” speaks of a trial or an extension; that was not decided."),
    # secrets and conduct
    Rule("internal", "secrets", "“{claim}” is internal and not for customers."),
    Rule("prompt_leak", "secrets", "“{claim}” gives away or follows instructions to the writer."),
    Rule("bot_denial", "secrets", "“{claim}” denies that a machine writes."),
    Rule("disparage", "secrets", "“{claim}” speaks ill of others."),
    Rule("advice", "secrets", "“{claim}” is legal, medical, tax or money advice."),
    Rule("threat", "secrets", "“{claim}” presses or threatens."),
    Rule("discrimination", "secrets", "“{claim}” offends."),
    Rule("credentials", "secrets", "“{claim}” asks for or shows secret data."),
    Rule("privacy", "secrets", "“{claim}” speaks of the customer's private life."),
    Rule("other_customer", "secrets", "“{claim}” speaks of another customer."),
    Rule("confirms_customer", "secrets", "“{claim}” confirms what only the customer said."),
    # names
    Rule("wrong_name", "names", "“{claim}” is not this customer's name."),
    Rule("wrong_sender", "names", "“{claim}” is no person or team that the facts name."),
    Rule("unknown_plan", "names", "“{claim}” is no plan that the facts name."),
    Rule("unknown_company", "names", "“{claim}” is a company that the facts do not name."),
    # form
    Rule("unreadable", "form", "“{claim}” is in no language the guard reads."),
    Rule("control_characters", "form", "The text holds control characters."),
    Rule("hidden_characters", "form", "The text holds characters that cannot be seen."),
    Rule("disguised_characters", "form", "“{claim}” is a styled or foreign character in place of a plain one."),
    Rule("spelled_out", "form", "“{claim}” is spelled letter by letter."),
    Rule("markup", "form", "“{claim}” is markup; texts are plain."),
    Rule("encoded", "form", "“{claim}” is encoded."),
    Rule("placeholder", "form", "“{claim}” is a placeholder left unfilled."),
    Rule("role_line", "form", "“{claim}” is a line of a conversation with a model."),
    Rule("header_line", "form", "“{claim}” is a mail header inside the text."),
    Rule("subject_missing", "form", "An e-mail begins with a Subject: line."),
    Rule("reply_spoof", "form", "The subject pretends to answer a message: “{claim}”."),
    Rule("too_long", "form", "The text is longer than its channel allows."),
    Rule("too_short", "form", "The text is too short to say anything."),
    Rule("unknown_link", "form", "“{claim}” is a link or address that the facts do not hold."),
    Rule("unknown_phone", "form", "“{claim}” is a telephone or card number that the facts do not hold."),
    Rule("bank_details", "form", "“{claim}” looks like bank details."),
)
RULES: dict[str, Rule] = {rule.name: rule for rule in _TABLE}
"""Every rule by name."""


def finding(rule: str, text: str, start: int, end: int) -> Finding:
    """A finding of a rule on a span of the text as written."""
    claim = " ".join(text[start:end].split())
    shown = claim if len(claim) <= 60 else claim[:57] + "..."
    clean = "".join(char if char.isprintable() else "\ufffd" for char in shown)
    return Finding(rule, clean, start, end, RULES[rule].message.replace("{claim}", clean))
