"""Long commands as processes of their own, which go on when the screen that began them has closed."""
