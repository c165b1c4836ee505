"""The writer behind a chat completions server: vLLM, Ollama, llama.cpp, LM Studio, OpenAI, Azure, or mainstay."""
