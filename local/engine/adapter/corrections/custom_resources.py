"""A custom resource fails as soon as its function has failed.

Not wrong, but slow: when the function cannot start or throws, the stack waits for ServiceTimeout,
an hour by default.
AWS: CloudFormation waits as long, because the function may be retried. The engine does not retry
it, so waiting changes nothing.
"""

from __future__ import annotations

import json
from typing import Any

from ministack.services import lambda_svc
from ministack.services.cloudformation import custom_resource

from adapter.patching import require, wrap

NAME = 'custom_resources'
WRONG = 'A stack waits an hour for a custom resource whose function could not start.'
AWS = 'AWS CloudFormation User Guide: Custom resources'


def install() -> None:
    require(custom_resource, 'deliver_response')
    wrap(lambda_svc, '_execute_function_with_config_scope', _failing_fast)


def _failing_fast(execute: Any) -> Any:
    def executed(record: dict, event: Any, *more: Any, **options: Any) -> dict:
        result = execute(record, event, *more, **options)
        if (
            isinstance(event, dict)
            and event.get('ResponseURL')
            and event.get('StackId')
            and result.get('error')
        ):
            error = json.dumps(result.get('body'), default=str)[:300]
            reason = f'the function of the custom resource failed: {error}'
            custom_resource.deliver_response(
                event['ResponseURL'].rsplit('/', 1)[-1], {'Status': 'FAILED', 'Reason': reason}
            )
        return result

    return executed
