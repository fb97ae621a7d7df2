"""A function's process has the environment of a Lambda function, and its death is told.

Wrong: the process inherits the engine's own environment and lacks AWS_EXECUTION_ENV, AWS_LAMBDA_LOG_GROUP_NAME, _HANDLER and TZ; a
process that dies within a call is an unnamed error, a process whose engine is gone may live on, and a warm one keeps the role that
the function had before. AWS: the documented variables, `Runtime.ExitError` for a process that died, a fresh one for the next call
and after a change of the role.
"""

from __future__ import annotations

import os
import threading
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from adapter.patching import require, substitute, wrap

NAME = 'worker_hygiene'
WRONG = "Functions inherit the engine's environment and lack documented variables; a process that dies is an unnamed error."
AWS = 'AWS Lambda Developer Guide: Defined runtime environment variables; Understanding the Lambda execution environment lifecycle'

# What a process needs of the machine; NODE_PATH gives CDK's own custom resources the SDK that AWS ships in the runtime.
_OF_THE_MACHINE = frozenset({'PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_PATH'})
_spawning = threading.local()


def install() -> None:
    require(lambda_runtime, 'subprocess', '_NODEJS_WORKER_SCRIPT')
    require(lambda_runtime.subprocess, 'Popen', 'PIPE')
    require(lambda_runtime, '_workers', '_worker_key', '_lock', 'kill_workers')
    wrap(lambda_runtime.Worker, '_spawn', _noting_function)
    wrap(lambda_svc, 'acquire_worker', _of_the_role)
    wrap(lambda_runtime.Worker, 'invoke', _naming_death)
    real = lambda_runtime.subprocess
    lambda_runtime.subprocess = SimpleNamespace(**{**vars(real), 'Popen': _clean_popen(real.Popen)})
    line = 'const rl = readline.createInterface({ input: process.stdin, terminal: false });\n'
    ends = 'rl.on("close", () => process.exit(0));\n'
    lambda_runtime._NODEJS_WORKER_SCRIPT = substitute(
        lambda_runtime._NODEJS_WORKER_SCRIPT, line, line + ends
    )


def _noting_function(spawn: Any) -> Any:
    def spawned(self: Any) -> None:
        _spawning.config = self.config
        self.cordon_role = self.config.get('Role')
        try:
            spawn(self)
        finally:
            _spawning.config = None

    return spawned


def _of_the_role(acquire: Any) -> Any:
    """Let go of idle processes that hold the credentials of another role."""

    def acquired(
        name: str, config: dict, code: bytes, qualifier: str = '$LATEST', **options: Any
    ) -> tuple:
        with lambda_runtime._lock:
            pool = (
                lambda_runtime._workers.get(lambda_runtime._worker_key(name, config, qualifier))
                or []
            )
            stale = [
                one
                for one in pool
                if not one.in_use
                and getattr(one, 'cordon_role', config.get('Role')) != config.get('Role')
            ]
            pool[:] = [one for one in pool if one not in stale]
        lambda_runtime.kill_workers(stale)
        return acquire(name, config, code, qualifier=qualifier, **options)

    return acquired


def _clean_popen(popen: Any) -> Any:
    def started(*command: Any, **options: Any) -> Any:
        config = getattr(_spawning, 'config', None)
        if config and options.get('env'):
            options['env'] = _environment(options['env'], config)
        return popen(*command, **options)

    return started


def _environment(given: dict, config: dict) -> dict:
    own = (config.get('Environment') or {}).get('Variables') or {}
    leaked = (
        {name for name, value in os.environ.items() if given.get(name) == value}
        - _OF_THE_MACHINE
        - set(own)
    )
    function = config.get('FunctionName', '')
    return {
        **{name: value for name, value in given.items() if name not in leaked},
        'AWS_EXECUTION_ENV': f'AWS_Lambda_{config.get("Runtime", "")}',
        'AWS_LAMBDA_INITIALIZATION_TYPE': 'on-demand',
        'AWS_LAMBDA_LOG_GROUP_NAME': (config.get('LoggingConfig') or {}).get('LogGroup')
        or f'/aws/lambda/{function}',
        '_HANDLER': config.get('Handler', ''),
        'TZ': ':UTC',
    }


def _naming_death(invoke: Any) -> Any:
    def invoked(self: Any, event: Any, request_id: str, **options: Any) -> dict:
        answer = invoke(self, event, request_id, **options)
        if answer.get('error') == 'Worker process died':
            reason = f'RequestId: {request_id} Error: Runtime exited without providing a reason'
            return {**answer, 'error': reason, 'error_type': 'Runtime.ExitError'}
        return answer

    return invoked
