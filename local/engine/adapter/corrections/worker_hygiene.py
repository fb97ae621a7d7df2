"""The process of a function has the environment of Lambda, and its death has a name.

Wrong: the process inherits the environment of the engine and lacks AWS_EXECUTION_ENV,
AWS_LAMBDA_LOG_GROUP_NAME, _HANDLER and TZ. A process that dies in a call is an error without a
name, a process may outlive the engine, and a warm process keeps the former role of its function.
AWS: the process has the documented variables. A process that died is `Runtime.ExitError`, and the
next call gets a new process, as it does after a change of the role.
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
WRONG = (
    'Functions inherit the environment of the engine and lack documented variables; '
    'a process that dies is an error without a name.'
)
AWS = (
    'AWS Lambda Developer Guide: Defined runtime environment variables; '
    'Understanding the Lambda execution environment lifecycle'
)

# A process needs these variables of the machine. With NODE_PATH, the custom resources of the CDK
# load the SDK that AWS includes in the runtime.
_OF_THE_MACHINE = frozenset({'PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_PATH'})
_spawning = threading.local()


def install() -> None:
    require(lambda_runtime, 'subprocess', '_NODEJS_WORKER_SCRIPT')
    require(lambda_runtime.subprocess, 'Popen', 'PIPE')
    require(lambda_runtime, '_workers', '_worker_key', '_lock', 'kill_workers')
    wrap(lambda_runtime.Worker, '_spawn', _recording_function)
    wrap(lambda_svc, 'acquire_worker', _of_the_role)
    wrap(lambda_runtime.Worker, 'invoke', _naming_death)
    real = lambda_runtime.subprocess
    lambda_runtime.subprocess = SimpleNamespace(**{**vars(real), 'Popen': _clean_popen(real.Popen)})
    line = 'const rl = readline.createInterface({ input: process.stdin, terminal: false });\n'
    ends = 'rl.on("close", () => process.exit(0));\n'
    lambda_runtime._NODEJS_WORKER_SCRIPT = substitute(
        lambda_runtime._NODEJS_WORKER_SCRIPT, line, line + ends
    )


def _recording_function(spawn: Any) -> Any:
    def spawned(self: Any) -> None:
        _spawning.config = self.config
        self.cordon_role = self.config.get('Role')
        try:
            spawn(self)
        finally:
            _spawning.config = None

    return spawned


def _of_the_role(acquire: Any) -> Any:
    """End idle processes that hold the credentials of another role."""

    def acquired(
        name: str, config: dict, code: bytes, qualifier: str = '$LATEST', **options: Any
    ) -> tuple:
        with lambda_runtime._lock:
            key, role = lambda_runtime._worker_key(name, config, qualifier), config.get('Role')
            pool = lambda_runtime._workers.get(key) or []
            stale = [
                worker
                for worker in pool
                if not worker.in_use and getattr(worker, 'cordon_role', role) != role
            ]
            pool[:] = [worker for worker in pool if worker not in stale]
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


def _environment(variables: dict, config: dict) -> dict:
    own = (config.get('Environment') or {}).get('Variables') or {}
    inherited = {name for name, text in os.environ.items() if variables.get(name) == text}
    leaked = inherited - _OF_THE_MACHINE - set(own)
    function = config.get('FunctionName', '')
    return {
        **{name: variables[name] for name in variables if name not in leaked},
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
