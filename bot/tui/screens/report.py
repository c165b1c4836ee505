"""Report."""

from bot.tui.page import Page


class ReportScreen(Page):
    """Report."""

    MODE = "report"
