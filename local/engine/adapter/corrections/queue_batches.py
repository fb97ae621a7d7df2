"""A function gets as many messages of a queue as its mapping asks for.

Wrong: a batch never has more than ten messages, and every BatchSize is accepted.
AWS: a batch has up to BatchSize messages, 10,000 at most and 6 MB in all. More than ten need a
batching window, and a FIFO queue has ten at most.
A window is not waited for here: what a queue holds is handed over at once.
"""

from __future__ import annotations

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc, sqs

from adapter.cloudformation import after
from adapter.patching import require, wrap

NAME = 'queue_batches'
WRONG = 'A function gets ten messages of a queue at most, and every BatchSize is accepted.'
AWS = 'AWS Lambda Developer Guide: Creating and configuring an Amazon SQS event source mapping'

_SMALL, _MOST = 10, 10_000
_MOST_BYTES = 6 * 1024 * 1024


def install() -> None:
    require(sqs, '_queues_lock', '_get_q', '_expire_retained', '_dlq_sweep', '_collect_msgs')
    require(lambda_svc, '_esms')
    wrap(sqs, '_receive_messages_for_esm', _receiving)
    wrap(lambda_svc, '_create_esm', _checked)
    wrap(lambda_svc, '_update_esm', _checked_update)
    after('AWS::Lambda::EventSourceMapping', _checked_resource)


def _receiving(receive: Any) -> Any:
    def received(queue_url: str, size: int) -> list[dict]:
        if int(size or 1) <= _SMALL:
            return receive(queue_url, size)
        with sqs._queues_lock:
            queue = sqs._get_q(queue_url)
            sqs._expire_retained(queue)
            sqs._dlq_sweep(queue)
            visibility = int(queue['attributes'].get('VisibilityTimeout', '30'))
            return sqs._collect_msgs(queue, _fitting(queue, int(size)), visibility)

    return received


def _fitting(queue: dict, size: int) -> int:
    """How many of the next messages fit into the request of a function; one always does."""
    left, count = _MOST_BYTES, 0
    for message in queue['messages'][:size]:
        left -= len(str(message.get('body', '')).encode())
        if left < 0 and count > 0:
            break
        count += 1
    return max(count, 1)


def _problem(source: str, size: Any, window: Any) -> str | None:
    size, window = int(size or _SMALL), int(window or 0)
    if ':sqs:' not in source or size <= _SMALL:
        return None
    if source.endswith('.fifo'):
        return 'Batch size must be less than or equal to 10 for a FIFO queue.'
    if size > _MOST:
        return f'Batch size must be less than or equal to {_MOST}.'
    if window < 1:
        return (
            'Maximum batch window in seconds must be greater than 0 if maximum batch size is '
            'greater than 10'
        )
    return None


def _refused(text: str) -> tuple:
    return error_response_json('InvalidParameterValueException', text, 400)


def _checked(create: Any) -> Any:
    def created(data: dict) -> tuple:
        window = data.get('MaximumBatchingWindowInSeconds')
        problem = _problem(data.get('EventSourceArn', ''), data.get('BatchSize'), window)
        return _refused(problem) if problem else create(data)

    return created


def _checked_update(update: Any) -> Any:
    def updated(mapping_id: str, data: dict) -> tuple:
        asked = {**lambda_svc._esms.get(mapping_id, {}), **data}
        window = asked.get('MaximumBatchingWindowInSeconds')
        problem = _problem(asked.get('EventSourceArn', ''), asked.get('BatchSize'), window)
        return _refused(problem) if problem else update(mapping_id, data)

    return updated


def _checked_resource(mapping_id: str, properties: dict, _old: dict) -> None:
    window = properties.get('MaximumBatchingWindowInSeconds')
    source = properties.get('EventSourceArn', '')
    problem = _problem(source, properties.get('BatchSize'), window)
    if problem:
        lambda_svc._esms.pop(mapping_id, None)
        raise ValueError(problem)
