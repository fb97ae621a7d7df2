"""How a correction takes hold of the engine: it names what it replaces, and fails loudly when that is not there."""

from __future__ import annotations

import json
import time
from typing import Any, Callable


class CorrectionError(RuntimeError):
    """The engine does not look as the correction expects."""


def wrap(module: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace `module.name` by `make(original)`."""
    original = getattr(module, name, None)
    if original is None:
        raise CorrectionError(f'{getattr(module, "__name__", module)} has no {name}')
    setattr(module, name, make(original))


def require(module: Any, *names: str) -> None:
    """Assert that everything a correction calls exists."""
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise CorrectionError(f'{module.__name__} has no {", ".join(missing)}')


def substitute(text: str, old: str, new: str) -> str:
    """Replace exactly one occurrence."""
    if text.count(old) != 1:
        raise CorrectionError(f'expected once, found {text.count(old)} times: {old[:80]}')
    return text.replace(old, new)


def call(function: Callable[..., tuple], *arguments: Any) -> dict:
    """Call a service function of the engine; an error answer becomes an exception that CloudFormation shows."""
    status, _headers, body = function(*arguments)
    text = body.decode() if isinstance(body, bytes) else (body or '')
    if status >= 400:
        raise ValueError(f'{function.__name__.lstrip("_")}: {text}')
    return json.loads(text) if text.startswith('{') else {}


def utc(seconds: float | None = None) -> str:
    """Seconds since the epoch as AWS writes a time in a record."""
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def loopback(address: str) -> bool:
    """Whether an address is this machine."""
    return address.startswith('127.') or address == '::1'
