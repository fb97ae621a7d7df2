"""The metrics of queues, executions and rules that alarms watch.

Wrong: only Lambda publishes metrics, so an alarm on a dead-letter queue never has data.
AWS: AWS/SQS counts the messages of a queue, AWS/States the endings of executions, and AWS/Events
the events that could not be delivered.
AWS samples a queue each minute. Here it is sampled each second, with a single point a minute, so a
test does not wait a minute for an alarm.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs, stepfunctions

from adapter import dead_letters
from adapter.patching import require, wrap

NAME = 'sqs_metrics'
WRONG = (
    'Queues, executions and rules publish no metrics, '
    'so an alarm on a dead-letter queue never has data.'
)
AWS = (
    'Amazon SQS Developer Guide: Available CloudWatch metrics; '
    'AWS Step Functions Developer Guide: Monitoring with CloudWatch; '
    'Amazon EventBridge User Guide: Monitoring'
)

_ENDINGS = {
    'FAILED': 'ExecutionsFailed',
    'TIMED_OUT': 'ExecutionsTimedOut',
    'ABORTED': 'ExecutionsAborted',
    'SUCCEEDED': 'ExecutionsSucceeded',
}
_GAUGES = {
    'ApproximateNumberOfMessages': 'ApproximateNumberOfMessagesVisible',
    'ApproximateNumberOfMessagesNotVisible': 'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed': 'ApproximateNumberOfMessagesDelayed',
}


def install() -> None:
    require(sqs, '_queues', '_refresh_counts')
    require(cloudwatch, 'record_metric', '_metric_bucket', '_dims_key', '_evaluate_all_alarms')
    wrap(stepfunctions, '_emit_execution_status_event', _counting_executions)
    wrap(dead_letters, 'send', _counting_letters)
    threading.Thread(target=_sample_forever, daemon=True, name='cordon-metrics').start()


def _counting_executions(emit: Any) -> Any:
    def emitted(execution: dict) -> None:
        metric = _ENDINGS.get(execution['status'], 'ExecutionsStarted')
        cloudwatch.record_metric(
            'AWS/States', metric, 1, 'Count', {'StateMachineArn': execution['stateMachineArn']}
        )
        emit(execution)

    return emitted


def _counting_letters(send: Any) -> Any:
    def sent(target: dict, rule: dict, *rest: Any, **more: Any) -> bool:
        has_arrived = send(target, rule, *rest, **more)
        bus = rule.get('EventBusName', 'default')
        dimensions = {
            'RuleName': rule.get('Name', ''),
            **({'EventBusName': bus} if bus != 'default' else {}),
        }
        metrics = ['FailedInvocations']
        if target.get('DeadLetterConfig'):
            metrics.append(
                'InvocationsSentToDlq' if has_arrived else 'InvocationsFailedToBeSentToDlq'
            )
        for name in metrics:
            cloudwatch.record_metric('AWS/Events', name, 1, 'Count', dimensions)
        return has_arrived

    return sent


def _sample_forever() -> None:
    account = os.environ.get('MINISTACK_ACCOUNT_ID', '000000000000')
    region = os.environ.get('MINISTACK_REGION', 'us-east-1')
    while True:
        time.sleep(1)
        with request_scope(account, region):
            try:
                for queue in list(sqs._queues.values()):
                    _sample(queue)
                cloudwatch._evaluate_all_alarms()
            # A queue may change while it is read; the next second reads it again.
            except Exception:
                cloudwatch.logger.warning('cordon: no sample of the queues', exc_info=True)


def _sample(queue: dict) -> None:
    sqs._refresh_counts(queue)
    dimensions = {
        'QueueName': queue['attributes'].get('QueueArn', queue.get('name', '')).rsplit(':', 1)[-1]
    }
    for attribute, metric in _GAUGES.items():
        key = ('AWS/SQS', metric, cloudwatch._dims_key(dimensions))
        points, now = cloudwatch._metric_bucket(key), time.time()
        point = {
            'Timestamp': now,
            'Value': float(queue['attributes'].get(attribute, 0)),
            'Unit': 'Count',
            'Dimensions': dimensions,
        }
        if points and int(points[-1]['Timestamp'] // 60) == int(now // 60):
            points[-1] = point
        else:
            points.append(point)
