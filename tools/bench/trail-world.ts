import { gzipSync } from 'node:zlib';

/** A trail made up for measuring: everyday calls of an account, with one attack planted in it. */
export interface Shape {
  readonly days: number;
  readonly filesPerDay: number;
  readonly eventsPerFile: number;
}

export interface TrailFile {
  readonly day: number;
  readonly key: string;
  readonly body: Buffer;
}

export const account = '111122223333';
export const region = 'eu-west-1';
export const lastDay = Date.parse('2025-11-21T00:00:00Z');
/** The attack is on the last day but one: files of the next day can still hold parts of it. */
export const attackAt = lastDay - 86_400_000 + 36_000_000;
const day = 86_400_000;

export const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export interface TrailCaller {
  readonly role: string;
  readonly session: string;
  readonly owner?: string;
  readonly key?: string;
  readonly user?: string;
}

export const identity = ({
  role,
  session,
  owner = account,
  key = `ASIA${role}`,
  user,
}: TrailCaller) =>
  user === undefined
    ? {
        type: 'AssumedRole',
        principalId: `AROA${role}:${session}`,
        arn: `arn:aws:sts::${owner}:assumed-role/${role}/${session}`,
        accountId: owner,
        accessKeyId: key,
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            principalId: `AROA${role}`,
            arn: `arn:aws:iam::${owner}:role/${role}`,
            accountId: owner,
            userName: role,
          },
          attributes: { creationDate: utc(attackAt), mfaAuthenticated: 'false' },
        },
      }
    : {
        type: 'IAMUser',
        principalId: 'AIDA',
        arn: `arn:aws:iam::${owner}:user/${user}`,
        accountId: owner,
        accessKeyId: key,
        userName: user,
      };

export const record = (
  id: string,
  at: number,
  who: TrailCaller,
  [service, name]: readonly [string, string],
  more: object = {},
) => ({
  eventVersion: '1.11',
  userIdentity: identity(who),
  eventTime: utc(at),
  eventSource: `${service}.amazonaws.com`,
  eventName: name,
  awsRegion: region,
  sourceIPAddress: '198.51.100.23',
  userAgent:
    'aws-sdk-js/3.1124.0 ua/2.1 os/linux lang/js md/nodejs#24.21.0 exec-env/AWS_Lambda_nodejs24.x',
  requestParameters: { bucketName: 'orders', key: `item-${id}` },
  responseElements: null,
  requestID: `R${id}`,
  eventID: id,
  readOnly: /^(Get|List|Describe)/.test(name),
  eventType: 'AwsApiCall',
  managementEvent: service !== 's3',
  recipientAccountId: account,
  eventCategory: service === 's3' ? 'Data' : 'Management',
  ...more,
});

export const thief: TrailCaller = { role: 'orders-role', session: 'orders', key: 'ASIASTOLEN' };
export const hop: TrailCaller = { role: 'admin', session: 'hop', key: 'ASIAHOP' };
const eve: TrailCaller = { role: '', session: '', user: 'eve', key: 'AKIAEVE' };

/**
 * From the theft over another role to a user of the thief's own: what a timeline must find, all of
 * it.
 */
