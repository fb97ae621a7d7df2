"""StartExecution is idempotent and checks its input.

Wrong: a repeated name is always `ExecutionAlreadyExists`, and the input may be no JSON or have any
size.
AWS: a repeat with the same input answers with the execution that is still running. Input that is no
JSON is `InvalidExecutionInput`, and more than 256 KiB is refused.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'execution_names'
WRONG = (
    'StartExecution never answers a repeat with the running execution, '
    'and takes input that is no JSON.'
)
AWS = 'AWS Step Functions API Reference: StartExecution'

_LARGEST = 256 * 1024


def install() -> None:
    require(stepfunctions, '_executions', '_state_machines', '_resolve_state_machine_arn')
    wrap(stepfunctions, '_start_execution', _idempotent)


def _idempotent(start: Any) -> Any:
    def started(data: dict) -> tuple:
        execution_input = data.get('input', '{}')
        if len(execution_input.encode(errors='surrogatepass')) > _LARGEST:
            return error_response_json(
                'ValidationException',
                f"Value at 'input' must have length less than or equal to {_LARGEST}",
                400,
            )
        try:
            json.loads(execution_input)
        except ValueError as error:
            return error_response_json(
                'InvalidExecutionInput', f"Invalid State Machine Execution Input: '{error}'", 400
            )
        running = _running(data)
        if running and running['input'] == execution_input:
            return json_response(
                {'executionArn': running['executionArn'], 'startDate': running['startDate']}
            )
        return start(data)

    return started


def _running(data: dict) -> dict | None:
    machine = stepfunctions._state_machines.get(
        stepfunctions._resolve_state_machine_arn(data.get('stateMachineArn', '').split('#')[0])
    )
    if not machine or not data.get('name'):
        return None
    path = f'{machine["name"]}:{data["name"]}'
    arn = f'arn:aws:states:{get_region()}:{get_account_id()}:execution:{path}'
    execution = stepfunctions._executions.get(arn)
    return execution if execution and execution['status'] == 'RUNNING' else None
