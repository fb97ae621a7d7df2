"""The root key of this run, which only the person who started it can read.

The start writes it into `$CORDON_RUN_DIR/root-key.json`. It is no variable of the environment,
because processes inherit those and /proc shows them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = 'root-key.json'


class RootKey(NamedTuple):
    access_key_id: str
    secret_access_key: str


@cache
def read() -> RootKey:
    """Read the key; the start ends with a sentence where there is none."""
    path = Path(os.environ.get('CORDON_RUN_DIR') or '.', FILE)
    try:
        key = json.loads(path.read_text())
        return RootKey(key['accessKeyId'], key['secretAccessKey'])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(
            f'cordon: no root key in {path} ({error}): start the engine with "cordon up"'
        ) from error


def mac(purpose: str, text: str) -> str:
    """Give a code that only this run can compute; each purpose has codes of its own."""
    secret = hmac.digest(read().secret_access_key.encode(), purpose.encode(), hashlib.sha256)
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
