"""Adds meaning to bytes: tolerant parse, name resolution. Imports `store.model` only."""
