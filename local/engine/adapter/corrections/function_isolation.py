"""The process of a function cannot reach the person who runs the engine.

Wrong: a function, a function of CloudFront and a script of a Glue job are processes of the person,
with the person's files and processes in reach.
AWS: a function runs in an execution environment of its own, and writes to its own /tmp only.
"""

from __future__ import annotations

import functools
import json
import os
from types import SimpleNamespace
from typing import Any

from ministack.core import lambda_runtime, node_pool
from ministack.services import glue, lambda_svc

from adapter import isolation
from adapter.patching import require, wrap

NAME = 'function_isolation'
WRONG = 'Functions run as the person who runs the engine, and can read and end what is theirs.'
AWS = (
    'AWS Lambda Developer Guide: Understanding the Lambda execution environment lifecycle; '
    'Security Overview of AWS Lambda: Lambda isolation technologies'
)

_OF_THE_MACHINE = frozenset({'PATH', 'HOME', 'LANG', 'TMPDIR', 'NODE_PATH'})


@functools.cache
def found() -> isolation.Isolation:
    """The isolation that this machine allows; trying it takes a moment."""
    folder = os.path.abspath(os.environ.get('TMPDIR') or os.path.join(os.environ['HOME'], 'tmp'))
    ports = os.environ.get('CORDON_FUNCTION_PORTS', '')
    return isolation.find(folder, int(os.environ.get('GATEWAY_PORT', '0')), ports)


def install() -> None:
    here = found()
    _tell(here)
    wrap(glue, '_execute_subprocess', _not_run)
    for module in (lambda_runtime, lambda_svc, node_pool):
        require(module, 'subprocess')
        real = module.subprocess
        module.subprocess = SimpleNamespace(
            **{
                **vars(real),
                'Popen': _confined(real.Popen, here),
                'run': _confined(real.run, here),
            }
        )


def _tell(here: isolation.Isolation) -> None:
    """Leave a note for the command line, which says it to the person."""
    run = os.environ.get('CORDON_RUN_DIR')
    if run:
        with open(os.path.join(run, 'functions.json'), 'w') as file:
            json.dump(isolation.describe(here), file)


def _not_run(_execute: Any) -> Any:
    def executed(run: dict, *_arguments: Any) -> None:
        run['JobRunState'] = 'FAILED'
        run['ErrorMessage'] = 'The local engine does not run scripts of Glue jobs.'

    return executed


def _confined(start: Any, here: isolation.Isolation) -> Any:
    def started(command: list, **options: Any) -> Any:
        folder = options.get('cwd')
        own = os.path.dirname(folder) if folder and os.path.basename(folder) == 'code' else None
        if folder and own is None:
            _let_read(folder)
        confined = isolation.confine(here, command, folder, own)
        if options.get('env') is None:
            options['env'] = {
                name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ
            }
        options['env'] = {**options['env'], **confined.variables}
        return start(confined.command, **options)

    return started


def _let_read(folder: str) -> None:
    """Code that several processes share cannot be given to the user of one of them."""
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                mode = os.stat(path).st_mode
                os.chmod(path, mode | (0o555 if mode & 0o100 else 0o444))
    os.chmod(folder, 0o755)
