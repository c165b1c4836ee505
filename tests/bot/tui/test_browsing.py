"""A page is shown in a window, and never in the terminal that the program draws on."""

import sys
import webbrowser
from pathlib import Path

import pytest

from bot.tui.browsing import in_window


def a_browser(path: Path, kind: type[webbrowser.GenericBrowser]) -> tuple[webbrowser.GenericBrowser, Path]:
    """A browser that notes what it was asked to show."""
    shown = path / "shown.txt"
    program = path / "browser.py"
    program.write_text(f"import sys, pathlib; pathlib.Path({str(shown)!r}).write_text(sys.argv[1])", encoding="utf-8")
    return kind([sys.executable, str(program), "%s"]), shown


def test_a_browser_of_the_terminal_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    browser, shown = a_browser(tmp_path, webbrowser.GenericBrowser)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    assert not in_window("file:///report.html")
    assert not shown.exists()


def test_a_browser_with_a_window_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Window(webbrowser.BackgroundBrowser):
        """Keeps what it is asked for."""

        def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
            asked.append(url)
            return True

    browser, _ = a_browser(tmp_path, Window)
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    assert in_window("file:///report.html")
    assert asked == ["file:///report.html"]


def test_without_any_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    assert not in_window("file:///report.html")
