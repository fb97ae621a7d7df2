"""Writes each mail as an RFC 5322 file.

Mails of SNS subscriptions are `$CORDON_RUN_DIR/inbox/<time>-<sequence>.eml`; those of Cognito to
users of the application are in `users-inbox` beside it.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from datetime import datetime, timezone
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

_SENDER = 'AWS Notifications <no-reply@sns.amazonaws.com>'
_sequence = itertools.count(1)


def write(topic_arn: str, subscription: dict, subject: str, text: str) -> None:
    """Write a mail of a subscription into the inbox of the security team."""
    now, number = datetime.now(timezone.utc), next(_sequence)
    mail = _mail(topic_arn, subscription, subject, text, now, number)
    _store('inbox', mail, now, number)


def write_to_user(address: str, subject: str, text: str) -> None:
    """Write a mail to a user of the application, apart from those of the security team."""
    now, number = datetime.now(timezone.utc), next(_sequence)
    mail = EmailMessage()
    mail['To'], mail['Subject'], mail['Date'] = address, subject, format_datetime(now)
    mail.set_content(text, cte='8bit')
    _store('users-inbox', mail, now, number)


def _store(name: str, mail: EmailMessage, now: datetime, number: int) -> None:
    """Write a mail under a temporary name and rename it, so a reader never sees a part of it."""
    run_dir = os.environ.get('CORDON_RUN_DIR')
    if not run_dir:
        return
    folder = Path(run_dir, name)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix='.', suffix='.tmp')
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(mail.as_bytes(policy=SMTP))
        os.rename(
            temporary,
            folder / f'{now:%Y%m%dT%H%M%S}.{now.microsecond // 1000:03d}Z-{number:05d}.eml',
        )
    except OSError:
        os.unlink(temporary)
        raise


def _mail(
    topic_arn: str, subscription: dict, subject: str, text: str, now: datetime, number: int
) -> EmailMessage:
    mail = EmailMessage()
    mail['From'] = _SENDER
    mail['To'] = subscription['endpoint']
    mail['Subject'] = subject or 'AWS Notification Message'
    mail['Date'] = format_datetime(now)
    mail['Message-ID'] = f'<{now:%Y%m%d%H%M%S}.{number}.{os.getpid()}@sns.amazonaws.com>'
    mail['X-Cordon-Topic'] = topic_arn
    mail.set_content(f'{text}\n\n{_footer(topic_arn, subscription)}\n', cte='8bit')
    return mail


def _footer(topic_arn: str, subscription: dict) -> str:
    region = topic_arn.split(':')[3]
    address, arn = subscription['endpoint'], subscription['arn']
    endpoint = quote(address, safe='@')
    page = f'https://sns.{region}.amazonaws.com/unsubscribe.html'
    link = f'{page}?SubscriptionArn={arn}&Endpoint={endpoint}'
    return (
        '--\n'
        'If you wish to stop receiving notifications from this topic, '
        'please click or visit the link below to unsubscribe:\n'
        f'{link}\n\n'
        'Please do not reply directly to this email. '
        'If you have any questions or comments regarding this email, '
        'please contact us at https://aws.amazon.com/support'
    )
