// What the API answers to the page of the timeline: an attack of minutes, and the answer to it.

/** As in the incident of `scripted.ts`: forty minutes ago. */
const began = Date.now() - 2_400_000;
const at = (seconds: number): string =>
  `${new Date(began + seconds * 1_000).toISOString().slice(0, 19)}Z`;
const session = 'arn:aws:sts::111122223333:assumed-role/thumbnailer-role/thumbnailer';

type Kind = 'theft' | 'own' | 'followed' | 'cordon' | 'platform';

const callers = {
  theft: {
    ...{ whose: 'suspect', origin: 'attacker', lane: 'attacker', actor: session },
    ...{ key: 'ASIAEXAMPLE', sourceIp: '198.51.100.23', userAgent: 'aws-cli/2.31.0' },
  },
  own: {
    ...{ whose: 'suspect', origin: 'function', lane: 'bystanders', actor: session },
    ...{ key: 'ASIAEXAMPLE', sourceIp: '3.250.11.7' },
    userAgent: 'aws-sdk-js/3.1124.0 exec-env/AWS_Lambda_nodejs24.x',
  },
  followed: {
    ...{ whose: 'followed', lane: 'attacker', key: 'AKIAEXAMPLE', sourceIp: '198.51.100.23' },
    ...{ actor: 'arn:aws:iam::111122223333:user/backup-2', userAgent: 'aws-cli/2.31.0' },
  },
  cordon: {
    ...{ whose: 'cordon', lane: 'cordon', key: 'ASIACORDON', userAgent: 'aws-sdk-js/3.1124.0' },
    actor: 'arn:aws:sts::111122223333:assumed-role/CordonContainmentRole/ContainmentLambda',
    sourceIp: '3.250.11.9',
  },
  platform: {
    ...{ whose: 'platform', lane: 'bystanders', actor: session, key: 'ASIAEXAMPLE' },
    ...{ sourceIp: '3.250.11.7', userAgent: 'awslambda-worker/1.0' },
  },
} as const satisfies Readonly<Record<Kind, object>>;

const call = (
  seconds: number,
  kind: Kind,
  action: string,
  resource: string,
  more: object = {},
) => ({
  ...{ at: at(seconds), id: `event-${seconds}-${action.replace(':', '-')}`, ...callers[kind] },
  ...{ account: '111122223333', region: 'us-east-1', action, reads: true, resources: [resource] },
  ...{ parameters: '', outcome: 'allowed', phase: 'activity', techniques: [] },
  ...more,
});
const decision = (seconds: number, action: string, name: string, says: string) => ({
  ...{ at: at(seconds), id: `person-${seconds}`, whose: 'person', lane: 'people', action, says },
  ...{ outcome: 'done' },
  actor: `arn:aws:sts::111122223333:assumed-role/CordonConsoleApproveRole/${name}`,
});
const role = 'arn:aws:iam::111122223333:role/thumbnailer-role';
const image = (index: number): string => `arn:aws:s3:::images/2026/11/holiday-${index}.png`;
const denied = { outcome: 'AccessDenied' };
const group = '/aws/lambda/thumbnailer';

const reads = (from: number, count: number, every: number) =>
  Array.from({ length: count }, (_, index) =>
    call(from + index * every, 'theft', 's3:GetObject', image(index)),
  );
const ownWork = Array.from({ length: 14 }, (_, index) =>
  call(index * 43 - 280, 'own', 's3:PutObject', `arn:aws:s3:::thumbnails/${index}.webp`),
);

const events = [
  ...ownWork,
  call(-276, 'platform', 'logs:PutLogEvents', group),
  call(-61, 'theft', 'sts:GetCallerIdentity', session),
  call(-58, 'theft', 's3:ListBuckets', '', { resources: [], mark: 'first allowed' }),
  call(-40, 'theft', 'secretsmanager:GetSecretValue', 'payment-provider'),
  ...reads(-30, 24, 2),
  call(21, 'theft', 'iam:CreateUser', 'backup-2', { reads: false }),
  call(24, 'theft', 'iam:CreateAccessKey', 'backup-2', { reads: false }),
  call(31, 'followed', 'iam:ListRoles', '', { resources: [] }),
  ...reads(34, 40, 1),
  decision(96, 'Approve containment', 'anna', 'the owner does not know these calls'),
  call(98, 'cordon', 'iam:AttachRolePolicy', role, { reads: false, phase: 'response' }),
  call(98, 'cordon', 'lambda:PutFunctionConcurrency', 'thumbnailer', { reads: false }),
  call(100, 'theft', 's3:GetObject', image(40), { mark: 'last allowed' }),
  call(102, 'theft', 's3:GetObject', image(41), { ...denied, mark: 'first denied' }),
  call(104, 'theft', 's3:GetObject', image(42), { ...denied, count: 214, until: at(170) }),
  call(120, 'theft', 'iam:ListAttachedRolePolicies', 'thumbnailer-role', denied),
  call(131, 'platform', 'logs:PutLogEvents', group),
  call(140, 'followed', 's3:ListBuckets', '', { resources: [] }),
  call(150, 'own', 's3:PutObject', 'arn:aws:s3:::thumbnails/15.webp', denied),
  decision(310, 'Release', 'rob', 'the role has new keys, and the user backup-2 is deleted'),
].sort((left, right) => left.at.localeCompare(right.at));

const page = {
  ...{ pass: 1, provisional: true, horizon: at(240), until: at(330), cursor: null },
  ...{ bucket: 'cordon-evidence', key: 'incidents/2026/11/21/timeline/pass-1.json' },
};
export const timeline = { ...page, events: events.length, items: events };
/** More pages, of which the next cannot be read. */
export const timelinePart = { ...timeline, events: 1_380, cursor: 'next' };
/** More than a page shows. */
export const timelineCut = { ...timeline, events: 21_412 };

/** As many as a page holds: bursts, and everything in between. */
export const manyEvents = (count: number) => {
  const kinds: readonly Kind[] = ['theft', 'own', 'theft', 'platform', 'followed', 'cordon'];
  const items = Array.from({ length: count }, (_, index) => {
    const kind = kinds[Math.floor(index / 7) % kinds.length] ?? 'theft';
    const action = index % 11 === 0 ? `kms:Decrypt${index}` : 's3:GetObject';
    return {
      ...call(index, kind, action, image(index), index === count - 2 ? denied : {}),
      ...{ id: `event-${index}`, ...(index === count - 3 && { mark: 'last allowed' }) },
    };
  });
  return { ...page, horizon: at(count), until: at(count + 60), events: count, items };
};
