import {
  attackAt,
  hop,
  keyOf,
  packed,
  record,
  type TrailFile,
  thief,
  utc,
} from '../bench/trail-world.ts';

const at = attackAt + 600_000;

/**
 * What the bench's everyday calls do not have: a sign-in, tried doors, a bent function, a stopped
 * trail, a read of evidence. Odd values among them.
 */
export const seldom = (): readonly TrailFile[] => {
  const manifest = { bucketName: 'evidence', key: 'incidents/1/it\'s ‮ "odd"\\.json' };
  const address = { sourceIPAddress: '203.0.113.7' };
  const records = [
    ...['No', 'Yes'].map((MFAUsed) =>
      record(
        `sign-in-${MFAUsed}`,
        at,
        { role: '', session: '', user: 'anna' },
        ['signin', 'ConsoleLogin'],
        {
          ...address,
          responseElements: { ConsoleLogin: 'Success' },
          additionalEventData: { MFAUsed, LoginTo: 'https://console.aws.amazon.com/' },
        },
      ),
    ),
    ...Array.from({ length: 12 }, (_, index) =>
      record(`door-${index}`, at, thief, ['iam', index % 2 === 0 ? 'ListUsers' : 'ListRoles'], {
        errorCode: 'AccessDenied',
        requestParameters: null,
      }),
    ),
    record('bent', at, hop, ['lambda', 'UpdateFunctionConfiguration20150331v2'], {
      requestParameters: {
        functionName: 'orders',
        timeout: 9,
        environment: { nested: [1, 2.5, null, true] },
      },
    }),
    record('stopped', at, hop, ['cloudtrail', 'StopLogging'], {
      requestParameters: { name: 'other' },
    }),
    record('read', at, thief, ['s3', 'GetObject'], { requestParameters: manifest, ...address }),
    record('second-hop', at, hop, ['sts', 'AssumeRole'], {
      requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/deep' },
      responseElements: {
        assumedRoleUser: { arn: 'arn:aws:sts::111122223333:assumed-role/deep/d' },
        credentials: { accessKeyId: 'ASIADEEP' },
      },
    }),
    record('listed', at, thief, ['s3', 'PutObject'], {
      resources: [
        { ARN: 'arn:aws:s3:::b/k', accountId: '111122223333', type: 'AWS::S3::Object' },
        { ARN: 'arn:aws:s3:::b' },
      ],
      aFieldOfTomorrow: { deep: [1] },
    }),
  ];
  const file = (name: string): TrailFile => ({
    day: 0,
    key: keyOf(at, `${name}-${utc(at).slice(11, 13)}`),
    body: packed(records),
  });
  return [file('seldom'), file('seldom-again')];
};
