"""Extends the engine's CloudFormation: adds types, and steps after its own create and update."""

from __future__ import annotations

from typing import Any, Callable

from ministack.core.responses import new_uuid
from ministack.services.cloudformation import provisioners

from adapter import not_emulated
from adapter.patching import CorrectionError

Created = tuple[str, dict]


def add(
    kind: str,
    create: Callable[..., Created],
    delete: Callable[[str, dict], Any],
    update: Callable[..., Created] | None = None,
) -> None:
    """Add a type that the engine lacks. Without `update`, a change deletes and creates."""
    if kind in provisioners._RESOURCE_HANDLERS:
        raise CorrectionError(f'the engine has {kind} by now')
    handler: dict = {
        'create': create,
        'delete': delete,
        'update': update or _replacing(create, delete),
    }
    provisioners._RESOURCE_HANDLERS[kind] = {**handler, 'update_with_logical_id': True}


def _replacing(
    create: Callable[..., Created], delete: Callable[[str, dict], Any]
) -> Callable[..., Created]:
    def update(physical_id: str, old: dict, new: dict, stack: str, logical_id: str) -> Created:
        delete(physical_id, old)
        return create(logical_id, new, stack)

    return update


def after(kind: str, apply: Callable[[str, dict, dict], Any]) -> None:
    """Run `apply(physical_id, properties, old properties)` after a create or update."""
    handler = provisioners._RESOURCE_HANDLERS.get(kind)
    if handler is None:
        raise CorrectionError(f'the engine has no {kind}')
    create, update = handler['create'], handler.get('update')

    def creating(logical_id: str, properties: dict, stack: str) -> Created:
        physical_id, attributes = create(logical_id, properties, stack)
        apply(physical_id, properties, {})
        return physical_id, attributes

    def updating(physical_id: str, old: dict, new: dict, *rest: Any) -> Created:
        new_id, attributes = update(physical_id, old, new, *rest)
        apply(new_id, new, old)
        return new_id, attributes

    handler['create'] = creating
    if update:
        handler['update'] = updating


def remember(
    kind: str, attributes: Callable[[str], dict] = lambda physical_id: {'Id': physical_id}
) -> None:
    """Accept a type that has no service, and list its resources at `GET /_cordon/not-emulated`."""

    def create(logical_id: str, _properties: dict, stack: str) -> Created:
        physical_id = new_uuid().replace('-', '')
        not_emulated.remember(kind, stack, logical_id, physical_id)
        return physical_id, attributes(physical_id)

    def update(physical_id: str, _old: dict, _new: dict, _stack: str, _logical_id: str) -> Created:
        return physical_id, attributes(physical_id)

    add(kind, create, lambda physical_id, _properties: not_emulated.forget(physical_id), update)


def named(stack: str, logical_id: str, limit: int = 128) -> str:
    """Name a resource that has no name in its template; the name stays the same on updates."""
    return provisioners._physical_name(stack, logical_id, max_len=limit)


def tags(properties: dict) -> dict:
    """Give the Tags property as a mapping."""
    return {tag['Key']: str(tag['Value']) for tag in properties.get('Tags') or []}
