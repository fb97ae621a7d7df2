"""Ways to replace functions of the engine.

A correction names what it replaces, and the start fails when the engine does not have it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, Callable


class CorrectionError(RuntimeError):
    """The engine lacks something that a correction replaces or calls."""


def wrap(module: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace `module.name` by `make(original)`."""
    original = getattr(module, name, None)
    if original is None:
        raise CorrectionError(f'{getattr(module, "__name__", module)} has no {name}')
    setattr(module, name, make(original))


def require(module: Any, *names: str) -> None:
    """Check that the module has each of these names."""
    missing = [name for name in names if not hasattr(module, name)]
    if missing:
        raise CorrectionError(f'{module.__name__} has no {", ".join(missing)}')


def substitute(text: str, old: str, new: str) -> str:
    """Replace a text that must occur exactly once."""
    count = text.count(old)
    if count != 1:
        raise CorrectionError(f'expected once, but {count} times in the engine: {old[:80]}')
    return text.replace(old, new)


def call(function: Callable[..., tuple], *arguments: Any) -> dict:
    """Call a service function of the engine.

    An error answer becomes an exception, and CloudFormation shows its text.
    """
    status, _headers, body = function(*arguments)
    text = body.decode() if isinstance(body, bytes) else (body or '')
    if status >= 400:
        raise ValueError(f'{function.__name__.lstrip("_")}: {text}')
    return json.loads(text) if text.startswith('{') else {}


def utc(seconds: float | None = None) -> str:
    """Format seconds since the epoch as AWS writes a time in a record."""
    return time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(seconds))


def loopback(address: str) -> bool:
    """Whether the address is this machine."""
    return address.startswith('127.') or address == '::1'


def headers_of(scope: dict) -> dict[str, str]:
    """Give the headers of an ASGI request by their names in lower case."""
    return {
        name.decode('latin-1').lower(): value.decode('latin-1')
        for name, value in scope.get('headers', [])
    }


def replace_everywhere(module: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Replace a function of a core module, also where a loaded module imported it by name."""
    original = getattr(module, name, None)
    if original is None:
        raise CorrectionError(f'{module.__name__} has no {name}')
    replacement = make(original)
    for loaded in list(sys.modules.values()):
        is_engine = getattr(loaded, '__name__', '').startswith('ministack')
        if is_engine and vars(loaded).get(name) is original:
            setattr(loaded, name, replacement)
