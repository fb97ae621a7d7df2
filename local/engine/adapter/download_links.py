"""Signs and checks the addresses under which the engine serves code and layers of functions."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta, timezone

from adapter import root_key

VALID_SECONDS = 600
_FORMAT = '%Y%m%dT%H%M%SZ'


def query_of(path: str) -> str:
    """Give the query string that opens this path for ten minutes."""
    date = datetime.now(timezone.utc).strftime(_FORMAT)
    return (
        f'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-Expires={VALID_SECONDS}'
        f'&X-Amz-SignedHeaders=host&X-Amz-Signature={_signature(path, date)}'
    )


def opens(path: str, query: dict[str, list[str]]) -> bool:
    """Whether this query string opens this path now."""
    date, signature = (
        query.get(name, [''])[0] for name in ('X-Amz-Date', 'X-Amz-Signature')
    )
    try:
        signed_at = datetime.strptime(date, _FORMAT).replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    age = datetime.now(timezone.utc) - signed_at
    is_fresh = -timedelta(minutes=1) <= age <= timedelta(seconds=VALID_SECONDS)
    return is_fresh and hmac.compare_digest(_signature(path, date).encode(), signature.encode())


def _signature(path: str, date: str) -> str:
    return root_key.mac('download link', f'{date}\n{path}')
