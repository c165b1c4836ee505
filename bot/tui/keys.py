"""All actions that have a key, by name: what the `[keys]` section of the configuration may change."""

from importlib import import_module

from bot.tui.app import MainstayApp
from bot.tui.habits import names_of
from bot.tui.page import Page


def all_keys() -> dict[str, str]:
    """Each action's name with its keys: those of the app, then those of each screen."""
    found = names_of(MainstayApp.BINDINGS)
    for name in MainstayApp.MODES:
        module = import_module(f"bot.tui.screens.{name}")
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, Page) and kind.__module__ == module.__name__:
                found |= names_of(kind.BINDINGS)
    return found
