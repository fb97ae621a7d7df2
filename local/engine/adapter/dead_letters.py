"""Messages in the dead-letter queue of a rule target, as EventBridge documents them."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import sqs


class Undeliverable(BaseException):
    """A target did not accept an event.

    This is no Exception, because the dispatch of the engine swallows exceptions.
    """

    def __init__(self, code: str, message: str, retriable: bool = False) -> None:
        super().__init__(message)
        self.code, self.retriable = code, retriable


def send(
    target: dict,
    rule: dict,
    view: Any,
    error: Undeliverable,
    attempts: int = 0,
    exhausted: str = '',
) -> bool:
    """Put the event into the dead-letter queue of the target; gives whether it is there.

    Without a queue the event is dropped, as on AWS.
    """
    queue = sqs._queue_by_arn((target.get('DeadLetterConfig') or {}).get('Arn', ''))
    if not queue:
        return False
    body, now = json.dumps(view.event_with_detail()), time.time()
    message = {
        'id': new_uuid(),
        'body': body,
        'md5_body': hashlib.md5(body.encode()).hexdigest(),
        'sent_at': now,
        'visible_at': now,
        'message_attributes': _attributes(
            RULE_ARN=rule.get('Arn', ''),
            TARGET_ARN=target.get('Arn', ''),
            ERROR_CODE=error.code,
            ERROR_MESSAGE=str(error),
            EXHAUSTED_RETRY_CONDITION=exhausted,
            RETRY_ATTEMPTS=str(attempts),
        ),
    }
    sqs._ensure_msg_fields(message)
    queue['messages'].append(message)
    return True


def _attributes(**texts: str) -> dict:
    return {
        name: {'DataType': 'String', 'StringValue': text} for name, text in texts.items() if text
    }
