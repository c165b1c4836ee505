"""The command line: parse, call, show, and turn errors into sentences."""
