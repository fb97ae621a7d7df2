"""Request validators of a REST API in a template validate requests.

Wrong: an AWS::ApiGateway::RequestValidator gets an invented id and methods ignore it, so a bad body
reaches the function.
AWS: API Gateway answers 400 and does not call the function.
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
    after('AWS::ApiGateway::Method', _set_validator)


def _create(_logical_id: str, properties: dict, _stack: str) -> Created:
    flags = {
        'Body': properties.get('ValidateRequestBody', False),
        'Parameters': properties.get('ValidateRequestParameters', False),
    }
    body = {
        'name': properties.get('Name', ''),
        **{f'validateRequest{key}': str(flag).lower() == 'true' for key, flag in flags.items()},
    }
    made = call(apigateway_v1._create_request_validator, properties['RestApiId'], body)
    return made['id'], {'RequestValidatorId': made['id']}


def _set_validator(_physical_id: str, properties: dict, _old: dict) -> None:
    resource = apigateway_v1._resources[properties['RestApiId']][properties['ResourceId']]
    method = resource['resourceMethods'][properties['HttpMethod']]
    method['requestValidatorId'] = properties.get('RequestValidatorId')
