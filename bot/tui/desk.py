"""What the screens may ask for, as plain calls that block: run them in a thread, never in the event loop.

Importing this module loads the store's libraries, so the app does that behind its first paint.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.dossier import Dossier, dossier, within
from bot.settings import Settings, load_settings, log_to_file
from bot.tui.habits import Habits
from bot.tui.lists import CustomerLists
from bot.tui.records import CustomerRecords
from bot.tui.talk import Talk
from bot.tui.wording import offer
from bot.wiring import Services
from db.errors import InputError, MainstayError
from db.queries.customers import customer_detail
from db.queries.overview import Overview, overview
from db.queries.reporting import main_reader, offer_names
from db.queries.today import day_stamp
from db.repositories.decisions import DecisionRepository
from db.repositories.drafts import DraftRepository, DraftStepView, DraftView
from db.repositories.model_versions import ModelVersionRepository
from db.repositories.scores import ScoreRepository
from db.repositories.settings import SettingsRepository
from db.vocabulary import CompanyProfile, Decision, DraftState, RiskBand

if TYPE_CHECKING:
    from bot.outreach.approvals import ExportReport
    from bot.outreach.reviewing import Wording


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the store stands: what a screen needs to know before it asks for anything else.

    `stamp` changes whenever something happens that Today tells of. `within` says in words in which time those who are
    likely to leave would do so; empty where churn has no dates.
    """

    location: str
    exists: bool
    company: str = ""
    today: date | None = None
    overview: Overview | None = None
    decided: bool = False
    drafts: Mapping[DraftState, int] | None = None
    within: str = ""
    stamp: tuple[object, ...] = ()

    @property
    def customers(self) -> int:
        """How many customers the store holds."""
        return self.overview.customers if self.overview else 0

    @property
    def next_step(self) -> str:
        """What to do before anything can be shown, or an empty text."""
        if not self.exists or not self.customers:
            return "fill"
        return "" if self.overview and self.overview.scored and self.decided else "forecast"


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """How the newest forecaster did on customers it had not seen; `drivers` are columns in words with their sizes."""

    name: str
    protocol: str
    figures: Mapping[str, float]
    intervals: Mapping[str, Sequence[float]]
    drivers: Sequence[tuple[str, float]]


