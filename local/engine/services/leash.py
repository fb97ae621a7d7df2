"""Runs one server or task, and ends it and all that it started when the engine ends.

    python -I -S leash.py folder stop-signal program [argument ...]

The engine holds the other end of standard input, and the kernel closes it however the engine ends;
then the folder is removed too. SIGTERM ends the program and keeps the folder, so that it can be
started again. A program that ignores its stop signal is killed. The exit code is that of the
program, or 128 and the number of the signal that ended it. On Linux the program also ends when this
process is killed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import threading

_DEATH_SIGNAL, _ADOPTS_ORPHANS = 1, 36
# The engine's launcher kills the whole group of the engine after five seconds.
_GRACE_SECONDS = 3


def main() -> None:
    folder, stop_signal, *command = sys.argv[1:]
    is_linux = sys.platform == 'linux'
    if is_linux:
        _set(_ADOPTS_ORPHANS, 1)
    program = _start(command, is_linux)
    ended, engine_gone = threading.Event(), threading.Event()

    def end(*_: object) -> None:
        threading.Thread(target=_end, args=(program, int(stop_signal), ended), daemon=True).start()

    def watch() -> None:
        while os.read(0, 4096):
            pass
        engine_gone.set()
        end()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    threading.Thread(target=watch, daemon=True).start()
    code = _wait_for(program)
    ended.set()
    _end_rest(program, is_linux)
    if engine_gone.is_set():
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)


def _set(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _start(command: list, is_linux: bool) -> int:
    leash = os.getpid()
    program = os.fork()
    if program != 0:
        return program
    os.setsid()
    if is_linux:
        _set(_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != leash:
            os._exit(128 + signal.SIGKILL)  # the leash was killed before the kernel knew of it
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f'{command[0]} cannot be started: {error.strerror}\n'.encode())
        os._exit(127)


def _wait_for(program: int) -> int:
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == program:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _end(program: int, stop_signal: int, ended: threading.Event) -> None:
    _send(program, stop_signal)
    if not ended.wait(_GRACE_SECONDS):
        _send(program, signal.SIGKILL)


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass  # it has ended by itself


def _end_rest(program: int, adopts: bool) -> None:
    """Kill what the program has left behind: on Linux its orphans become children of this one."""
    if not adopts:
        try:
            os.killpg(program, signal.SIGKILL)
        except ProcessLookupError:
            pass  # nothing is left
        return
    while True:
        for child in _children():
            _send(child, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list:
    own = str(os.getpid())
    found = []
    for name in os.listdir('/proc'):
        if name.isdigit():
            try:
                with open(f'/proc/{name}/stat') as file:
                    parent = file.read().rpartition(')')[2].split()[1]
            except OSError:
                continue  # it has ended meanwhile
            if parent == own:
                found.append(int(name))
    return found


if __name__ == '__main__':
    main()
