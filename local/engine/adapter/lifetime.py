"""Ends the engine and everything it started when the process that started it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import Any

import hypercorn.asyncio

from adapter.patching import wrap

_GRACE_SECONDS = 8


def guard() -> None:
    """End running calls on SIGTERM.

    With CORDON_STDIN_GUARD=1 the engine also leads a process group of its own, and ends the group
    when stdin closes. The kernel closes stdin however the parent process ends.
    """
    wrap(hypercorn.asyncio, 'serve', _ending_calls)
    if os.environ.get('CORDON_STDIN_GUARD') != '1':
        return
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    threading.Thread(target=_watch, daemon=True, name='cordon-stdin-guard').start()


def _watch() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _ending_calls(serve: Any) -> Any:
    """Serve until SIGTERM or SIGINT, then end running calls: the gateway would wait for them."""

    async def served(application: Any, config: Any) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()

        def end() -> None:
            stop.set()
            threading.Thread(target=_end, daemon=True).start()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, end)
        await serve(application, config, shutdown_trigger=stop.wait)

    return served


def _end() -> None:
    from ministack.core import lambda_runtime

    lambda_runtime.reset()
    time.sleep(_GRACE_SECONDS)
    os._exit(0)


def end_workers() -> None:
    """End Lambda workers, and what they started, after the gateway has stopped."""
    from ministack.core import lambda_runtime

    lambda_runtime.reset()
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTERM)
