"""Ends waiting processes of functions sooner, the more functions are deployed.

Each takes about 70 MB, and the engine keeps the first process of each function for ever. Where more
functions are deployed than Cordon and its application have, that one goes too once it has waited
long enough, as on AWS, where an execution environment that is not used ends.
"""

from __future__ import annotations

import os
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from adapter.patching import replace_everywhere, require

_SECONDS = float(os.environ.get('LAMBDA_WARM_TTL_SECONDS', '120'))
_FEW = 40


def install() -> None:
    require(lambda_runtime, '_workers', '_lock', 'kill_workers')
    require(lambda_svc, '_functions', '_ensure_reaper_thread')
    replace_everywhere(lambda_runtime, 'reap_idle_workers', _sooner)


def _sooner(reap: Any) -> Any:
    def reaped(ttl: float | None = None) -> int:
        # The records of every account and region.
        count = len(lambda_svc._functions._data)
        seconds = _SECONDS * min(1, _FEW / max(count, 1)) if ttl is None else ttl
        ended = reap(seconds)
        return ended + _end_first(seconds) if count > _FEW else ended

    return reaped


def _end_first(seconds: float) -> int:
    now, stale = time.time(), []
    with lambda_runtime._lock:
        for key, pool in list(lambda_runtime._workers.items()):
            waiting = [
                worker
                for worker in pool
                if not worker.in_use and now - worker.last_used >= seconds
            ]
            stale += waiting
            pool[:] = [worker for worker in pool if worker not in waiting]
            if not pool:
                del lambda_runtime._workers[key]
    lambda_runtime.kill_workers(stale)
    return len(stale)
