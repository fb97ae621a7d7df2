import type { FindingDetail } from '../../../game-day/findings.ts';
import type { Bus } from '../../../operator/event-bus.ts';
import { changed, type Findings } from './events.ts';

/** An event that must change nothing, and the line that says why. */
export interface BadCase {
  readonly name: string;
  readonly bus?: Bus;
  readonly detail: (findings: Findings) => FindingDetail;
  readonly kind?: 'notify' | 'suppress' | 'ask';
  readonly why: RegExp;
}

const lambda = 'resource.lambdaDetails';
const key = 'resource.accessKeyDetails';
const role = (path: string) => `arn:aws:iam::000000000000:role/${path}`;

const required = [
  'id',
  'type',
  'severity',
  'accountId',
  'region',
  'title',
  'updatedAt',
  'resource.resourceType',
];
const named = [`${lambda}.functionName`, `${lambda}.functionArn`, `${lambda}.role`];
const readable = (path: string): RegExp =>
  new RegExp(`cannot be read: detail\\.${path.replaceAll('.', '\\.')}: wanted`);

const unreadable: readonly BadCase[] = [...required, ...named].flatMap((path) => [
  { name: `${path} missing`, detail: ({ beacon }) => changed(beacon, path), why: readable(path) },
  {
    name: `${path} null`,
    detail: ({ beacon }) => changed(beacon, path, null),
    why: readable(path),
  },
  {
    name: `${path} a list`,
    detail: ({ beacon }) => changed(beacon, path, [8]),
    why: readable(path),
  },
]);

const numbers: readonly BadCase[] = [
  ...[-1, 10.1, 1e308, '8'].map(
    (severity): BadCase => ({
      name: `severity ${JSON.stringify(severity)}`,
      detail: ({ beacon }) => changed(beacon, 'severity', severity),
      why: readable('severity'),
    }),
  ),
  ...[0, 3.9].map(
    (severity): BadCase => ({
      name: `severity ${severity}`,
      detail: ({ beacon }) => changed(beacon, 'severity', severity),
      kind: 'suppress',
      why: /below the threshold 4/,
    }),
  ),
];

const elsewhere: readonly BadCase[] = [
  {
    name: 'another account',
    detail: ({ beacon }) => changed(beacon, 'accountId', '111122223333'),
    why: /this deployment acts in/,
  },
  {
    name: 'another region',
    detail: ({ beacon }) => changed(beacon, 'region', 'sa-east-1'),
    why: /this deployment acts in/,
  },
  {
    name: 'another partition',
    detail: ({ beacon }) => changed(beacon, 'partition', 'aws-cn'),
    why: /this deployment acts in/,
  },
  {
    name: 'a function of another account',
    detail: ({ beacon }) =>
      changed(
        beacon,
        `${lambda}.functionArn`,
        'arn:aws:lambda:us-east-1:111122223333:function:canary-culprit',
      ),
    why: /names another account or region/,
  },
];

/** Names that would do harm in an ARN, a path, a template, a terminal or a mail. */
const evil = [
  '*',
  '../../admin',
  '{{constructor}}',
  'a\u0000b',
  '\u202Egnp.exe',
  'x'.repeat(65),
  "'; drop table",
  '<script>',
  '${jndi:x}',
  'a\r\nBcc: x',
];

const names: readonly BadCase[] = evil.flatMap((name) => [
  {
    name: `a function called ${JSON.stringify(name)}`,
    detail: ({ beacon }) => changed(beacon, `${lambda}.functionName`, name),
    why: readable(`${lambda}.functionName`),
  },
  {
    name: `a role called ${JSON.stringify(name)}`,
    detail: ({ beacon }) => changed(beacon, `${lambda}.role`, name),
    why: /is not the ARN of a role/,
  },
  {
    name: `a session called ${JSON.stringify(name)}`,
    detail: ({ theft }) => changed(theft, `${key}.principalId`, `AROAEXAMPLEEXAMPLE12:${name}`),
    why: /is not a session of a role/,
  },
  {
    name: `a user called ${JSON.stringify(name)}`,
    detail: ({ theft }) => changed(theft, `${key}.userName`, name),
    why: /is not the name of a role/,
  },
  {
    name: `an id ${JSON.stringify(name)}`,
    detail: ({ beacon }) => changed(beacon, 'id', name),
    why: readable('id'),
  },
]);

