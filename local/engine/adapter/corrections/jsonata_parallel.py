"""A JSONata Parallel takes Arguments, Output and Assign, and a branch has its own variables.

Wrong: the engine silently ignores these fields. A variable that a branch assigns changes the outer
variable, and branches share a context, so task tokens in parallel branches are equal.
AWS: each branch receives the Arguments, Output and Assign see the results, and a branch reads outer
variables but assigns only its own.
"""

from __future__ import annotations

import contextvars
import copy
import threading
from typing import Any

from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'jsonata_parallel'
WRONG = (
    'A JSONata Parallel ignores Arguments, Output and Assign, '
    'and its branches share variables and task tokens.'
)
AWS = (
    'AWS Step Functions Developer Guide: Parallel workflow state; '
    'Passing data between states with variables'
)


def install() -> None:
    require(
        stepfunctions,
        '_state_query_language',
        '_apply_jsonata_arguments',
        '_apply_jsonata_output',
        '_apply_state_assign',
        '_run_sub_machine',
        '_next_or_end',
        '_ExecutionError',
    )
    wrap(stepfunctions, '_run_parallel_branches', _in_jsonata)


def _in_jsonata(run_branches: Any) -> Any:
    def run(state: dict, state_input: Any, execution: dict, ctx: dict) -> tuple:
        if stepfunctions._state_query_language(state, ctx) != 'JSONata':
            return run_branches(state, state_input, execution, ctx)
        arguments = stepfunctions._apply_jsonata_arguments(state, state_input, ctx)
        results = _results(state.get('Branches', []), arguments, execution, ctx)
        output = stepfunctions._apply_jsonata_output(
            state, state_input, ctx, result=results, default=results
        )
        stepfunctions._apply_state_assign(state, state_input, ctx, result=results)
        return output, stepfunctions._next_or_end(state)

    return run


def _results(branches: list[dict], arguments: Any, execution: dict, ctx: dict) -> list:
    results: list = [None] * len(branches)
    errors: list = []

    def run(index: int, branch: dict, branch_context: dict) -> None:
        try:
            results[index] = stepfunctions._run_sub_machine(
                branch.get('States', {}),
                branch.get('StartAt'),
                arguments,
                execution,
                branch_context,
            )
        except stepfunctions._ExecutionError as error:
            errors.append(error)
        except Exception as error:  # fail the branch as the engine does
            errors.append(stepfunctions._ExecutionError('States.BranchFailed', str(error)))

    threads = [
        threading.Thread(
            target=contextvars.copy_context().run,
            args=(run, index, branch, copy.deepcopy(ctx)),
            daemon=True,
        )
        for index, branch in enumerate(branches)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
