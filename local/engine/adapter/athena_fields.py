"""Column types of a CloudTrail table as DuckDB reads them.

Hive lower-cases column names, but the keys in the JSON keep CloudTrail's own spelling.
"""

from __future__ import annotations

_FIELDS = """eventVersion userIdentity eventTime eventSource eventName awsRegion sourceIPAddress
userAgent errorCode errorMessage requestParameters responseElements additionalEventData requestID
eventID readOnly eventType apiVersion recipientAccountId serviceEventDetails sharedEventID
vpcEndpointId vpcEndpointAccountId eventCategory sessionCredentialFromConsole edgeDeviceDetails
tlsDetails principalId accountId invokedBy accessKeyId userName onBehalfOf userId identityStoreArn
sessionContext mfaAuthenticated creationDate sessionIssuer ec2RoleDelivery webIdFederationData
federatedProvider tlsVersion cipherSuite clientProvidedHostHeader inScopeOf sourceArn sourceAccount
issuerType credentialsIssuedTo sourceIdentity assumedRoot credentialId updatedFields
originalRequestID originalEventID""".split()
_SPELLING = {field.lower(): field for field in _FIELDS}
# The documented table holds these objects as text; queries read them by `json_extract_scalar`.
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
    """Spell a column or field as CloudTrail does: `ARN` in `resources`, `arn` everywhere else."""
    return 'ARN' if name == 'arn' and within == 'resources' else _SPELLING.get(name, name)


def duck_type(name: str, hive: str, used: frozenset[str] | None, within: str = '') -> str:
    """Give the type that DuckDB's JSON reader needs for a Hive type.

    A struct keeps only the fields that the query uses, because parsing the others costs time.
    """
    hive = hive.strip()
    kind, _open, rest = hive.partition('<')
    inner = rest[:-1]
    if kind == 'struct':
        pairs = [field.split(':', 1) for field in _split(inner)]
        fields = {field.strip(): field_type for field, field_type in pairs}
        names = [field for field in fields if used is None or field in used] or list(fields)[:1]
        members = (
            f'{quoted(spelled(field, within))} {duck_type(field, fields[field], used, within)}'
            for field in names
        )
        return f'STRUCT({", ".join(members)})'
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
    """Split `a:string,b:struct<c:string,d:string>` at the commas outside of brackets."""
    parts, depth, current = [], 0, ''
    for character in inner:
        depth += (character == '<') - (character == '>')
        if character == ',' and depth == 0:
            parts.append(current)
            current = ''
        else:
            current += character
    return [*parts, current]
