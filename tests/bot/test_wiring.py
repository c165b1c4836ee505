"""Services build what the settings name, once, and take the store's own day for today."""

import gc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.generation.openai_compatible.backend import OpenAICompatibleBackend
from bot.generation.template.approved import TemplateBackend
from bot.generation.tiny.backend import EmbeddedBackend
from bot.settings import Settings
from bot.wiring import Services, build_backend, build_writer, uncollected
from db.errors import InputError
from db.repositories.settings import SettingsRepository
from db.vocabulary import CompanyProfile

CLOCK = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)


@pytest.fixture
def services(own_home: Path) -> Iterator[Services]:
    built = Services(Settings(home=own_home), clock=lambda: CLOCK)
    yield built
    built.close()


def test_nothing_is_made_before_it_is_needed(services: Services, own_home: Path) -> None:
    assert not own_home.exists()
    assert services.store is services.store
    assert (own_home / "mainstay.db").exists()


def test_a_live_store_takes_the_real_time(services: Services) -> None:
    assert (services.today(), services.now()) == (CLOCK.date(), CLOCK)


def test_a_stopped_clock_keeps_its_day(services: Services) -> None:
    with services.store.write() as session:
        SettingsRepository(session).set_today(date(2011, 12, 10))
    assert services.today() == date(2011, 12, 10)
    assert services.now() == datetime(2011, 12, 10, 9, 15, tzinfo=UTC)


def test_the_company_is_what_the_store_says(services: Services) -> None:
    assert services.company is None
    with services.store.write() as session:
        SettingsRepository(session).set_company(CompanyProfile(company="Pellmere"))
    assert services.company == CompanyProfile(company="Pellmere")


def test_policy_and_offers_of_the_home_folder_replace_the_shipped_ones(services: Services, own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "policy.yaml").write_text("contact: {unknown_consent: block}\n", encoding="utf-8")
    assert services.policy.contact.unknown_consent == "block"


def test_the_holdout_share_is_the_one_of_the_settings(own_home: Path) -> None:
    built = Services(Settings(home=own_home, holdout_share=0.25), clock=lambda: CLOCK)
    assert built.policy.holdout_share == 0.25
    built.close()


def test_the_shipped_offers_are_there(services: Services) -> None:
    assert {"none", "personal-call"} <= {offer.code for offer in services.catalogue.offers}


def test_the_default_writer_needs_no_model(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAINSTAY_BACKEND")
    assert isinstance(build_backend(Settings(home=own_home)), EmbeddedBackend)
    backend = build_backend(Settings(home=own_home), "template")
    assert isinstance(backend, TemplateBackend)
    assert build_writer(backend) is not build_writer(backend)


@pytest.mark.parametrize(
    ("settings", "name", "message"),
    [
        ({"backend": "transformers"}, None, "needs a model"),
        ({"backend": "openai_compatible"}, None, "needs a server"),
        ({}, "gpt", "no writer 'gpt'"),
    ],
)
def test_a_writer_that_cannot_be_built_is_named(
    settings: dict[str, str], name: str | None, message: str, own_home: Path
) -> None:
    with pytest.raises(InputError, match=message):
        build_backend(Settings.model_validate({"home": own_home, **settings}), name)


def test_a_writer_behind_a_server_is_what_the_settings_say_and_asks_nothing_yet(own_home: Path) -> None:
    settings = Settings(
        home=own_home,
        backend="openai_compatible",
        base_url="http://127.0.0.1:9/v1",
        model="some-model",
        price_in=2,
        server_is_mainstay=True,
    )
    built = Services(settings, clock=lambda: CLOCK)
    backend = built.backend
    assert isinstance(backend, OpenAICompatibleBackend)
    assert (backend.server.model, backend.server.prices.tokens_in, backend.server.is_mainstay) == (
        "some-model",
        2,
        True,
    )
    built.close()


def test_garbage_waits_while_models_are_loaded_however_that_ends() -> None:
    def fail() -> None:
        with uncollected():
            assert not gc.isenabled()
            with uncollected():
                pass
            assert not gc.isenabled()
            raise ValueError("broken")

    assert gc.isenabled()
    with pytest.raises(ValueError, match="broken"):
        fail()
    assert gc.isenabled()
