"""Vectors and generated text: llama.cpp, run by a process of its own (`worker.py`) on behalf of the daemon
(`process.py`)."""
