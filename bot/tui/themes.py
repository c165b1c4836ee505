"""Our own pair of themes: quiet greys, one blue for where one is, colour kept for what needs a decision."""

from textual.theme import Theme

DARK = Theme(
    name="mainstay-dark",
    primary="#4c8dbf",
    secondary="#7a8fa6",
    accent="#e0a458",
    foreground="#dfe5ec",
    background="#12171d",
    surface="#1a2129",
    panel="#222b35",
    success="#6fbf8b",
    warning="#e0b25c",
    error="#e2736e",
    dark=True,
    variables={"footer-key-foreground": "#e0a458", "input-selection-background": "#4c8dbf 35%"},
)
LIGHT = Theme(
    name="mainstay-light",
    primary="#1f6699",
    secondary="#5b6f84",
    accent="#9a5b06",
    foreground="#1b2530",
    background="#fbfaf7",
    surface="#f2f0ea",
    panel="#e6e3da",
    success="#216e43",
    warning="#8a5a00",
    error="#b3261e",
    dark=False,
    variables={"footer-key-foreground": "#9a5b06", "input-selection-background": "#1f6699 25%"},
)
THEMES = (DARK, LIGHT)
