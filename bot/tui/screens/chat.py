"""Chat."""

from bot.tui.page import Page


class ChatScreen(Page):
    """Chat."""

    MODE = "chat"
