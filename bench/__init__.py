"""Measures the budgets of docs/bench.md from outside, each against a limit measured in the same run."""
