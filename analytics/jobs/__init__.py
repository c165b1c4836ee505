"""The jobs: read the store, compute, write back; nothing else in analytics touches the store."""
