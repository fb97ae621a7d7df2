"""GuardDuty answers with the findings that were published, and its detectors exist.

Wrong: the engine has no GuardDuty: GetFindings is an unsupported service, and CloudFormation
refuses a detector.
AWS: GuardDuty holds each finding that it has sent to EventBridge, in its region and at its
detector, and GetFindings answers with its newest revision. A detector of another account, and an
id that is no text, is a BadRequestException; an id that is not known is left out of the answer.
"""

from __future__ import annotations

import json
from typing import Any

from ministack import app
from ministack.core import iam_actions, router

from adapter import guardduty
from adapter.cloudformation import Created, add, tags
from adapter.corrections import guardduty_events
from adapter.patching import require, wrap

NAME = 'guardduty_findings'
WRONG = (
    'The engine has no GuardDuty, so nobody can ask whether a finding is one of GuardDuty’s, '
    'and a template with a detector is refused.'
)
AWS = (
    'Amazon GuardDuty API Reference: GetFindings, ListFindings, ListDetectors, GetDetector; '
    'Service Authorization Reference: Actions, resources, and condition keys for Amazon GuardDuty'
)

_SERVICE = 'guardduty'


def install() -> None:
    require(iam_actions, 'SERVICE_TO_IAM_NAMESPACE', '_BOTOCORE_SERVICE_MAP')
    require(app, 'SERVICE_HANDLERS')
    app.SERVICE_HANDLERS[_SERVICE] = guardduty.handle_request
    iam_actions.SERVICE_TO_IAM_NAMESPACE[_SERVICE] = _SERVICE
    iam_actions._BOTOCORE_SERVICE_MAP[_SERVICE] = [_SERVICE]
    wrap(iam_actions, 'extract_resource_arn', _with_detectors)
    wrap(router, '_is_aws_service_name', _served_here)
    wrap(guardduty_events, '_published', _held_before)
    add('AWS::GuardDuty::Detector', _created, _deleted, _updated)


def _served_here(is_aws_service: Any) -> Any:
    """Know GuardDuty by its name.

    Otherwise the first call of it would make the engine read the models of all services, and answer
    nobody for some seconds.
    """

    def known(name: str) -> bool:
        return name == _SERVICE or is_aws_service(name)

    return known


def _with_detectors(extract: Any) -> Any:
    def arn(service: str, *request: Any) -> str:
        if service != _SERVICE:
            return extract(service, *request)
        path, region, account = request[1], request[5], request[6]
        _folder, _slash, rest = path.strip('/').partition('/')
        detector = rest.split('/')[0]
        return f'arn:aws:guardduty:{region}:{account}:detector/{detector}' if detector else '*'

    return arn


def _held_before(publish: Any) -> Any:
    """Hold a finding before its event is sent, so that who gets the event can ask for it."""

    def published(put_events: Any, entry: dict, allowed: bool) -> dict:
        on_default = (entry.get('EventBusName') or 'default') == 'default'
        if allowed and on_default and entry['Source'] == 'aws.guardduty':
            guardduty.keep(json.loads(entry['Detail']))
        return publish(put_events, entry, allowed)

    return published


def _request(properties: dict) -> dict:
    return {
        'enable': str(properties.get('Enable', True)).lower() == 'true',
        'findingPublishingFrequency': properties.get('FindingPublishingFrequency', 'SIX_HOURS'),
        'features': [
            {'name': feature['Name'], 'status': feature['Status']}
            for feature in properties.get('Features') or []
        ],
        'tags': tags(properties),
    }


def _created(_logical_id: str, properties: dict, _stack: str) -> Created:
    detector = guardduty.create_detector(_request(properties))
    return detector, {'Id': detector}


def _updated(detector: str, _old: dict, new: dict, _stack: str, _logical_id: str) -> Created:
    guardduty.update_detector(detector, _request(new))
    return detector, {'Id': detector}


def _deleted(detector: str, _properties: dict) -> None:
    guardduty.delete_detector(detector)
