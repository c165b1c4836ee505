"""Settings come from flag, environment, file and default, in this order, and mistakes are named."""

import logging
from pathlib import Path

import pytest

from bot.settings import config_path, home_folder, load_settings, log_to_file, origins
from db.errors import SettingsError
from tests.conftest import Command


def written(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(text, encoding="utf-8")


def test_without_anything_the_defaults_hold(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAINSTAY_BACKEND")
    settings = load_settings()
    assert (settings.home, settings.backend, settings.allow_download) == (own_home, "embedded", False)
    assert settings.store_location == str(own_home / "mainstay.db")
    assert settings.models_folder == own_home / "models"
    assert not own_home.exists()


def test_a_flag_goes_before_the_environment_and_that_before_the_file(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(own_home, 'store = "file.db"\ntheme = "nord"\n')
    assert load_settings().store == "file.db"
    monkeypatch.setenv("MAINSTAY_STORE", "environment.db")
    assert load_settings().store == "environment.db"
    assert load_settings(store="flag.db").store == "flag.db"
    assert load_settings(store=None).theme == "nord"


def test_each_setting_says_where_it_comes_from(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(own_home, 'theme = "nord"\n')
    monkeypatch.setenv("MAINSTAY_ACTOR", "kim")
    monkeypatch.delenv("MAINSTAY_BACKEND")
    found = origins(load_settings(store="flag.db"))
    assert found["theme"] == ("nord", str(config_path()))
    assert found["actor"] == ("kim", "environment MAINSTAY_ACTOR")
    assert found["store"] == ("flag.db", "flag")
    assert found["backend"] == ("embedded", "default")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bakend = 'template'", "Did you mean 'backend'"),
        ("wholly_unheard_of = 1", "Known settings: "),
        ("backend = 'gpt'", "'backend' cannot be used"),
        ("holdout_share = 1", "'holdout_share' cannot be used"),
        ("backend", "cannot be read"),
    ],
)
def test_a_mistake_in_the_file_is_named(
    text: str, message: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAINSTAY_BACKEND")
    written(own_home, text)
    with pytest.raises(SettingsError, match=message):
        load_settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("base_url = 'ftp://host'", "not an address such as"),
        ("base_url = 'localhost:8000'", "not an address such as"),
        ("base_url = 'https://kim:s3cret@host/v1'", "a key belongs in"),
        ("base_url = 'https://host/v1?key=s3cret'", "a key belongs in"),
        ("api_key_env = 'sk-s3cret'", "is not the key"),
        ("api_version = 'a&b'", "'api_version' cannot be used"),
        ("price_in = inf", "'price_in' cannot be used"),
        ("concurrency = 0", "'concurrency' cannot be used"),
    ],
)
def test_a_server_cannot_be_set_with_a_key_in_it_and_the_key_is_not_repeated(
    text: str, message: str, own_home: Path
) -> None:
    written(own_home, text)
    with pytest.raises(SettingsError, match=message) as caught:
        load_settings()
    assert "s3cret" not in f"{caught.value} {caught.value.__cause__}"


def test_the_address_of_a_server_is_kept_without_its_last_slash(own_home: Path) -> None:
    written(own_home, "base_url = 'http://[::1]:8000/v1/'")
    assert load_settings().base_url == "http://[::1]:8000/v1"


def test_a_mistake_in_the_environment_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTAY_HOLDOUT_SHARE", "most")
    with pytest.raises(SettingsError, match="'holdout_share' cannot be used"):
        load_settings()


def test_a_home_with_a_tilde_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSTAY_HOME", "~/somewhere")
    assert home_folder() == Path.home() / "somewhere"


def test_the_commands_show_the_same_settings(own_home: Path, mainstay: Command) -> None:
    written(own_home, 'theme = "nord"\n')
    assert mainstay("config", "path").out.strip() == str(config_path())
    assert mainstay("config", "validate").code == 0
    shown = mainstay("config", "show", "--json").json
    assert shown["theme"] == {"value": "nord", "origin": str(config_path())}
    assert mainstay("db", "path", "--store", "elsewhere.db").out.strip() == "elsewhere.db"


def test_looking_at_settings_makes_no_files(own_home: Path, mainstay: Command) -> None:
    for command in (("config", "show"), ("config", "path"), ("config", "validate"), ("db", "path")):
        assert mainstay(*command).code == 0
    assert not own_home.exists()


def test_the_log_of_a_screen_goes_to_a_file(own_home: Path) -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    path = log_to_file(load_settings())
    try:
        assert path == own_home / "logs" / "mainstay.log"
        logging.getLogger("bot.tui").error("something went wrong, number %s", 7)
        assert "something went wrong, number 7" in path.read_text(encoding="utf-8")
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
