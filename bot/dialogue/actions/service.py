"""Actions about the service: account, bill, problems, tickets, calls, pauses and plans."""

from bot.dialogue.actions.base import RetentionAction, Talk
from bot.dialogue.glossary import NOT_ON_ACCOUNT, only_term_in, points_back, term_asked
from db.vocabulary import Json, OfferType


class ShowAccount(RetentionAction):
    """Shows plan, price and dates."""

    action_name = "action_show_account"

    async def execute(self, talk: Talk) -> Json:
        """Only what the store knows of this customer."""
        talk.say("show_account")
        return {}


def told_first(action: RetentionAction, talk: Talk) -> bool:
    """Say the company's own answer to what the customer wrote, where there is one; they ask for a ticket after it."""
    answer = action.desk.knowledge.answer(talk.text)
    if answer is None or talk.slot("asked") == "ticket":
        return False
    talk.say("known_answer", answer=answer)
    if not talk.slot("handed_off"):
        talk.say("ask_ticket_too")
    return True


class AnswerHowTo(RetentionAction):
    """Answers how something is done, from what the company has approved and from nothing else."""

    action_name = "action_answer_how_to"

    async def execute(self, talk: Talk) -> Json:
        """Where no answer is known that is said, and the question can go on record."""
        if not told_first(self, talk):
            talk.say("payment_unseen" if talk.intent == "payment_trouble" else "how_to_unknown")
            if not talk.slot("handed_off"):
                talk.say("ask_ticket")
        return {} if talk.slot("handed_off") else {"pending": "ticket"}


class ExplainBill(RetentionAction):
    """Shows the price and asks what looks wrong."""

    action_name = "action_explain_bill"

    async def execute(self, talk: Talk) -> Json:
        """The answer goes on record, unless the company's own answer is enough."""
        if told_first(self, talk):
            return {"pending": "ticket"}
        talk.say("explain_bill")
        return {"pending": "problem"}


class ReportProblem(RetentionAction):
    """Takes an interest in a problem and asks for what is needed to look into it."""

    action_name = "action_report_problem"

    async def execute(self, talk: Talk) -> Json:
        """The answer becomes a ticket, unless the company's own answer is enough."""
        if told_first(self, talk):
            return {"pending": "ticket"}
        talk.say("report_problem")
        return {"pending": "problem"}


class OpenTicket(RetentionAction):
    """Puts the customer's words on record for the team."""

    action_name = "action_open_ticket"

    async def execute(self, talk: Talk) -> Json:
        """The number counts the tickets of this conversation."""
        tickets = list(talk.slot("tickets") or [])
        if not tickets and talk.slot("asked") == "problem" and told_first(self, talk):
            return {"pending": "ticket"}
        ticket = self.desk.open_ticket(len(tickets) + 1, " / ".join(talk.said[-2:]), talk.slot("reason"))
        if talk.slot("asked") != "ticket":
            talk.say("details_noted")
        talk.say("open_ticket", ticket=ticket)
        return {"tickets": [*tickets, ticket]}


class ExplainTerm(RetentionAction):
    """Says what a word means, with what the account holds about it; what is not known is a question for a person."""

    action_name = "action_explain_term"

    async def execute(self, talk: Talk) -> Json:
        """A word that is only pointed at is the one that the last reply named."""
        term = term_asked(talk.text) or (only_term_in(talk.told) if points_back(talk.text) else None)
        talk.say(f"term_{term or 'unknown'}")
        if term in NOT_ON_ACCOUNT:
            talk.say("fee_unknown")
        elif term is not None:
            return {}
        if talk.slot("handed_off") or talk.slot("open_question"):
            return {}
        talk.say("pass_question_on")
        return {"pending": "handoff"}


class TicketStatus(RetentionAction):
    """Where a reported problem is, for a customer who asks what happens next."""

    action_name = "action_ticket_status"

    async def execute(self, talk: Talk) -> Json:
        """The newest ticket; nothing is promised about when."""
        tickets = talk.slot("tickets") or []
        talk.say("ticket_status", ticket=tickets[-1]) if tickets else talk.say("choices")
        return {"pending": "handoff"} if tickets else {}


class ScheduleCallback(RetentionAction):
    """Asks when a call would suit."""

    action_name = "action_schedule_callback"

    async def execute(self, talk: Talk) -> Json:
        """The wish goes on record at once, the time when it is named."""
        self.desk.note("callback_wanted", {"text": talk.text})
        talk.say("schedule_callback")
        return {"pending": "callback", "callback": talk.text}


class NoteCallback(RetentionAction):
    """Passes on when the customer wants to be called."""

    action_name = "action_note_callback"

    async def execute(self, talk: Talk) -> Json:
        """In the customer's own words: nothing is promised."""
        self.desk.note("callback_time", {"text": talk.text})
        talk.say("callback_noted")
        return {"callback": talk.text}


class _OfDecidedKind(RetentionAction):
    """An act with terms where the decided offer is of its kind, else a way to a colleague."""

    act = ""
    kind = OfferType.NONE

    async def execute(self, talk: Talk) -> Json:
        """The decided terms, or a question whether a colleague should take over."""
        talk.say(self.act)
        if self.desk.terms.offer_type is not self.kind or talk.slot("offer") in ("accepted", "declined"):
            return {"pending": "handoff"}
        return {"pending": "offer", "offer": "presented", "offer_decision": self.desk.terms.decision_id}


class Pause(_OfDecidedKind):
    """A break in the plan."""

    action_name, act, kind = "action_pause", "pause", OfferType.PAUSE


class ChangePlan(_OfDecidedKind):
    """Another plan."""

    action_name, act, kind = "action_change_plan", "change_plan", OfferType.PLAN_CHANGE
