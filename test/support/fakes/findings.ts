import { accountId, functionArn, region } from './account.ts';

export const detectorId = 'd0c0ffee00000000000000000000cafe';

export interface Shape {
  readonly id?: string;
  readonly functionName?: string;
  readonly role?: string;
  readonly severity?: number;
  readonly updatedAt?: string;
  readonly lastSeen?: string;
}

/** A GuardDuty event about a Lambda function, in the shape that EventBridge delivers. */
export const lambdaFinding = ({
  id = 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
  functionName = 'orders',
  role = `arn:aws:iam::${accountId}:role/orders-role`,
  severity = 8,
  updatedAt = '2026-11-21T10:00:05.000Z',
  lastSeen = '2026-11-21T10:00:00.000Z',
}: Shape = {}) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: accountId,
  time: '2026-11-21T10:00:06Z',
  region,
  resources: [],
  detail: {
    schemaVersion: '2.0',
    accountId,
    region,
    partition: 'aws',
    id,
    arn: `arn:aws:guardduty:${region}:${accountId}:detector/${detectorId}/finding/${id}`,
    type: 'Backdoor:Lambda/C&CActivity.B',
    resource: {
      resourceType: 'Lambda',
      lambdaDetails: {
        functionArn: functionArn(functionName),
        functionName,
        functionVersion: '$LATEST',
        role,
        tags: [],
      },
    },
    service: {
      serviceName: 'guardduty',
      detectorId,
      archived: false,
      count: 1,
      eventFirstSeen: '2026-11-21T09:59:00.000Z',
      eventLastSeen: lastSeen,
    },
    severity,
    createdAt: '2026-11-21T10:00:05.000Z',
    updatedAt,
    title: 'The Lambda function orders is talking to a command and control server.',
    description: 'The function made a network connection to a known command and control server.',
  },
});

/** The finding about stolen credentials of a function's role session. */
export const stolenSession = (
  principalId = 'AROAEXAMPLEEXAMPLE01:orders',
  userName = 'orders-role',
) => {
  const event = lambdaFinding();
  return {
    ...event,
    detail: {
      ...event.detail,
      type: 'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: {
          accessKeyId: 'ASIAEXAMPLE',
          principalId,
          userName,
          userType: 'AssumedRole',
        },
      },
    },
  };
};

/** The finding about a key of a user; sessions made from it are named like it. */
export const stolenKey = (over: Readonly<Record<string, string>> = {}) => {
  const event = lambdaFinding();
  return {
    ...event,
    detail: {
      ...event.detail,
      type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: {
          accessKeyId: 'AKIAEXAMPLEEXAMPLE01',
          principalId: 'AIDAEXAMPLEEXAMPLE01',
          userName: 'deploy',
          userType: 'IAMUser',
          ...over,
        },
      },
    },
  };
};

/** An attack sequence with these users as its actors. */
export const attackSequence = (users: readonly object[], resources: readonly object[] = []) => {
  const event = lambdaFinding({ id: 'a11ac45e9ce00000000000000000000a', severity: 9 });
  const actors = users.map((user, index) => ({ id: `a-${index}`, user }));
  return {
    ...event,
    detail: {
      ...event.detail,
      type: 'AttackSequence:IAM/CompromisedCredentials',
      resource: { resourceType: 'AttackSequence' },
      service: {
        ...event.detail.service,
        detection: { sequence: { uid: 's-1', actors, resources, signals: [] } },
      },
    },
  };
};
