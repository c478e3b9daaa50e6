"""Models of llama.cpp: which are known, how they are obtained, which are here, whether they work.

The daemon imports `local` alone; only obtaining a model loads what talks to networks.
"""
