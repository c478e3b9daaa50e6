"""One-line summaries of nodes: by rules from their own text, or by a model whose words the rules judge."""

from hydrators.summarise.generation import judge, prompt_for
from hydrators.summarise.model import (
    LLM_ASSISTED,
    MAX_CHARACTERS,
    RULE_BASED,
    RULE_BASED_INSUFFICIENT,
    RULES_VERSION,
    THRESHOLD,
    Summary,
    SummaryPrompt,
)
from hydrators.summarise.rules import SUMMARISED, input_hash, summarise_file
from hydrators.summarise.validators import validate

__all__ = [
    "LLM_ASSISTED",
    "MAX_CHARACTERS",
    "RULES_VERSION",
    "RULE_BASED",
    "RULE_BASED_INSUFFICIENT",
    "SUMMARISED",
    "THRESHOLD",
    "Summary",
    "SummaryPrompt",
    "input_hash",
    "judge",
    "prompt_for",
    "summarise_file",
    "validate",
]
