"""The README's pictures."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from bot.tui.desk import Desk
from bot.tui.pictures import without_fonts
from tests.bot.tui.harness import driving


async def test_a_picture_is_whole_and_asks_no_other_host(desk: Desk, tmp_path: Path) -> None:
    async with driving(desk) as driver:
        await driver.press("1")
        svg = without_fonts(driver.app.export_screenshot(title="customers"))
    assert "Chiara" in "".join(ElementTree.fromstring(svg).itertext())
    assert "url(" not in svg.replace("url(#", "")
    assert "@font-face" not in svg
