"""Nothing of the engine outlives the process that started it, however that process died."""

from __future__ import annotations

import os
import signal
import threading
import time

_GRACE_SECONDS = 8


def guard() -> None:
    """With CORDON_STDIN_GUARD=1: lead a process group of our own, and end it when stdin closes."""
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


def end_workers() -> None:
    """End Lambda workers, and whatever they started, after the gateway has stopped."""
    from ministack.core import lambda_runtime

    lambda_runtime.reset()
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpgrp(), signal.SIGTERM)
