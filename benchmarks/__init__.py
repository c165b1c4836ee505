"""Side-by-side measurements with peers; each is run with `python -m benchmarks.NAME`."""
