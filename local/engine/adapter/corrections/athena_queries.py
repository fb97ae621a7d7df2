"""Athena reads CloudTrail's files.

Wrong: the engine cannot read a CloudTrail table (its input format, its `{"Records": [...]}`, its
partition projection), runs DuckDB's SQL instead of Athena's, ignores ExecutionParameters and
ClientRequestToken, gives the size of the answer as DataScannedInBytes, and ignores the settings of
the workgroup.
AWS: the user guide documents all of these, and Cordon relies on them.
sqlglot translates the dialect. It does not check types or the names in HAVING: a Trino parser and a
real Athena must do this.
For tests the tag `cordon-simulate` of the workgroup simulates a failure: `busy`, `queued`, `failed`
or `cancelled`.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextvars import ContextVar
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import athena, glue, s3

from adapter import athena_parameters, athena_trail
from adapter.patching import require, wrap

NAME = 'athena_queries'
WRONG = (
    'CloudTrail tables cannot be read, the dialect is not that of Athena, and parameters, tokens, '
    'scan limits and workgroup settings have no effect.'
)
AWS = (
    'Amazon Athena User Guide: Query AWS CloudTrail logs, Use partition projection, '
    'Use parameterized queries; Athena API Reference'
)

_started: dict[tuple[str, str], str] = {}
# The execution of the query that runs in this context.
_current: ContextVar[dict] = ContextVar('execution')


class ScanLimitError(RuntimeError):
    """The query would read more than its workgroup allows, so it is cancelled."""


def install() -> None:
    require(
        athena,
        '_start_query_execution',
        '_execute_query',
        '_run_duckdb',
        '_save_query_results',
        '_workgroups',
        '_executions',
        '_tags',
        '_arn_workgroup',
    )
    require(glue, '_tables')
    require(s3, '_buckets', '_get_object_data')
    wrap(athena, '_start_query_execution', _starting)
    wrap(athena, '_execute_query', _executing)
    wrap(athena, '_run_duckdb', _running)
    wrap(athena, '_save_query_results', _saving)


def _simulated_failure(workgroup: str) -> str:
    return (athena._tags.get(athena._arn_workgroup(workgroup)) or {}).get('cordon-simulate', '')


def _invalid_request(message: str) -> tuple:
    return error_response_json('InvalidRequestException', message, 400)


def _starting(start: Any) -> Any:
    def started(data: dict) -> tuple:
        workgroup, token = data.get('WorkGroup', 'primary'), data.get('ClientRequestToken', '')
        if workgroup not in athena._workgroups:
            return _invalid_request(f'WorkGroup {workgroup} is not found.')
        repeated_id = _started.get((workgroup, token)) if token else None
        if repeated_id in athena._executions:
            return json_response({'QueryExecutionId': repeated_id})
        if _simulated_failure(workgroup) == 'busy':
            return error_response_json(
                'TooManyRequestsException',
                'You have exceeded the limit for the number of queries you can run',
                400,
            )
        try:
            query = (
                athena_parameters.fill(data['QueryString'], data['ExecutionParameters'])
                if data.get('ExecutionParameters')
                else None
            )
        except ValueError as error:
            return _invalid_request(str(error))
        configuration = athena._workgroups[workgroup].get('Configuration') or {}
        is_enforced = (
            str(configuration.get('EnforceWorkGroupConfiguration', True)).lower() == 'true'
        )
        ignored = {'ResultConfiguration'} if is_enforced else set()
        request = {name: data[name] for name in data if name not in ignored}
        answer = start({**request, **({'QueryString': query} if query else {})})
        if token and answer[0] == 200:
            _started[(workgroup, token)] = json.loads(answer[2])['QueryExecutionId']
        return answer

    return started


def _executing(execute: Any) -> Any:
    async def executed(query_id: str, *arguments: Any) -> None:
        execution = athena._executions[query_id]
        status, failure = execution['Status'], _simulated_failure(execution['WorkGroup'])
        if failure == 'queued':
            return
        if failure in ('failed', 'cancelled'):
            status.update(
                State=failure.upper(),
                StateChangeReason=f'simulated: {failure}',
                CompletionDateTime=int(time.time()),
            )
            return
        _current.set(execution)
        await execute(query_id, *arguments)
        if '_over' in execution:
            status.update(State='CANCELLED', StateChangeReason=execution.pop('_over'))

    return executed


def _running(run: Any) -> Any:
    async def ran(query: str, database: str, catalog: str | None = None) -> dict:
        plan = await asyncio.to_thread(athena_trail.plan, query, database)
        if plan is None:
            return await run(query, database, catalog)
        execution = _current.get()
        execution['_scanned'] = plan.scanned
        configuration = athena._workgroups[execution['WorkGroup']].get('Configuration') or {}
        limit = int(configuration.get('BytesScannedCutoffPerQuery') or 0)
        if limit and plan.scanned > limit:
            plan.close()
            execution['_over'] = 'Query cancelled! : Bytes scanned limit was exceeded'
            raise ScanLimitError(execution['_over'])
        return await asyncio.to_thread(_run, plan)

    return ran


def _saving(save: Any) -> Any:
    """Set the scanned bytes before the answer is saved, because a caller may then read both."""

    async def saved(query_id: str) -> None:
        execution = athena._executions[query_id]
        if '_scanned' in execution:
            execution['Statistics']['DataScannedInBytes'] = execution.pop('_scanned')
        await save(query_id)

    return saved


def _run(plan: athena_trail.Plan) -> dict:
    connection = plan.rows.database.cursor()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for name, sql in plan.views.items():
            connection.execute(f'CREATE TEMP VIEW {name} AS {sql}')
        result = connection.execute(plan.sql)
        types = [
            athena._DUCKDB_TYPE_MAP.get(str(column[1]).upper().split('(')[0], 'varchar')
            for column in result.description
        ]
        rows = [list(row) for row in result.fetchall()]
        return {
            'columns': [column[0] for column in result.description],
            'column_types': types,
            'rows': rows,
        }
    finally:
        connection.close()
        plan.close()
