"""Any of our writers as an OpenAI-compatible server, with the standard library's HTTP server and nothing else."""
