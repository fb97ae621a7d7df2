"""Subscriptions of GraphQL APIs: who has subscribed to what, and who hears of a mutation."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, NamedTuple

from graphql import GraphQLError, execute_sync, parse, validate
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.utilities import get_operation_ast
from ministack.core import appsync_graphql
from ministack.services import appsync

from adapter import graphql_access
from adapter.graphql_access import Caller

_Deliver = Callable[[dict], None]


class Refused(Exception):
    """A subscription that cannot begin; `kind` is what AppSync calls the reason."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


class Subscription(NamedTuple):
    document: Any
    variables: dict
    operation: str | None
    field: str
    mutations: frozenset
    arguments: dict
    caller: Caller


# Of each API, by its connection and the id that the client has chosen.
_subscriptions: dict[str, dict[tuple[int, str], tuple[Subscription, _Deliver]]] = {}
_lock = threading.Lock()


def add(api_id: str, key: tuple[int, str], begun: Subscription, deliver: _Deliver) -> None:
    with _lock:
        _subscriptions.setdefault(api_id, {})[key] = (begun, deliver)


def remove(api_id: str, connection: int, subscription: str | None = None) -> None:
    """Forget one subscription of a connection, or all of them."""
    with _lock:
        known = _subscriptions.get(api_id, {})
        for key in [key for key in known if key[0] == connection]:
            if subscription in (None, key[1]):
                del known[key]


def begin(api_id: str, request: dict, headers: dict) -> Subscription:
    """Check a request to subscribe; raises Refused."""
    api = appsync._apis.get(api_id) or {}
    if not appsync._request_is_authenticated(api_id, api, headers):
        raise Refused('UnauthorizedException', 'You are not authorized to make this call.')
    caller = graphql_access.current.get()
    sdl = (appsync._schemas.get(api_id) or {}).get('definition') or ''
    try:
        schema = appsync_graphql.build_api_schema(api_id, sdl)
        document = parse(str(request.get('query')))
        errors = validate(schema, document)
        if errors:
            raise errors[0]
    except (GraphQLError, appsync_graphql.SchemaUnavailable) as error:
        raise Refused('BadRequestException', str(error)) from error
    operation = get_operation_ast(document, request.get('operationName'))
    roots = operation.selection_set.selections if operation else ()
    if operation is None or operation.operation.value != 'subscription' or len(roots) != 1:
        raise Refused('BadRequestException', 'A subscription names one field of Subscription.')
    [node] = roots
    parent = schema.subscription_type
    definition = parent.fields[node.name.value]
    if caller is None or not graphql_access.is_open(parent, node.name.value, caller, api):
        raise Refused('Unauthorized', str(graphql_access.refusal(parent.name, node.name.value)))
    variables = get_variable_values(
        schema, operation.variable_definitions or (), request.get('variables') or {}
    )
    if isinstance(variables, list):
        raise Refused('BadRequestException', variables[0].message)
    arguments = get_argument_values(definition, node, variables)
    _resolve(api_id, node.name.value, arguments, headers, caller)
    return Subscription(
        document,
        request.get('variables') or {},
        request.get('operationName'),
        node.name.value,
        _mutations(definition),
        arguments,
        caller,
    )


def _resolve(api_id: str, field: str, arguments: dict, headers: dict, caller: Caller) -> None:
    """A resolver of the field may refuse; what it returns is not delivered."""
    resolver = (appsync._resolvers.get(api_id) or {}).get('Subscription', {}).get(field)
    if resolver is None:
        return
    try:
        appsync._resolve_field(
            api_id,
            resolver,
            arguments,
            [],
            {},
            field_name=field,
            identity=caller.identity,
            request_headers=headers,
            source={},
            appended_errors=[],
            type_name='Subscription',
        )
    except appsync._AppSyncResolverError as error:
        raise Refused(error.error_type, str(error)) from error


def _mutations(definition: Any) -> frozenset:
    for directive in definition.ast_node.directives:
        if directive.name.value == 'aws_subscribe':
            values = directive.arguments[0].value
            listed = getattr(values, 'values', [values])
            return frozenset(entry.value for entry in listed)
    return frozenset()


def publish(api_id: str, sdl: str, query: str, operation_name: Any, data: dict) -> None:
    """Tell the subscribers of a mutation what it has answered."""
    with _lock:
        known = list(_subscriptions.get(api_id, {}).items())
    if not known:
        return
    operation = get_operation_ast(parse(query), operation_name)
    if operation is None or operation.operation.value != 'mutation':
        return
    schema = appsync_graphql.build_api_schema(api_id, sdl)
    names = {
        (node.alias or node.name).value: node.name.value
        for node in operation.selection_set.selections
        if hasattr(node, 'name') and hasattr(node, 'alias')
    }
    for key, answer in data.items():
        if answer is None or key not in names:
            continue
        for (_connection, identifier), (begun, deliver) in known:
            if names[key] in begun.mutations and _matches(begun, answer):
                payload = _selected(schema, api_id, begun, answer)
                deliver({'id': identifier, 'type': 'data', 'payload': payload})


def _matches(begun: Subscription, answer: Any) -> bool:
    """An argument of the subscription must equal the field of the same name."""
    return not begun.arguments or (
        isinstance(answer, dict)
        and all(answer.get(name) == wanted for name, wanted in begun.arguments.items())
    )


def _selected(schema: Any, api_id: str, begun: Subscription, answer: Any) -> dict:
    """What the subscriber has asked for, of the fields that the mutation has answered."""
    api = appsync._apis.get(api_id, {})

    def read(source: Any, info: Any, **_arguments: Any) -> Any:
        if not graphql_access.is_open(info.parent_type, info.field_name, begun.caller, api):
            raise graphql_access.refusal(info.parent_type.name, info.field_name)
        return source.get(info.field_name) if isinstance(source, dict) else None

    outcome = execute_sync(
        schema,
        begun.document,
        root_value={begun.field: answer},
        variable_values=begun.variables,
        operation_name=begun.operation,
        field_resolver=read,
    )
    payload: dict = {'data': outcome.data}
    if outcome.errors:
        payload['errors'] = [{'message': error.message} for error in outcome.errors]
    return json.loads(json.dumps(payload))
