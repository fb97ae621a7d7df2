"""Resources of templates that the adapter accepted although no service stands behind their type.

`cordon up` prints this list, so that nothing is dropped silently.
"""

from __future__ import annotations

_resources: list[dict] = []


def remember(kind: str, stack: str, logical_id: str, physical_id: str) -> None:
    forget(physical_id)
    _resources.append(
        {'type': kind, 'stack': stack, 'logicalId': logical_id, 'physicalId': physical_id}
    )


def forget(physical_id: str) -> None:
    _resources[:] = [known for known in _resources if known['physicalId'] != physical_id]


def listed() -> list[dict]:
    return list(_resources)
