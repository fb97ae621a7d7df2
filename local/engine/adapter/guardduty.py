"""GuardDuty as far as Cordon asks it: detectors, and the findings that the root key published.

A finding is kept as its event has it: the members of the event's detail are those of the API. The
detector that a published finding names counts as one of this account, because the root key stands
for GuardDuty.
"""

from __future__ import annotations

import json
import re
from typing import Any, Callable
from urllib.parse import unquote

from ministack.core.responses import (
    AccountRegionScopedDict,
    error_response_json,
    get_account_id,
    json_response,
    new_uuid,
)

from adapter.patching import utc

Answer = tuple[int, dict, Any]

_MOST_IDS = 50
_MOST_FINDINGS = 20_000
_MOST_PAGE = 50
_detectors = AccountRegionScopedDict()
_findings = AccountRegionScopedDict()


class _Rejected(Exception):
    """The request is answered with BadRequestException."""


def keep(finding: dict) -> None:
    """Hold a finding, or its newer revision, as GuardDuty does before it sends the event."""
    detector, finding_id = _names(finding)
    if not detector or not finding_id:
        return
    if detector not in _detectors:
        _detectors[detector] = _described({}, 'ENABLED')
    _findings.pop((detector, finding_id), None)
    _findings[(detector, finding_id)] = finding
    while len(_findings) > _MOST_FINDINGS:
        del _findings[next(iter(_findings))]


def create_detector(properties: dict) -> str:
    """Make the detector of this account and region; AWS allows one."""
    detector = new_uuid().replace('-', '')
    status = 'ENABLED' if properties.get('enable') else 'DISABLED'
    _detectors[detector] = _described(properties, status)
    return detector


def update_detector(detector: str, properties: dict) -> None:
    status = 'ENABLED' if properties.get('enable', True) else 'DISABLED'
    _detectors[detector] = {**_owned(detector), **_described(properties, status)}


def delete_detector(detector: str) -> None:
    """Delete a detector; its findings go with it, as on AWS."""
    _detectors.pop(detector, None)
    for key in [key for key in _findings if key[0] == detector]:
        del _findings[key]


async def handle_request(
    method: str, path: str, _headers: dict, body: bytes, params: dict
) -> Answer:
    for wanted, pattern, operation in _ROUTES:
        match = re.fullmatch(pattern, path.rstrip('/'))
        if method == wanted and match:
            return _answered(operation, [unquote(name) for name in match.groups()], body, params)
    return error_response_json(
        'UnknownOperationException', f'the engine has no {method} {path} of GuardDuty', 404
    )


def _answered(operation: Callable[..., dict], names: list, body: bytes, params: dict) -> Answer:
    try:
        request = json.loads(body or b'{}')
        return json_response(operation(*names, request, params))
    except ValueError:
        return _rejection('The request is rejected because the body is not JSON.')
    except _Rejected as error:
        return _rejection(str(error))


def _rejection(message: str) -> Answer:
    return error_response_json('BadRequestException', message, 400, {'type': 'InvalidInput'})


def _names(finding: dict) -> tuple[str, str]:
    service = finding.get('service')
    detector = service.get('detectorId') if isinstance(service, dict) else None
    names = (detector, finding.get('id'))
    return tuple(name if isinstance(name, str) else '' for name in names)


def _described(properties: dict, status: str) -> dict:
    now = utc()
    return {
        'createdAt': now,
        'updatedAt': now,
        'findingPublishingFrequency': properties.get('findingPublishingFrequency', 'SIX_HOURS'),
        'serviceRole': (
            f'arn:aws:iam::{get_account_id()}:role/aws-service-role/guardduty.amazonaws.com/'
            'AWSServiceRoleForAmazonGuardDuty'
        ),
        'status': status,
        'features': properties.get('features', []),
        'tags': properties.get('tags', {}),
    }


def _owned(detector: str) -> dict:
    if detector not in _detectors:
        raise _Rejected(
            'The request is rejected because the input detectorId is not owned by the current '
            'account.'
        )
    return _detectors[detector]


def _ids(request: dict) -> list[str]:
    ids = request.get('findingIds')
    fits = isinstance(ids, list) and len(ids) <= _MOST_IDS
    if not fits or not all(isinstance(name, str) and 1 <= len(name) <= 300 for name in ids):
        raise _Rejected(
            'The request is rejected because the parameter findingIds has an invalid value.'
        )
    return ids


def _held(detector: str, request: dict) -> list[tuple[str, str]]:
    _owned(detector)
    return [(detector, name) for name in _ids(request) if (detector, name) in _findings]


def _create_detector(request: dict, _params: dict) -> dict:
    if len(_detectors):
        raise _Rejected(
            'The request is rejected because a detector already exists for the current account.'
        )
    return {'detectorId': create_detector(request)}


def _list_detectors(_request: dict, _params: dict) -> dict:
    return {'detectorIds': list(_detectors)}


def _get_detector(detector: str, _request: dict, _params: dict) -> dict:
    return _owned(detector)


def _delete_detector(detector: str, _request: dict, _params: dict) -> dict:
    _owned(detector)
    delete_detector(detector)
    return {}


def _get_findings(detector: str, request: dict, _params: dict) -> dict:
    return {'findings': [_findings[key] for key in _held(detector, request)]}


def _list_findings(detector: str, request: dict, _params: dict) -> dict:
    _owned(detector)
    if (request.get('findingCriteria') or {}).get('criterion'):
        raise _Rejected('The engine lists findings without criteria only.')
    ids = [name for owner, name in _findings if owner == detector]
    start = int(request.get('nextToken') or 0)
    end = start + int(request.get('maxResults') or _MOST_PAGE)
    return {'findingIds': ids[start:end], 'nextToken': str(end) if end < len(ids) else ''}


def _archiving(archived: bool) -> Callable[..., dict]:
    def archive(detector: str, request: dict, _params: dict) -> dict:
        for key in _held(detector, request):
            finding = _findings[key]
            _findings[key] = {**finding, 'service': {**finding['service'], 'archived': archived}}
        return {}

    return archive


_DETECTOR = r'/detector/([^/]+)'
_ROUTES: tuple[tuple[str, str, Callable[..., dict]], ...] = (
    ('GET', '/detector', _list_detectors),
    ('POST', '/detector', _create_detector),
    ('GET', _DETECTOR, _get_detector),
    ('DELETE', _DETECTOR, _delete_detector),
    ('POST', f'{_DETECTOR}/findings', _list_findings),
    ('POST', f'{_DETECTOR}/findings/get', _get_findings),
    ('POST', f'{_DETECTOR}/findings/archive', _archiving(True)),
    ('POST', f'{_DETECTOR}/findings/unarchive', _archiving(False)),
)