class Desk:
    """The calls that the screens make. One desk, one store, one set of services."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self.settings = settings
        self.services = services

    @classmethod
    def open(cls, store: str | None) -> "Desk":
        """The desk of a store; nothing is opened or created yet."""
        settings = load_settings(store=store)
        log_to_file(settings)
        return cls(settings, Services(settings))

    @property
    def exists(self) -> bool:
        """Whether there is a store to read; one behind an address is taken to be there."""
        location = self.settings.store_location
        return "://" in location or Path(location).expanduser().exists()

    def standing(self) -> Standing:
        """Where the store stands. A store that does not exist is not created by looking."""
        location = self.settings.store_location
        if not self.exists:
            return Standing(location, exists=False)
        company = self.services.company
        with self.services.store.read() as session:
            return Standing(
                location,
                exists=True,
                company=company.company if company else "",
                today=self.services.today(),
                overview=overview(session),
                decided=DecisionRepository(session).current_job() is not None,
                drafts=DraftRepository(session).counts(),
                within=within(SettingsRepository(session).churn_definition()),
                stamp=day_stamp(session),
            )

    def has_changed(self, standing: Standing) -> bool:
        """Whether something has happened since that Today tells of; not where that cannot be read now."""
        try:
            with self.services.store.read() as session:
                return day_stamp(session) != standing.stamp
        except MainstayError:
            return False

    @cached_property
    def reading_model(self) -> str | None:
        """The language model whose moods are shown: the one that has read most of the messages in this store.

        A newer one that is installed shows nothing until a forecast has made it read them.
        """
        with self.services.store.read() as session:
            return main_reader(session)

    def forget(self) -> None:
        """The store was written to: another model may have read the messages now."""
        self.__dict__.pop("reading_model", None)

    def warm_up(self) -> None:
        """Load what the next screens will need, so that the first customer opens at once."""
        _ = self.services.models

    @cached_property
    def lists(self) -> CustomerLists:
        """The list of customers by pages."""
        return CustomerLists(self.services)

    @cached_property
    def records(self) -> CustomerRecords:
        """What passed with each customer, and what is noted."""
        return CustomerRecords(self.services)

    def dossier(self, customer_id: str) -> Dossier:
        """Everything about one customer."""
        services = self.services
        return dossier(services.store, services.models, customer_id, services.now(), reading_model=self.reading_model)

    def customer_name(self, customer_id: str) -> str:
        """What to call a customer on a screen. Raises NotFoundError."""
        with self.services.store.read() as session:
            return customer_detail(session, customer_id).name

    def model_figures(self) -> ModelFigures | None:
        """How good the newest forecaster is, None before training."""
        from analytics.jobs.reporting import column_names

        with self.services.store.read() as session:
            newest = ModelVersionRepository(session).latest("churn")
            if newest is None:
                return None
            metrics = newest.metrics
            drivers = [item for item in metrics.get("drivers") or [] if isinstance(item, dict)]
            labels = column_names(session, newest, {str(item.get("column")) for item in drivers})
        names = ("auc", "average_precision", "log_loss", "brier", "ece", "lift_at_10")
        figures = {name: float(metrics[name]) for name in names if isinstance(metrics.get(name), int | float)}
        return ModelFigures(
            name=newest.version,
            protocol=str(metrics.get("protocol", "")),
            figures=figures,
            intervals=metrics.get("intervals") or {},
            drivers=[(labels[str(item.get("column"))], float(item.get("size") or 0.0)) for item in drivers],
        )

    def write_report(self, form: str) -> Path:
        """Write the churn report into the exports folder; no customer is named in it."""
        from bot.reporting import write_report

        target = (
            self.settings.exports_folder
            / f"churn-report-{self.services.now():%Y-%m-%d}.{'txt' if form == 'text' else form}"
        )
        return Path(write_report(self.services, target, form, overwrite=True))

    @cached_property
    def can_report(self) -> bool:
        """Whether the report can be written by this installation."""
        return find_spec("bot.reporting") is not None

    def draft_counts(self, search: str = "") -> dict[DraftState, int]:
        """How many drafts that hold a text stand in each state; none where there is no store."""
        if not self.exists:
            return {}
        with self.services.store.read() as session:
            return DraftRepository(session).counts(search=search)

    def draft_steps(self, draft_id: int) -> list[DraftStepView]:
        """What became of a draft, oldest first."""
        with self.services.store.read() as session:
            return DraftRepository(session).steps(draft_id)

    def draft_page(self, state: DraftState | None, places: Sequence[int], search: str = "") -> dict[int, DraftView]:
        """The drafts at these places of the queue (0 is the oldest)."""
        if not places:
            return {}
        first, last = min(places), max(places)
        with self.services.store.read() as session:
            found = DraftRepository(session).find(state=state, search=search, offset=first, limit=last - first + 1)
        return {first + place: draft for place, draft in enumerate(found)}

    def draft_ids(self, state: DraftState, search: str = "") -> list[int]:
        """The ids of all drafts in a state that hold a text."""
        if not self.exists:
            return []
        with self.services.store.read() as session:
            return DraftRepository(session).ids(state, search=search)

    def preview(self, draft: DraftView) -> tuple[str, str]:
        """A letter as it will leave, as plain text and as HTML source; where it cannot leave, why."""
        from bot.outreach.reviewing import preview

        company = self.services.company or CompanyProfile(company="")
        try:
            return preview(draft, company, self.services.now())
        except InputError as error:
            told = f"This letter cannot leave: {error}\n{error.hint}"
            return told, told

    def other_wordings(self, draft_id: int) -> "list[Wording]":
        """Other letters to the brief of a draft."""
        from bot.outreach.reviewing import other_wordings

        with self.services.store.read() as session:
            draft = DraftRepository(session).get(draft_id)
        return other_wordings(self.services.writer, draft)

    def decision(self, customer_id: str) -> Decision | None:
        """What was decided last for a customer."""
        with self.services.store.read() as session:
            return DecisionRepository(session).latest_for(customer_id)

    def offer_name(self, decision_id: str) -> str:
        """What the catalogue calls the offer of a decision; empty where nothing was decided."""
        with self.services.store.read() as session:
            found, names = DecisionRepository(session).get(decision_id), offer_names(session)
        return offer(found.offer_code, names) if found is not None else ""

    def approve(self, draft_ids: Sequence[int]) -> int:
        """Approve drafts, all or none; returns how many."""
        from bot.outreach.approvals import approve

        approve(self.services.store, draft_ids, self.settings.actor, self.services.now())
        return len(draft_ids)

    def reject(self, draft_id: int, reason: str) -> None:
        """Reject a draft with a reason."""
        from bot.outreach.approvals import reject

        if not reason.strip():
            raise InputError("A rejection needs a reason.", hint="Say in a few words what is wrong with the draft.")
        reject(self.services.store, [draft_id], reason.strip(), self.settings.actor, self.services.now())

    def edit(self, draft_id: int, subject: str, body: str) -> int:
        """Replace a draft's text; returns how many findings the guard has on it."""
        from bot.outreach.approvals import edit

        report = edit(self.services.store, draft_id, subject, body, self.settings.actor, self.services.now())
        return len(report.findings)

    def undo(self, draft_id: int) -> DraftView:
        """Take back the last step of a draft."""
        from bot.outreach.approvals import undo

        return undo(self.services.store, draft_id, self.settings.actor, self.services.now())

    def export(self, form: str) -> "ExportReport":
        """Hand over all approved drafts as files in the exports folder."""
        from bot.outreach.approvals import export_approved
        from bot.outreach.exports import ExportFormat

        kind = ExportFormat(form)
        now = self.services.now()
        suffix = "-eml" if kind is ExportFormat.EML else f".{'csv' if kind is ExportFormat.LISTMONK else kind.value}"
        target = self.settings.exports_folder / f"drafts-{now:%Y-%m-%d-%H%M%S}{suffix}"
        policy = self.services.policy.contact
        return export_approved(self.services.store, policy, kind, target, self.settings.actor, now)

    @cached_property
    def chat(self) -> Talk:
        """What answers customers; building it loads the language models."""
        from bot.conversation import Chat

        return Chat(self.services)

    def risk_kept(self, customer_id: str) -> tuple[float, RiskBand] | None:
        """The risk of a customer at the last scoring."""
        with self.services.store.read() as session:
            found = ScoreRepository(session).current(customer_id)
        return (found.churn_probability, found.risk_band) if found else None

    def keep_habits(self, habits: Habits) -> None:
        """Remember how things were left, with the open customer unless that one was forgotten meanwhile."""
        if habits.customer_id is not None:
            try:
                self.customer_name(habits.customer_id)
            except MainstayError:
                habits.customer_id = None
        habits.write(self.settings.home)

    def name_sender(self, company: str, support_email: str, postal_address: str) -> CompanyProfile:
        """Say who writes to the customers. Raises InputError for an address that is none."""
        from bot.outreach.messages import address_of

        if not company.strip():
            raise InputError("A letter needs a name to be written in.", hint="Say what your company is called.")
        try:
            address_of(company.strip(), support_email.strip())
        except InputError as error:
            hint = "It looks like help@example.com."
            raise InputError(f"{support_email.strip()!r} is not an e-mail address.", hint=hint) from error
        with self.services.store.write() as session:
            settings = SettingsRepository(session)
            profile = replace(
                settings.company() or CompanyProfile(company=""),
                company=company.strip(),
                support_email=support_email.strip(),
                postal_address=postal_address.strip(),
            )
            settings.set_company(profile)
        return profile

    def close(self) -> None:
        """Let go of the store."""
        self.services.close()