export const attack = () => {
  const assumed = {
    assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/admin/hop` },
    credentials: { accessKeyId: 'ASIAHOP' },
  };
  const steps = [
    ...Array.from({ length: 412 }, (_, index) =>
      record(`steal-${index}`, attackAt + index * 92, thief, ['s3', 'GetObject']),
    ),
    record('who', attackAt, thief, ['sts', 'GetCallerIdentity']),
    record('denied', attackAt + 1_000, thief, ['iam', 'ListUsers'], { errorCode: 'AccessDenied' }),
    record('hop', attackAt + 60_000, thief, ['sts', 'AssumeRole'], {
      requestParameters: { roleArn: `arn:aws:iam::${account}:role/admin` },
      responseElements: assumed,
    }),
    record('user', attackAt + 90_000, hop, ['iam', 'CreateUser'], {
      requestParameters: { userName: 'eve' },
      responseElements: { user: { arn: `arn:aws:iam::${account}:user/eve` } },
    }),
    record('key', attackAt + 91_000, hop, ['iam', 'CreateAccessKey'], {
      requestParameters: { userName: 'eve' },
      responseElements: { accessKey: { accessKeyId: 'AKIAEVE' } },
    }),
    record('back', attackAt + 7_200_000, eve, ['secretsmanager', 'GetSecretValue'], {
      requestParameters: { secretId: 'db' },
    }),
    record('over-midnight', attackAt + 14 * 3_600_000 - 60_000, eve, ['s3', 'GetObject']),
  ];
  return steps;
};

/** Everybody who looks like the thief and is not. */
export const decoys: readonly TrailCaller[] = [
  { role: 'billing-role', session: 'orders' },
  { role: 'orders-role-2', session: 'orders' },
  { role: 'orders-role', session: 'orders-neighbour', key: 'ASIANEIGHBOUR' },
  { role: 'orders-role', session: 'orders', owner: '999988887777', key: 'ASIAOTHER' },
  { role: '', session: '', user: 'evelyn', key: 'AKIAEVELYN' },
];

const calls = [
  ['s3', 'GetObject'],
  ['s3', 'PutObject'],
  ['dynamodb', 'DescribeTable'],
  ['sts', 'AssumeRole'],
  ['kms', 'Decrypt'],
] as const;

const everyday = (id: string, at: number, index: number) => {
  const decoy = index % 97 === 0 ? decoys[(index / 97) % decoys.length] : undefined;
  const who = decoy ?? { role: `service-${index % 40}-role`, session: `service-${index % 40}` };
  return record(id, at, who, calls[index % calls.length] ?? ['s3', 'GetObject']);
};

export const keyOf = (at: number, number: number | string): string => {
  const stamp = utc(at).replaceAll(/[-:]/g, '').slice(0, 13);
  const date = utc(at).slice(0, 10).replaceAll('-', '/');
  const name = `${account}_CloudTrail_${region}_${stamp}Z_${number}.json.gz`;
  return `AWSLogs/${account}/CloudTrail/${region}/${date}/${name}`;
};

export const packed = (records: readonly object[]): Buffer =>
  gzipSync(JSON.stringify({ Records: records }), { level: 1 });

/**
 * Denied calls of one caller in files of 10,000, evenly spread over ten hours since the
 * theft began. The text of a file is put together from pieces, so that a million takes seconds.
 */
export const denials = function* (
  count: number,
  who: TrailCaller = thief,
): Generator<Pick<TrailFile, 'key' | 'body'>> {
  const [id, time] = ['EVENT-ID', utc(0)];
  const denied = { errorCode: 'AccessDenied', errorMessage: 'not authorized' };
  const pieces = JSON.stringify(record(id, 0, who, ['dynamodb', 'DeleteTable'], denied)).split(
    new RegExp(`(${id}|${time})`),
  );
  const textOf = (call: number): string =>
    pieces
      .map((piece) => {
        if (piece === id) return `denied-${who.session}-${call}`;
        return piece === time ? utc(attackAt + Math.floor((call * 10 * 3_600_000) / count)) : piece;
      })
      .join('');
  for (let first = 0; first < count; first += 10_000) {
    const length = Math.min(10_000, count - first);
    const texts = Array.from({ length }, (_, n) => textOf(first + n));
    yield {
      key: keyOf(attackAt + 11 * 3_600_000, `${who.session}${first}`),
      body: gzipSync(`{"Records":[${texts.join(',')}]}`, { level: 1 }),
    };
  }
};

/**
 * As many days again before the first, `times` over: the same files under older names, which a
 * bounded query must not even open.
 */
export const older = function* (
  shape: Shape,
  times: number,
): Generator<Pick<TrailFile, 'key' | 'body'>> {
  const [first] = files({ ...shape, days: 1, filesPerDay: 1 });
  const body = first?.body ?? packed([]);
  for (let index = 0; index < shape.days * times; index += 1)
    for (let number = 0; number < shape.filesPerDay; number += 1) {
      const at = lastDay - (shape.days + index) * day + (number * day) / shape.filesPerDay;
      yield { key: keyOf(at, `old-${number}`), body };
    }
};

/**
 * Day after day, oldest first; then the attack: in pieces, out of order, one piece twice, the last
 * a day late.
 */
export const files = function* ({ days, filesPerDay, eventsPerFile }: Shape): Generator<TrailFile> {
  for (let index = 0; index < days; index += 1) {
    const began = lastDay - (days - 1 - index) * day;
    for (let number = 0; number < filesPerDay; number += 1) {
      const at = began + (number * day) / filesPerDay;
      const some = Array.from({ length: eventsPerFile }, (_, n) =>
        everyday(`${index}-${number}-${n}`, at + n, number * eventsPerFile + n),
      );
      yield { day: index, key: keyOf(at, number), body: packed(some) };
    }
  }
  const steps = attack().toReversed();
  const pieces = [steps.slice(0, 2), steps.slice(2, 200), steps.slice(200), steps.slice(200)];
  for (const [number, piece] of pieces.entries()) {
    const at = number === 0 ? lastDay + 600_000 : attackAt + 15 * 60_000;
    yield { day: days - 1, key: keyOf(at, `attack${number}`), body: packed(piece) };
  }
};
