"""A JSONata Parallel state takes Arguments, Output and Assign, and a branch has variables of its own.

Wrong: the three fields are ignored without a word, a variable assigned in a branch changes the outer one, and branches share one
context, so that two task tokens in parallel branches are the same token. AWS: Arguments are what each branch gets, Output and
Assign see the results, and a branch reads outer variables but assigns only its own.
"""

from __future__ import annotations

import contextvars
import copy
import threading
from typing import Any

from ministack.services import stepfunctions

from adapter.patching import require, wrap

NAME = 'jsonata_parallel'
WRONG = 'A JSONata Parallel ignores Arguments, Output and Assign, and its branches share variables and task tokens.'
AWS = 'AWS Step Functions Developer Guide: Parallel workflow state; Passing data between states with variables'


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
    def run(state: dict, given: Any, execution: dict, ctx: dict) -> tuple:
        if stepfunctions._state_query_language(state, ctx) != 'JSONata':
            return run_branches(state, given, execution, ctx)
        arguments = stepfunctions._apply_jsonata_arguments(state, given, ctx)
        results = _results(state.get('Branches', []), arguments, execution, ctx)
        output = stepfunctions._apply_jsonata_output(
            state, given, ctx, result=results, default=results
        )
        stepfunctions._apply_state_assign(state, given, ctx, result=results)
        return output, stepfunctions._next_or_end(state)

    return run


def _results(branches: list[dict], arguments: Any, execution: dict, ctx: dict) -> list:
    results: list = [None] * len(branches)
    errors: list = []

    def run(index: int, branch: dict, own: dict) -> None:
        try:
            results[index] = stepfunctions._run_sub_machine(
                branch.get('States', {}), branch.get('StartAt'), arguments, execution, own
            )
        except stepfunctions._ExecutionError as error:
            errors.append(error)
        except Exception as error:  # the engine's own failure, told as it tells it
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
