"""The exit codes of `isg`, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum

from indexer.protocol import ErrorCode, RpcError
from indexer.rpc_client import AnswerTimeout, DaemonDown


class Exit(IntEnum):
    """What a script can tell apart."""

    OK = 0
    ERROR = 1  # anything that has no code of its own
    USAGE = 2  # wrong arguments
    DAEMON_DOWN = 3  # no daemon is running: isg up
    NOT_FOUND = 4  # no such workspace, file or node
    TIMEOUT = 5  # no answer, or not caught up, in time
    CONFLICT = 6  # in the way: a daemon runs already, a file exists, a name is ambiguous
    NOT_READY = 7  # the workspace is being opened or has failed, or rust-analyzer cannot be asked: isg status


_OF_CODE = {
    ErrorCode.INVALID_PARAMS: Exit.USAGE,
    ErrorCode.WORKSPACE_UNKNOWN: Exit.NOT_FOUND,
    ErrorCode.NOT_FOUND: Exit.NOT_FOUND,
    ErrorCode.AMBIGUOUS: Exit.CONFLICT,
    ErrorCode.CONFLICT: Exit.CONFLICT,
    ErrorCode.TIMEOUT: Exit.TIMEOUT,
    ErrorCode.NOT_READY: Exit.NOT_READY,
    ErrorCode.SHUTTING_DOWN: Exit.DAEMON_DOWN,
}


class Refusal(RuntimeError):
    """The command cannot be done: what happened, what to do next, and the exit code."""

    def __init__(self, message: str, do: str = "", exit_: Exit = Exit.ERROR) -> None:
        super().__init__(message)
        self.do = do
        self.exit = exit_


def exit_of(error: BaseException) -> Exit:
    """The exit code that stands for an error."""
    if isinstance(error, Refusal):
        return error.exit
    if isinstance(error, RpcError):
        return _OF_CODE.get(ErrorCode(error.code), Exit.ERROR) if error.code in set(ErrorCode) else Exit.ERROR
    if isinstance(error, DaemonDown):
        return Exit.DAEMON_DOWN
    if isinstance(error, AnswerTimeout):
        return Exit.TIMEOUT
    return Exit.ERROR


def describe_exits() -> str:
    """One line for `isg --help`."""
    return (
        "Exit codes: "
        + ", ".join(f"{code.value} {code.name.lower().replace('_', ' ')}" for code in Exit)
        + "."
    )
