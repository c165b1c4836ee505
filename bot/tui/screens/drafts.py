"""Drafts."""

from bot.tui.page import Page


class DraftsScreen(Page):
    """Drafts."""

    MODE = "drafts"
