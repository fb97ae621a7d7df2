"""Columns of a CloudTrail table as DuckDB reads them: Hive's types, with the names that CloudTrail writes."""

from __future__ import annotations

# CloudTrail's own spelling of its fields; Hive lower-cases column names, JSON keys keep theirs.
_FIELDS = """eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress userAgent errorCode errorMessage
requestParameters responseElements additionalEventData requestID eventID readOnly eventType apiVersion recipientAccountId
serviceEventDetails sharedEventID vpcEndpointId vpcEndpointAccountId eventCategory sessionCredentialFromConsole edgeDeviceDetails
tlsDetails principalId accountId invokedBy accessKeyId userName onBehalfOf userId identityStoreArn sessionContext mfaAuthenticated
creationDate sessionIssuer ec2RoleDelivery webIdFederationData federatedProvider tlsVersion cipherSuite clientProvidedHostHeader
inScopeOf sourceArn sourceAccount issuerType credentialsIssuedTo sourceIdentity assumedRoot credentialId updatedFields
originalRequestID originalEventID""".split()
_SPELLING = {field.lower(): field for field in _FIELDS}
# Objects that the documented table holds as text: `json_extract_scalar` is how a query looks into them.
_OBJECTS = frozenset(
    {
        'requestparameters',
        'responseelements',
        'additionaleventdata',
        'serviceeventdetails',
        'edgedevicedetails',
    }
)
_SCALARS = {'int': 'INTEGER', 'bigint': 'BIGINT', 'boolean': 'BOOLEAN'}


def spelled(name: str, within: str = '') -> str:
    """A column or field as CloudTrail writes it. In `resources` it is `ARN`, everywhere else `arn`."""
    return 'ARN' if name == 'arn' and within == 'resources' else _SPELLING.get(name, name)


def duck_type(name: str, hive: str, used: frozenset[str] | None, within: str = '') -> str:
    """The type that a JSON reader needs for a Hive type; of a struct only the fields that are used, because the rest costs time."""
    hive = hive.strip()
    kind, _open, rest = hive.partition('<')
    inner = rest[:-1]
    if kind == 'struct':
        fields = [(one.strip(), of) for one, of in (field.split(':', 1) for field in _split(inner))]
        kept = [(one, of) for one, of in fields if used is None or one in used] or fields[:1]
        return f'STRUCT({", ".join(f"{quoted(spelled(one, within))} {duck_type(one, of, used, within)}" for one, of in kept)})'
    if kind == 'array':
        return f'{duck_type(name, inner, used, name)}[]'
    if kind == 'map':
        return 'MAP(VARCHAR, VARCHAR)'
    return 'JSON' if name in _OBJECTS else _SCALARS.get(hive.lower(), 'VARCHAR')


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _split(inner: str) -> list[str]:
    """`a:string,b:struct<c:string,d:string>` at the commas of this level."""
    parts, depth, current = [], 0, ''
    for character in inner:
        depth += (character == '<') - (character == '>')
        if character == ',' and depth == 0:
            parts.append(current)
            current = ''
        else:
            current += character
    return [*parts, current]
