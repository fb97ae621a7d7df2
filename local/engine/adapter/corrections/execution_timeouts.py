"""Time limits of tasks and executions: expressions, heartbeats, and the limit of a state machine.

Wrong: TimeoutSeconds of a task fails when it is a JSONata expression. HeartbeatSeconds and the
TimeoutSeconds of a state machine have no effect.
AWS: both fields of a task may be expressions. A callback task without a heartbeat in time fails
with `States.HeartbeatTimeout`. An execution beyond the limit of its state machine is TIMED_OUT.
"""

from __future__ import annotations

import contextvars
import json
import threading
import time
from typing import Any

from ministack.core.responses import now_iso
from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'execution_timeouts'
WRONG = (
    'HeartbeatSeconds and the TimeoutSeconds of a state machine have no effect; '
    'the limit of a task cannot be an expression.'
)
AWS = 'AWS Step Functions Developer Guide: Task workflow state; State machine structure'

_FIELDS = ('TimeoutSeconds', 'HeartbeatSeconds')


def install() -> None:
    require(
        stepfunctions,
        '_task_tokens',
        '_executions',
        '_state_machines',
        '_jsonata_state_field',
        '_add_event',
    )
    wrap(stepfunctions, '_execute_task', _with_limits)
    wrap(stepfunctions, '_invoke_with_callback', _with_heartbeat)
    wrap(stepfunctions, '_run_execution', _with_deadline)
    wrap(stepfunctions, '_fail_execution', _only_running)


def _with_limits(execute: Any) -> Any:
    def executed(state: dict, state_input: Any, execution: dict, ctx: dict) -> tuple:
        expressions = [field for field in _FIELDS if isinstance(state.get(field), str)]
        limits = {
            field: stepfunctions._jsonata_state_field(state, field, 'number', state_input, ctx)
            for field in expressions
        }
        return execute({**state, **limits}, state_input, execution, ctx)

    return executed


def _with_heartbeat(invoke: Any) -> Any:
    def invoked(resource: str, data: Any, token: str, state: dict) -> Any:
        if state.get('HeartbeatSeconds'):
            threading.Thread(
                target=_watch_heartbeat, args=(token, float(state['HeartbeatSeconds'])), daemon=True
            ).start()
        return invoke(resource, data, token, state)

    return invoked


def _watch_heartbeat(token: str, limit: float) -> None:
    """Fail the task when no heartbeat comes for `limit` seconds."""
    last, since = None, time.monotonic()
    while time.monotonic() - since < limit:
        time.sleep(0.05)
        task = stepfunctions._task_tokens.get(token)
        if task and task['event'].is_set():
            return
        if task and task['heartbeat'] != last:
            last, since = task['heartbeat'], time.monotonic()
    task = stepfunctions._task_tokens.get(token)
    if task and not task['event'].is_set():
        task['error'] = {'Error': 'States.HeartbeatTimeout', 'Cause': ''}
        task['event'].set()


def _with_deadline(run: Any) -> Any:
    def ran(arn: str) -> None:
        limit = _limit(stepfunctions._executions.get(arn))
        if not limit:
            run(arn)
            return
        timer = threading.Timer(limit, contextvars.copy_context().run, args=(_time_out, arn))
        timer.daemon = True
        timer.start()
        try:
            run(arn)
        finally:
            # Without this, a thread would wait for the limit after its execution has ended.
            timer.cancel()

    return ran


def _limit(execution: dict | None) -> float:
    machine = stepfunctions._state_machines.get((execution or {}).get('stateMachineArn', ''))
    try:
        return float(json.loads(machine['definition']).get('TimeoutSeconds', 0)) if machine else 0
    except ValueError:
        return 0


def _time_out(arn: str) -> None:
    execution = stepfunctions._executions.get(arn)
    if not execution or execution['status'] != 'RUNNING':
        return
    execution.update(status='TIMED_OUT', error='States.Timeout', cause='', stopDate=now_iso())
    stepfunctions._add_event(
        execution,
        'ExecutionTimedOut',
        {'executionTimedOutEventDetails': {'error': 'States.Timeout'}},
    )
    stepfunctions._emit_execution_status_event(execution)


def _only_running(fail: Any) -> Any:
    def failed(execution: dict, error: str, cause: str) -> None:
        if execution['status'] == 'RUNNING':
            fail(execution, error, cause)

    return failed
