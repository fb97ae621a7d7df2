// CloudTrail records as AWS writes them, made for tests: one maker per kind of caller, everything
// else by override.
import { type Call, callOf } from '../../../../responders/timeline/call.ts';
import { alone, type Circle } from '../../../../responders/timeline/circle.ts';

export const account = '111122223333';
export const region = 'eu-west-1';
export const suspect = {
  kind: 'function' as const,
  functionName: 'orders',
  roleName: 'orders-role',
  sharing: 'sole' as const,
};
export const session = `arn:aws:sts::${account}:assumed-role/orders-role/orders`;
export const ownRole = `arn:aws:iam::${account}:role/cordon/Contain`;

export interface Made {
  readonly at?: string;
  readonly id?: string;
  readonly name?: string;
  readonly service?: string;
  readonly region?: string;
  readonly error?: string;
  readonly reads?: boolean;
  readonly category?: 'Management' | 'Data';
  readonly parameters?: unknown;
  readonly answer?: unknown;
  readonly account?: string;
  readonly role?: string;
  readonly path?: string;
  readonly sessionName?: string;
  readonly key?: string;
  readonly resources?: readonly string[];
  /** A user instead of a role's session. */
  readonly user?: string;
  readonly invokedBy?: string;
  readonly sourceIp?: string;
  readonly userAgent?: string;
}

let counter = 0;
const nextId = (): string => {
  counter += 1;
  return `00000000-0000-4000-8000-${String(counter).padStart(12, '0')}`;
};

const identityOf = ({
  account: owner = account,
  role = 'orders-role',
  path = '/',
  sessionName = 'orders',
  key = 'ASIASUSPECT',
  user,
}: Made) =>
  user !== undefined
    ? {
        type: 'IAMUser',
        principalId: 'AIDA',
        arn: `arn:aws:iam::${owner}:user/${user}`,
        accountId: owner,
        accessKeyId: key,
        userName: user,
      }
    : {
        type: 'AssumedRole',
        principalId: `AROAEXAMPLE:${sessionName}`,
        arn: `arn:aws:sts::${owner}:assumed-role/${role}/${sessionName}`,
        accountId: owner,
        accessKeyId: key,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: 'AROAEXAMPLE',
            arn: `arn:aws:iam::${owner}:role${path}${role}`,
            accountId: owner,
            userName: role,
          },
          attributes: { creationDate: '2026-11-21T09:00:00Z', mfaAuthenticated: 'false' },
        },
      };

export const record = (made: Made = {}) => ({
  eventVersion: '1.11',
  userIdentity: {
    ...identityOf(made),
    ...(made.invokedBy !== undefined && { invokedBy: made.invokedBy }),
  },
  eventTime: made.at ?? '2026-11-21T10:00:00Z',
  eventSource: `${made.service ?? 's3'}.amazonaws.com`,
  eventName: made.name ?? 'GetObject',
  awsRegion: made.region ?? 'eu-west-1',
  sourceIPAddress: made.sourceIp ?? '203.0.113.7',
  userAgent: made.userAgent ?? 'aws-cli/2.0',
  ...(made.error !== undefined && { errorCode: made.error, errorMessage: 'not authorized' }),
  requestParameters: made.parameters ?? null,
  responseElements: made.answer ?? null,
  requestID: 'REQ',
  eventID: made.id ?? nextId(),
  readOnly: made.reads ?? true,
  ...(made.resources && {
    resources: made.resources.map((ARN) => ({ ARN, accountId: account, type: 'AWS::S3::Object' })),
  }),
  eventType: 'AwsApiCall',
  managementEvent: made.category !== 'Data',
  recipientAccountId: made.account ?? account,
  eventCategory: made.category ?? 'Management',
});

export const call = (made: Made = {}): Call => {
  const found = callOf(record(made));
  if (!found) throw new Error('not a record');
  return found;
};

export const start = (): Circle =>
  alone({
    suspects: [{ session, region, role: 'orders-role' }],
    account,
    own: new Set([ownRole]),
  });
