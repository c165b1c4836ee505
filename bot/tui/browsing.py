"""Opening a page in a browser that has a window of its own."""

import webbrowser


def in_window(url: str) -> bool:
    """Whether a browser was asked to show the page. One that runs in the terminal would write over this program."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    if isinstance(browser, webbrowser.GenericBrowser) and not isinstance(browser, webbrowser.BackgroundBrowser):
        return False
    return browser.open(url)
