"""Tells the launcher which writes failed because a disk is full.

The engine logs such a failure as a warning and continues without the file, and on a full disk not
even the log can be written. The launcher therefore reads a pipe: one JSON object on a line for each
failure. Its descriptor is the argument of `--faults`; without it nothing is reported.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import threading

_FULL = re.compile(r'No space left on device|Errno 28|Disk quota exceeded|ENOSPC|EDQUOT', re.I)
_LONGEST_TEXT = 8_000
_MOST_REPORTS = 1_000
_lock = threading.Lock()
_pipe: int | None = None
_reported = 0


def start(arguments: list[str]) -> None:
    """Report to the pipe that the arguments name, and listen to the log of the engine."""
    global _pipe
    if '--faults' in arguments:
        _pipe = int(arguments[arguments.index('--faults') + 1])
        os.set_inheritable(_pipe, False)
        os.set_blocking(_pipe, False)
        logging.getLogger().addHandler(_Listener(logging.WARNING))


def is_full_disk(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def report(error: str, mail: dict[str, str] | None = None) -> None:
    """Write a report; a launcher that does not read must not stop the engine."""
    global _reported
    with _lock:
        if _pipe is None or _reported >= _MOST_REPORTS:
            return
        _reported += 1
        line = json.dumps({'error': error[:_LONGEST_TEXT], 'mail': mail}) + '\n'
        try:
            os.write(_pipe, line.encode())
        except OSError:
            pass


def report_mail(error: OSError, to: str, subject: str, text: str) -> None:
    """Report a mail that is not in the inbox."""
    report(str(error), {'to': to, 'subject': subject, 'text': text[:_LONGEST_TEXT]})


class _Listener(logging.Handler):
    """Most writes of the engine end in a warning of its log."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        text = record.getMessage()
        if is_full_disk(error):
            report(f'{text}: {error}')
        elif record.name.startswith('ministack') and _FULL.search(text):
            report(text)
