"""What Schemathesis cannot read from the document, and checks that it does not have."""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import MutableMapping
from itertools import cycle

import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response, cli
from schemathesis.engine import Status, events


# TEST-NET-2: one address may send 1,000 requests in a minute, and a run sends more.
_addresses = cycle(f'198.51.100.{host}' for host in range(1, 255))


@schemathesis.hook
def map_case(context: HookContext, case: Case) -> Case:
    """Play several clients, and leave out invented cursors where the request is meant to be valid.

    A cursor is valid only if the API answered it to the same filters and order, which no schema can
    say. Requests that are meant to be invalid keep theirs.
    """
    if isinstance(case.headers, MutableMapping):
        case.headers['X-Forwarded-For'] = next(_addresses)
    if case.meta is not None and case.meta.generation.mode.is_positive and case.query:
        case.query.pop('cursor', None)
    return case


_served: set[str] = set()


@schemathesis.hook
def after_call(context: HookContext, case: Case, response: Response) -> None:
    """Remember which operations have succeeded: refusals alone say little about an operation."""
    is_own_method = str(response.request.method) == case.operation.method.upper()
    if is_own_method and 200 <= response.status_code < 300:
        _served.add(case.operation.label)


# Case id -> whether all its checks passed. A scenario that repeats a case may turn it into a
# failure.
_cases: dict[str, bool] = {}


@cli.handler()
class CaseCounts(cli.EventHandler):
    """Count the cases that were sent, by whether a check of theirs failed."""

    def handle_event(self, ctx: object, event: object) -> None:
        if not isinstance(event, events.ScenarioFinished):
            return
        for case_id in event.recorder.interactions:
            checks = event.recorder.checks.get(case_id, [])
            passed = all(check.status == Status.SUCCESS for check in checks)
            _cases[case_id] = _cases.get(case_id, True) and passed


@atexit.register
def _tell() -> None:
    passed = sum(_cases.values())
    told = {'served': sorted(_served), 'passed': passed, 'failed': len(_cases) - passed}
    with open(os.environ['CORDON_OPENAPI_SERVED'], 'w', encoding='utf-8') as file:
        json.dump(told, file)


@schemathesis.check
def undeclared_method_is_not_found(ctx: CheckContext, response: Response, case: Case) -> None:
    """A method that a path does not have is a 404 (or 405), never another route's answer."""
    method = str(response.request.method).lower()
    declared = {name.lower() for name in case.operation.schema[case.operation.path]}
    if method in declared or method == 'options':
        return
    if response.status_code not in (403, 404, 405):
        raise AssertionError(
            f'{method.upper()} is not in the document, but was answered with {response.status_code}'
        )


@schemathesis.check
def problem_names_its_request(ctx: CheckContext, response: Response, case: Case) -> None:
    """Every problem has the id of its request, so that a customer can quote it."""
    if response.status_code < 400:
        return
    headers = response.headers.get('x-amzn-requestid')
    if not headers:
        raise AssertionError('the header x-amzn-requestid is missing')
    if response.request.method == 'HEAD':
        return
    named = response.json().get('requestId')
    # AWS WAF sends everybody the same text, so that text refers to the header.
    request_id = headers[0]
    if named not in (request_id, 'see the header x-amzn-requestid'):
        raise AssertionError(f'requestId is {named!r}, x-amzn-requestid is {request_id!r}')


@schemathesis.check
def firewall_lets_the_run_pass(ctx: CheckContext, response: Response, case: Case) -> None:
    """A run that is refused for its rate tests nothing."""
    if response.status_code == 403 and response.headers.get('retry-after'):
        raise AssertionError('the firewall refused the request: too many of this run in a minute')
