"""Resources that were accepted without a service behind them. Nothing is dropped silently: `cordon up` prints this list."""

from __future__ import annotations

_resources: list[dict] = []


def remember(kind: str, stack: str, logical_id: str, physical_id: str) -> None:
    forget(physical_id)
    _resources.append(
        {'type': kind, 'stack': stack, 'logicalId': logical_id, 'physicalId': physical_id}
    )


def forget(physical_id: str) -> None:
    _resources[:] = [one for one in _resources if one['physicalId'] != physical_id]


def listed() -> list[dict]:
    return list(_resources)
