import { randomBytes } from 'node:crypto';

/** GuardDuty's finding, as `detail` of its event. */
export type FindingDetail = Readonly<Record<string, unknown>>;

export interface FindingOrigin {
  readonly account: string;
  readonly region: string;
}

interface FindingParts extends FindingOrigin {
  /** When the attack began: the timeline of the drill begins there, too. */
  readonly at: Date;
  readonly type: string;
  readonly severity: number;
  readonly title: string;
  readonly description: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly action: Readonly<Record<string, unknown>>;
}

/** An address that RFC 5737 reserves for documentation. */
const remote = {
  ipAddressV4: '198.51.100.23',
  organization: { asn: '64496', asnOrg: 'EXAMPLE-AS', isp: 'Example ISP', org: 'Example Org' },
  country: { countryName: 'Nowhere' },
  city: { cityName: 'Nowhere' },
  geoLocation: { lat: 0, lon: 0 },
};

/** Each finding has a new id; Cordon would take a known id for a repeat. */
const detail = ({
  account,
  region,
  at,
  type,
  severity,
  title,
  description,
  resource,
  action,
}: FindingParts): FindingDetail => {
  const id = randomBytes(16).toString('hex');
  const detectorId = 'd0c0ffee00000000000000000000cafe';
  const seen = at.toISOString();
  return {
    schemaVersion: '2.0',
    accountId: account,
    region,
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:${region}:${account}:detector/${detectorId}/finding/${id}`,
    type,
    resource,
    service: {
      serviceName: 'guardduty',
      detectorId,
      action,
      resourceRole: 'TARGET',
      additionalInfo: { value: '{}', type: 'default' },
      eventFirstSeen: seen,
      eventLastSeen: seen,
      archived: false,
      count: 1,
    },
    severity,
    createdAt: seen,
    updatedAt: seen,
    title,
    description,
  };
};

export interface StolenSession extends FindingOrigin {
  readonly at: Date;
  readonly accessKeyId: string;
  readonly roleId: string;
  readonly roleName: string;
  readonly functionName: string;
}

/** The credentials of a function's role session are used from outside of AWS. */
export const credentialExfiltration = ({
  accessKeyId,
  roleId,
  roleName,
  functionName,
  ...where
}: StolenSession): FindingDetail =>
  detail({
    ...where,
    type: 'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
    severity: 8,
    title:
      `Credentials created exclusively for the Lambda function ${functionName} have been used ` +
      'from an external IP address.',
    description:
      `Credentials of the role ${roleName} that Lambda gave to ${functionName} were used from ` +
      `${remote.ipAddressV4}.`,
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId,
        principalId: `${roleId}:${functionName}`,
        userName: roleName,
        userType: 'AssumedRole',
      },
    },
    action: {
      actionType: 'AWS_API_CALL',
      awsApiCallAction: {
        api: 'GetObject',
        serviceName: 's3.amazonaws.com',
        callerType: 'Remote IP',
        remoteIpDetails: remote,
        affectedResources: {},
      },
    },
  });

export interface Beacon extends FindingOrigin {
  readonly at: Date;
  readonly functionName: string;
  readonly functionArn: string;
  readonly roleArn: string;
}

/** A function talks to a known command-and-control server. */
export const commandAndControl = ({
  functionName,
  functionArn,
  roleArn,
  ...where
}: Beacon): FindingDetail =>
  detail({
    ...where,
    type: 'Backdoor:Lambda/C&CActivity.B',
    severity: 8,
    title: `The Lambda function ${functionName} is querying a known Command & Control server.`,
    description:
      `The Lambda function ${functionName} connected to ${remote.ipAddressV4}, a known Command ` +
      '& Control server.',
    resource: {
      resourceType: 'Lambda',
      lambdaDetails: {
        functionArn,
        functionName,
        description: '',
        lastModifiedAt: where.at.toISOString(),
        revisionId: '00000000-0000-4000-8000-000000000000',
        functionVersion: '$LATEST',
        role: roleArn,
        tags: [],
      },
    },
    action: {
      actionType: 'NETWORK_CONNECTION',
      networkConnectionAction: {
        blocked: false,
        connectionDirection: 'OUTBOUND',
        protocol: 'TCP',
        localPortDetails: { port: 43_210, portName: 'Unknown' },
        remotePortDetails: { port: 443, portName: 'HTTPS' },
        remoteIpDetails: remote,
      },
    },
  });
