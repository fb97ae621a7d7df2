"""A state that waits for a task of ECS fails with the task.

Wrong: `ecs:runTask.sync` succeeds although the container ended with an error or never started,
gives up after ten minutes, and its answer is that of DescribeTasks.
AWS: it fails with States.TaskFailed and the task as its cause, waits for the time limit of the
state, and its output is the task with names that begin with capitals.
"""

from __future__ import annotations

import json
import time
from typing import Any

from ministack.services import ecs, stepfunctions

from adapter.patching import require, wrap

NAME = 'task_outcomes'
WRONG = 'ecs:runTask.sync succeeds although its container has failed.'
AWS = 'AWS Step Functions Developer Guide: Run an Amazon ECS or Fargate task; Run a Job (.sync)'

_POLL_SECONDS = 0.1


def install() -> None:
    require(stepfunctions, '_ExecutionError', '_invoke_ecs_run_task', '_pascal_to_camel')
    require(ecs, '_describe_tasks')
    wrap(stepfunctions, '_poll_ecs_tasks', lambda _stock: _waited_for)


def _waited_for(cluster: str, tasks: list) -> dict:
    while True:
        status, _headers, body = ecs._describe_tasks({'cluster': cluster, 'tasks': tasks})
        described = (json.loads(body) if body else {}).get('tasks', [])
        if status >= 400 or not described:
            raise stepfunctions._ExecutionError('States.TaskFailed', 'The task is gone.')
        if all(task.get('lastStatus') == 'STOPPED' for task in described):
            return _outcome(described)
        time.sleep(_POLL_SECONDS)


def _outcome(tasks: list) -> dict:
    for task in tasks:
        codes = [container.get('exitCode') for container in task.get('containers', [])]
        if task.get('stopCode') != 'EssentialContainerExited' or any(code != 0 for code in codes):
            raise stepfunctions._ExecutionError('States.TaskFailed', json.dumps(_pascal(task)))
    return _pascal(tasks[0])


def _pascal(value: Any) -> Any:
    if isinstance(value, list):
        return [_pascal(entry) for entry in value]
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: _pascal(entry) for name, entry in value.items()}
    return value