const unproven: readonly BadCase[] = [
  {
    name: 'a role that is not the function’s',
    detail: (findings) =>
      changed(findings.beacon, `${lambda}.role`, role(String(soloRoleOf(findings)))),
    kind: 'ask',
    why: /not proven: canary-culprit does not run with the role/,
  },
  {
    name: 'the right role under another path',
    detail: ({ beacon }) =>
      changed(beacon, `${lambda}.role`, roleOf(beacon).replace(':role/', ':role/team/app/')),
    kind: 'ask',
    why: /not proven: the finding’s role ARN is not the ARN of/,
  },
  {
    name: 'the id of a role that was made again',
    detail: ({ theft }) => theft,
    kind: 'ask',
    why: /not proven: the finding’s role id is not that of/,
  },
  {
    name: 'a role that does not exist',
    detail: ({ beacon }) => changed(beacon, `${lambda}.role`, role('nobody')),
    kind: 'ask',
    why: /could not judge: the role does not exist/,
  },
  {
    name: 'a function and a role that do not exist',
    detail: ({ beacon }) =>
      changed(
        changed(
          changed(beacon, `${lambda}.functionName`, 'gone'),
          `${lambda}.functionArn`,
          'arn:aws:lambda:us-east-1:000000000000:function:gone',
        ),
        `${lambda}.role`,
        role('nobody'),
      ),
    why: /nothing is left to contain/,
  },
  {
    name: 'an IAM user with the id of a role',
    detail: ({ theft }) => changed(theft, `${key}.userType`, 'IAMUser'),
    why: /is not the id of a user/,
  },
  {
    name: 'a kind of resource that nobody has heard of',
    detail: ({ beacon }) =>
      changed(
        changed(beacon, 'resource.lambdaDetails'),
        'resource.resourceType',
        'QuantumComputer',
      ),
    why: /reports findings about QuantumComputer/,
  },
];

const exempt: readonly BadCase[] = (['default', 'drills'] as const).flatMap((bus) => [
  {
    name: `Cordon’s own role, on the bus ${bus}`,
    bus,
    detail: ({ beacon }) => changed(beacon, `${lambda}.role`, role('cordon/CordonDrillRole')),
    why: /never contained: .*Cordon/,
  },
  {
    name: `a service-linked role, on the bus ${bus}`,
    bus,
    detail: ({ beacon }) =>
      changed(
        beacon,
        `${lambda}.role`,
        role('aws-service-role/x.amazonaws.com/AWSServiceRoleForX'),
      ),
    why: /never contained: .*AWS/,
  },
]);

const judgedBefore: readonly BadCase[] = [
  {
    name: 'a title that begins with [SAMPLE]',
    detail: ({ beacon }) => changed(beacon, 'title', '[SAMPLE] x'),
    kind: 'suppress',
    why: /sample finding/,
  },
  {
    name: 'a sample by its additional information',
    detail: ({ beacon }) =>
      changed(beacon, 'service.additionalInfo', { type: 'default', value: '{"sample":true}' }),
    kind: 'suppress',
    why: /sample finding/,
  },
  {
    name: 'an archived finding',
    detail: ({ beacon }) => changed(beacon, 'service.archived', true),
    kind: 'ask',
    why: /archived/,
  },
];

const at = (detail: FindingDetail, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (found, part) =>
        typeof found === 'object' && found !== null ? Reflect.get(found, part) : undefined,
      detail,
    );
const soloRoleOf = ({ theft }: Findings) => at(theft, `${key}.userName`);
const roleOf = (beacon: FindingDetail) => String(at(beacon, `${lambda}.role`));

export const badCases: readonly BadCase[] = [
  ...unreadable,
  ...numbers,
  ...elsewhere,
  ...names,
  ...unproven,
  ...exempt,
  ...judgedBefore,
];
