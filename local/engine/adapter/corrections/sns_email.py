"""SNS e-mail subscriptions write mails into an inbox, and Publish checks subject and message.

Wrong: a delivery to an e-mail endpoint is only a line in the log of the engine, and Publish takes
any subject and an empty message.
AWS: the subscriber gets a plain-text mail with a footer for unsubscribing. A subject is at most 100
ASCII characters without control characters, and a message is not empty.
The inbox is `$CORDON_RUN_DIR/inbox`; without that variable no mail is written.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import sns

from adapter import disk_faults, inbox
from adapter.patching import require, wrap

NAME = 'sns_email'
WRONG = 'SNS e-mail is a line in the log, and Publish takes subjects and messages that SNS refuses.'
AWS = 'Amazon SNS API Reference: Publish; Amazon SNS Developer Guide: Email notifications'

# AWS documents: a subject begins with a letter, number or punctuation mark, has no line break or
# control character, and has at most 100 characters.
_SUBJECT = re.compile(r'[\x21-\x7e][\x20-\x7e]{0,99}\Z')


def install() -> None:
    require(
        sns,
        '_resolve_message_for_protocol',
        '_matches_filter_policy',
        '_topic_by_arn_any_scope',
        'SnsPublishError',
    )
    wrap(sns, 'publish_internal', _checked)
    wrap(sns, '_fanout', _with_mail)


def _checked(publish: Any) -> Any:
    def publish_checked(topic_arn: str, message: Any, subject: str = '', **options: Any) -> Any:
        if subject and not _SUBJECT.match(subject):
            raise sns.SnsPublishError('InvalidParameter', 'Invalid parameter: Subject')
        if message in ('', None):
            raise sns.SnsPublishError('InvalidParameter', 'Invalid parameter: Empty message')
        return publish(topic_arn, message, subject, **options)

    return publish_checked


def _with_mail(fanout: Any) -> Any:
    def fanout_with_mail(
        topic_arn: str,
        msg_id: str,
        message: str,
        subject: str,
        structure: str = '',
        attributes: Any = None,
        **options: Any,
    ) -> None:
        fanout(topic_arn, msg_id, message, subject, structure, attributes, **options)
        topic = sns._topic_by_arn_any_scope(topic_arn) or {'subscriptions': []}
        for subscription in topic['subscriptions']:
            if subscription.get('confirmed') and subscription.get('protocol') == 'email':
                text = sns._resolve_message_for_protocol(message, structure, 'email')
                if sns._matches_filter_policy(subscription, attributes or {}, text):
                    _deliver(topic_arn, subscription, subject, text)

    return fanout_with_mail


def _deliver(topic_arn: str, subscription: dict, subject: str, text: str) -> None:
    """Write a mail, and report one that a full disk refuses."""
    try:
        inbox.write(topic_arn, subscription, subject, text)
    except OSError as error:
        if disk_faults.is_full_disk(error):
            disk_faults.report_mail(error, subscription['endpoint'], subject, text)
        raise
