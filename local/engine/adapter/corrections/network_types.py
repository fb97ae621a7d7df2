"""CloudFormation types of a VPC that templates need and the engine refuses.

Wrong: CreateStack refuses the whole template (`Unrecognized resource types`), although the engine
has the rules, gateways, addresses and flow logs.
AWS: these types exist.
Nothing of a network is enforced here: every function reaches what its ports allow.
"""

from __future__ import annotations

import re
from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from adapter.cloudformation import Created, add
from adapter.patching import require

NAME = 'network_types'
WRONG = (
    'CreateStack refuses rules of security groups, NAT gateways, Elastic IP addresses and flow '
    'logs.'
)
AWS = (
    'AWS CloudFormation Template Reference: AWS::EC2::SecurityGroupIngress, '
    'SecurityGroupEgress, NatGateway, EIP, FlowLog'
)


def install() -> None:
    require(ec2, '_security_groups', '_sg_rule_id', '_addresses', '_nat_gateways', '_flow_logs')
    require(ec2, '_allocate_address', '_create_nat_gateway', '_create_flow_logs')
    require(provisioners, '_ec2_sg_permissions', '_ec2_apply_tags')
    for kind, key, egress in (
        ('AWS::EC2::SecurityGroupIngress', 'IpPermissions', False),
        ('AWS::EC2::SecurityGroupEgress', 'IpPermissionsEgress', True),
    ):
        add(kind, _rule(key, egress), _without_rule(key, egress))
    add(
        'AWS::EC2::EIP',
        _address,
        lambda physical_id, _properties: _forget_address(physical_id),
    )
    add(
        'AWS::EC2::NatGateway',
        _gateway,
        lambda physical_id, _properties: ec2._nat_gateways.pop(physical_id, None),
    )
    add(
        'AWS::EC2::FlowLog',
        _flow_log,
        lambda physical_id, _properties: ec2._flow_logs.pop(physical_id, None),
    )


def _call(function: Any, parameters: dict) -> str:
    status, _headers, body = function(parameters)
    text = body.decode() if isinstance(body, bytes) else body
    if status >= 400:
        message = re.search(r'<Message>([^<]*)', text)
        raise ValueError(message.group(1) if message else text)
    return text


def _member(text: str, name: str) -> str:
    found = re.search(rf'<{name}>([^<]+)</{name}>', text)
    if found is None:
        raise ValueError(f'EC2 answered without {name}: {text}')
    return found.group(1)


def _rule(key: str, egress: bool) -> Any:
    def created(_logical_id: str, properties: dict, _stack: str) -> Created:
        group_id = properties.get('GroupId')
        group = ec2._security_groups.get(group_id)
        if group is None:
            raise ValueError(f'The security group {group_id!r} does not exist.')
        [rule] = provisioners._ec2_sg_permissions([properties])
        rule_id = ec2._sg_rule_id(group_id, egress, rule)
        group[key].append({**rule, 'SecurityGroupRuleId': rule_id})
        return rule_id, {'Id': rule_id}

    return created


def _without_rule(key: str, egress: bool) -> Any:
    def deleted(physical_id: str, properties: dict) -> None:
        group = ec2._security_groups.get(properties.get('GroupId'))
        if group is not None:
            group[key] = [
                rule
                for rule in group[key]
                if ec2._sg_rule_id(group['GroupId'], egress, rule) != physical_id
            ]

    return deleted


def _address(_logical_id: str, properties: dict, _stack: str) -> Created:
    answer = _call(ec2._allocate_address, {'Domain': ['vpc']})
    allocation, address = _member(answer, 'allocationId'), _member(answer, 'publicIp')
    provisioners._ec2_apply_tags(allocation, properties)
    return address, {'AllocationId': allocation, 'PublicIp': address}


def _forget_address(address: str) -> None:
    for allocation, record in list(ec2._addresses.items()):
        if record['PublicIp'] == address:
            del ec2._addresses[allocation]


def _gateway(_logical_id: str, properties: dict, _stack: str) -> Created:
    connectivity = properties.get('ConnectivityType', 'public')
    allocation = properties.get('AllocationId')
    if connectivity == 'public' and allocation not in ec2._addresses:
        raise ValueError(f'Elastic IP address {allocation!r} does not exist.')
    if properties.get('SubnetId') not in ec2._subnets:
        raise ValueError(f'The subnet {properties.get("SubnetId")!r} does not exist.')
    names = ('SubnetId', 'AllocationId', 'ConnectivityType')
    given = {name: [str(properties[name])] for name in names if name in properties}
    gateway = _member(_call(ec2._create_nat_gateway, given), 'natGatewayId')
    provisioners._ec2_apply_tags(gateway, properties)
    return gateway, {'NatGatewayId': gateway}


def _flow_log(_logical_id: str, properties: dict, _stack: str) -> Created:
    names = ('ResourceType', 'TrafficType', 'LogDestinationType', 'LogDestination', 'LogGroupName')
    given = {name: [str(properties[name])] for name in names if name in properties}
    answer = _call(ec2._create_flow_logs, {**given, 'ResourceId.1': [properties['ResourceId']]})
    flow_log = _member(answer, 'item')
    provisioners._ec2_apply_tags(flow_log, properties)
    return flow_log, {'Id': flow_log}
