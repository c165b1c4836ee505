"""When Python looks through all its objects for garbage: only while nobody types, for everything waits meanwhile."""

import gc
import time

from textual import events, on
from textual.app import App

IDLE_SECONDS = 3.0
"""So long nobody has pressed a key or moved the mouse before a full collection may begin."""

_LOOK_SECONDS = 1.0
_NEVER = 1_000_000
_WORTH_IT = 10
"""So many collections of the younger objects Python itself waits for before it looks through all."""


class TidyApp(App[None]):
    """An app in which no full collection falls between a key and the screen.

    With the models of a chat loaded a full collection stops every thread for a tenth of a second and more. Younger
    objects are collected as ever, in a millisecond. Nothing is collected while models are loaded (`bot.wiring`).
    """

    def __init__(self) -> None:
        super().__init__()
        self._touched = time.monotonic()
        self._thresholds = gc.get_threshold()

    @on(events.Mount)
    def wait_for_pauses(self) -> None:
        """From now on full collections wait for a pause."""
        self._thresholds = gc.get_threshold()
        gc.set_threshold(*self._thresholds[:2], _NEVER)
        self.set_interval(_LOOK_SECONDS, self.tidy_up)

    @on(events.Unmount)
    def wait_no_longer(self) -> None:
        """Python chooses its own moments again."""
        gc.set_threshold(*self._thresholds)

    async def on_event(self, event: events.Event) -> None:
        """Note when somebody was last at work."""
        if isinstance(event, events.InputEvent):
            self._touched = time.monotonic()
        await super().on_event(event)

    def tidy_up(self) -> bool:
        """Collect everything if nobody is at work and it is worth it; whether it was done."""
        waited = time.monotonic() - self._touched
        if waited < IDLE_SECONDS or not gc.isenabled() or gc.get_count()[2] < _WORTH_IT:
            return False
        gc.collect()
        return True
