"""Text that tries to command the terminal, in every field of Today, Customers, Customer and Report."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from textual.widgets import Static

from bot.tui.desk import Desk
from db.models import ChurnScore, Conversation, Customer, DecisionRow, MessageReading, ModelVersion
from db.repositories.audiences import AudienceRepository
from db.repositories.contacts import ContactRepository
from db.vocabulary import ConversationState, SuppressionReason
from tests.bot.tui import company
from tests.bot.tui.harness import driving
from tests.bot.tui.test_hostile import BRACKETS, CONTROLS, check_screen

HUGE = "W\u0301\U0001f469\u200d\U0001f467 " * 600
SETS = {"controls": CONTROLS, "brackets": BRACKETS, "huge and empty": (HUGE, "", " ", "\t\n")}


@pytest.fixture(scope="module", params=SETS)
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    payloads = SETS[request.param]
    said = " | ".join(payloads)
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    names = tuple((payload, f"N{place}") for place, payload in enumerate(payloads * 2))
    company.fill(path, names=names, spoken=said, plan=said)
    desk = company.open_desk(path, path.parent)
    with desk.services.store.write() as session:
        everyone = list(session.scalars(select(Customer)))
        for customer in everyone:
            customer.attributes = {said: said, "x": list(payloads)}
            customer.email = customer.phone = customer.country = customer.language = said
            customer.currency = said[:12]
            state = ConversationState.HANDED_OFF
            session.add(
                Conversation(
                    customer_id=customer.id,
                    state=state,
                    handoff_reason=said,
                    started_at=company.NOW,
                    updated_at=company.NOW,
                )
            )
            contacts = ContactRepository(session)
            contacts.audit(said, "note", f"customer:{customer.id}", company.NOW, {"text": said})
            contacts.suppress(customer.external_id, SuppressionReason.OPT_OUT, company.NOW - timedelta(days=1), said)
        session.execute(update(DecisionRow).values(offer_code=said or "x"))
        session.execute(update(MessageReading).values(topic=said))
        metrics = {"auc": 0.8, "ece": 0.01, "protocol": said, "drivers": [{"column": said, "size": 1.0}]}
        session.execute(update(ModelVersion).values(metrics=metrics, version=said))
        reasons = {"column": said, "label": said, "value": said, "peer": said, "contribution": 1.0, "sentence": said}
        session.execute(update(ChurnScore).values(reasons=[reasons]))
        AudienceRepository(session).settings.put("saved_audiences", {payload or "e": payload for payload in payloads})
    desk.close()
    return path


@pytest.fixture
def desk(hostile: Path, tmp_path: Path) -> Desk:
    path = tmp_path / "store.db"
    shutil.copy(hostile, path)
    return company.open_desk(path, tmp_path / "home")


@pytest.mark.parametrize("size", [(80, 24), (140, 45)], ids=str)
async def test_no_list_obeys_its_data(desk: Desk, size: tuple[int, int]) -> None:
    async with driving(desk, size) as driver:
        assert "wait for a person" in check_screen(driver)
        await driver.press("1")
        check_screen(driver)
        for key in ("x", "w", "escape", "F", "escape", "s", "escape", "d"):
            await driver.press(key)
            check_screen(driver)
        await driver.press("enter")
        assert "N" in check_screen(driver)
        for key in (*("j",) * 12, "n", "escape"):
            await driver.press(key)
            check_screen(driver)
        await driver.press("5")
        for key in ("j",) * 12:
            await driver.press(key)
            check_screen(driver)
        assert driver.app.is_running


async def test_what_is_typed_into_searches_notes_and_names_is_only_text(desk: Desk) -> None:
    said = "[/x][@click=app.quit]q[/] %s {0} ' \" ; --"
    async with driving(desk, (140, 45)) as driver:
        await driver.press("1", "slash")
        await driver.write(said)
        assert "nobody fits" in check_screen(driver)
        await driver.press("enter", "escape")
        await driver.press("enter")
        await driver.press("n")
        await driver.write(said)
        await driver.press("enter")
        check_screen(driver)
        shown = driver.app.screen.query_one("#notes", Static).content
        assert said in str(shown)
        assert driver.app.is_running
