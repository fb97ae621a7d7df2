"""Request validators of a REST API in a template validate.

Wrong: an AWS::ApiGateway::RequestValidator gets a made-up id and a method never asks it, so that a bad body reaches the function.
AWS: API Gateway answers 400 before the function is called.
"""

from __future__ import annotations

from ministack.services import apigateway_v1
from ministack.services.cloudformation import provisioners

from adapter.cloudformation import Created, after
from adapter.patching import CorrectionError, call, require

NAME = 'request_validators'
WRONG = 'Request validators of a REST API in a template validate nothing.'
AWS = 'Amazon API Gateway Developer Guide: Request validation for REST APIs'


def install() -> None:
    require(apigateway_v1, '_create_request_validator', '_resources')
    handler = provisioners._RESOURCE_HANDLERS.get('AWS::ApiGateway::RequestValidator')
    if handler is None:
        raise CorrectionError('the engine has no AWS::ApiGateway::RequestValidator')
    handler['create'] = _create
    after('AWS::ApiGateway::Method', _ask)


def _create(_logical_id: str, p: dict, _stack: str) -> Created:
    flags = {
        'Body': p.get('ValidateRequestBody', False),
        'Parameters': p.get('ValidateRequestParameters', False),
    }
    body = {
        'name': p.get('Name', ''),
        **{f'validateRequest{key}': str(value).lower() == 'true' for key, value in flags.items()},
    }
    made = call(apigateway_v1._create_request_validator, p['RestApiId'], body)
    return made['id'], {'RequestValidatorId': made['id']}


def _ask(_physical_id: str, p: dict, _old: dict) -> None:
    method = apigateway_v1._resources[p['RestApiId']][p['ResourceId']]['resourceMethods'][
        p['HttpMethod']
    ]
    method['requestValidatorId'] = p.get('RequestValidatorId')
