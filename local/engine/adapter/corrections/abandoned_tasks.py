"""A task of ECS is stopped with the state that waits for it.

Wrong: when an execution is stopped, when a state runs out of time, or when another branch of its
Parallel has failed, the task of `ecs:runTask.sync` goes on, and a retry may start another one.
AWS: Step Functions stops the task that nobody waits for any more.
Map states are left as they are: their other items come to their end first.
"""

from __future__ import annotations

import contextvars
import threading
from typing import Any, Callable

from ministack.services import ecs, stepfunctions

from adapter.patching import require, wrap

NAME = 'abandoned_tasks'
WRONG = 'A task of ECS goes on after the state that waited for it has ended.'
AWS = 'AWS Step Functions Developer Guide: Run a Job (.sync); Manage Amazon ECS or Fargate tasks'

_RUN_TASK = 'arn:aws:states:::ecs:runTask'
_POLL_SECONDS = 0.1

_execution: contextvars.ContextVar = contextvars.ContextVar('execution', default=None)
# Each is set when what is around the work has ended: a state with a time limit, or a Parallel.
_endings: contextvars.ContextVar = contextvars.ContextVar('endings', default=())
_parallel: contextvars.ContextVar = contextvars.ContextVar('parallel', default=None)


class _Abandoned(BaseException):
    """Ends the work for a state that has ended: no Retry and no Catch of it applies."""


def install() -> None:
    require(stepfunctions, '_ExecutionError', '_SERVICE_DISPATCH')
    require(ecs, '_stop_task')
    wrap(stepfunctions, '_run_execution', _ending_quietly)
    wrap(stepfunctions, '_execute_task', _in_execution)
    wrap(stepfunctions, '_invoke_resource_with_timeout', _in_time)
    wrap(stepfunctions, '_run_parallel_branches', _beside_others)
    wrap(stepfunctions, '_run_map_items', _outside_parallel)
    wrap(stepfunctions, '_run_sub_machine', _ending_others)
    wrap(stepfunctions, '_invoke_ecs_run_task', _only_for_somebody)
    wrap(stepfunctions, '_poll_ecs_tasks', _stopping)
    stepfunctions._SERVICE_DISPATCH[_RUN_TASK] = stepfunctions._invoke_ecs_run_task


def _is_abandoned() -> bool:
    execution = _execution.get()
    has_ended = execution is not None and execution.get('status', 'RUNNING') != 'RUNNING'
    return has_ended or any(ending.is_set() for ending in _endings.get())


def _ending_quietly(run: Any) -> Any:
    def ran(arn: str) -> None:
        try:
            run(arn)
        except _Abandoned:
            pass  # the execution has its status already

    return ran


def _within(variable: contextvars.ContextVar, value: Any, work: Callable[[], Any]) -> Any:
    token = variable.set(value)
    try:
        return work()
    finally:
        variable.reset(token)


def _in_execution(execute: Any) -> Any:
    def executed(state: dict, state_input: Any, execution: dict, ctx: dict) -> tuple:
        return _within(_execution, execution, lambda: execute(state, state_input, execution, ctx))

    return executed


def _in_time(invoke: Any) -> Any:
    def invoked(*arguments: Any) -> Any:
        ending = threading.Event()
        try:
            return _within(_endings, (*_endings.get(), ending), lambda: invoke(*arguments))
        finally:
            ending.set()

    return invoked


def _beside_others(run: Any) -> Any:
    def ran(*arguments: Any) -> tuple:
        ending = threading.Event()
        endings = (*_endings.get(), ending)
        return _within(
            _parallel, ending, lambda: _within(_endings, endings, lambda: run(*arguments))
        )

    return ran


def _outside_parallel(run: Any) -> Any:
    """A failed item need not be the failure of the branch that its Map is in."""
    return lambda *arguments: _within(_parallel, None, lambda: run(*arguments))


def _ending_others(run: Any) -> Any:
    def ran(*arguments: Any) -> Any:
        try:
            return run(*arguments)
        except _Abandoned:
            return None  # the branch that has failed tells why
        except Exception:
            if ending := _parallel.get():
                ending.set()
            raise

    return ran


def _only_for_somebody(run: Any) -> Any:
    def ran(*arguments: Any) -> Any:
        if _is_abandoned():
            raise _Abandoned
        return run(*arguments)

    return ran


def _stopping(wait: Any) -> Any:
    def waited(cluster: str, tasks: list) -> dict:
        done = threading.Event()

        def watch() -> None:
            while not done.wait(_POLL_SECONDS):
                if _is_abandoned():
                    for task in tasks:
                        ecs._stop_task({'cluster': cluster, 'task': task})
                    return

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(watch,), daemon=True).start()
        try:
            return wait(cluster, tasks)
        except stepfunctions._ExecutionError:
            if _is_abandoned():
                raise _Abandoned from None
            raise
        finally:
            done.set()

    return waited
