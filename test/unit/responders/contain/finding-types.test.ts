import { expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import table from '../../../../responders/decide/finding-types.json' with { type: 'json' };
import type { DecisionKind } from '../../../../responders/incident/incident.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { type FamilyName, families, findingOf } from '../../../support/fakes/finding-families.ts';

/** What is decided about a finding, and which names are contained. */
interface Outcome {
  readonly kind: DecisionKind;
  readonly reason: RegExp;
  readonly contained: readonly string[];
}

const proven = /the role is proven/;
const toldOnly = /^findings of this type are told, not contained$/;
const asWhole: Outcome = {
  kind: 'contain',
  reason: proven,
  contained: ['orders', 'orders-role'],
};
const asUser: Outcome = { kind: 'contain', reason: /user is proven/, contained: ['deploy'] };
const told = (reason: RegExp): Outcome => ({ kind: 'notify', reason, contained: [] });
const asked = (reason: RegExp): Outcome => ({ kind: 'ask', reason, contained: [] });
const recorded: Outcome = {
  kind: 'suppress',
  reason: /is below the threshold 4/,
  contained: [],
};

/** A change of one field, and what it leads to. */
interface Wrong {
  readonly path: string;
  readonly value: unknown;
  readonly leadsTo: Outcome;
}

const severity = (value: number, leadsTo: Outcome): Wrong => ({ path: 'severity', value, leadsTo });
const key = (field: string, value: string, leadsTo: Outcome): Wrong => ({
  path: `resource.accessKeyDetails.${field}`,
  value,
  leadsTo,
});

interface Group {
  readonly family: FamilyName;
  readonly severity: number;
  readonly right: Outcome;
  readonly wrong: Wrong;
  readonly types: readonly string[];
}

const below = asked(/^severity 6.9: this type is contained from 7$/);
const otherRole = key('principalId', 'AROAEXAMPLEEXAMPLE99:orders', asked(/not proven: .*role id/));

const groups: readonly Group[] = [
  {
    family: 'lambda',
    severity: 8,
    right: asWhole,
    wrong: {
      path: 'resource.lambdaDetails.role',
      value: 'arn:aws:iam::111122223333:role/other',
      leadsTo: asked(/could not judge: the role does not exist/),
    },
    types: [
      'Backdoor:Lambda/C&CActivity.B',
      'CryptoCurrency:Lambda/BitcoinTool.B',
      'UnauthorizedAccess:Lambda/TorClient',
      'UnauthorizedAccess:Lambda/TorRelay',
    ],
  },
  {
    family: 'lambda',
    severity: 5,
    right: asked(/^severity 5: this type is contained from 7$/),
    wrong: severity(3, recorded),
    types: [
      'Trojan:Lambda/BlackholeTraffic',
      'Trojan:Lambda/DropPoint',
      'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
    ],
  },
  {
    family: 'session',
    severity: 8,
    right: asWhole,
    wrong: otherRole,
    types: [
      'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
      'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.InsideAWS',
      'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
      'Exfiltration:IAMUser/AnomalousBehavior',
      'Impact:IAMUser/AnomalousBehavior',
    ],
  },
  {
    family: 'user',
    severity: 7,
    right: asUser,
    wrong: severity(6.9, below),
    types: [
      'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
      'UnauthorizedAccess:IAMUser/TorIPCaller',
      'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
      'CredentialAccess:IAMUser/AnomalousBehavior',
      'InitialAccess:IAMUser/AnomalousBehavior',
      'Persistence:IAMUser/AnomalousBehavior',
      'PrivilegeEscalation:IAMUser/AnomalousBehavior',
    ],
  },
  {
    family: 'user',
    severity: 5,
    right: asked(/^severity 5: this type is contained from 7$/),
    wrong: key('userType', 'AWSService', told(/a service of AWS/)),
    types: [
      'PenTest:IAMUser/KaliLinux',
      'PenTest:IAMUser/ParrotLinux',
      'PenTest:IAMUser/PentooLinux',
      'Recon:IAMUser/MaliciousIPCaller',
      'Recon:IAMUser/TorIPCaller',
      'DefenseEvasion:IAMUser/BedrockLoggingDisabled',
    ],
  },
  {
    family: 'session',
    severity: 2,
    right: told(/^severity 2: findings of this type are only told below 4$/),
    wrong: severity(4, asked(/contained from 7/)),
    types: ['Stealth:IAMUser/CloudTrailLoggingDisabled', 'Stealth:IAMUser/PasswordPolicyChange'],
  },
  {
    family: 'model',
    severity: 2,
    right: told(/^severity 2: findings of this type are only told below 4$/),
    wrong: { path: 'type', value: 'Discovery:IAMUser/AnomalousBehavior', leadsTo: recorded },
    types: [
      'Impact:IAMUser/AnomalousModelInvocation',
      'Impact:IAMUser/CostHarvesting',
      'Impact:IAMUser/PromptInjection.Direct',
    ],
  },
  {
    family: 'root',
    severity: 2,
    right: told(toldOnly),
    wrong: { path: 'type', value: 'Recon:IAMUser/TorIPCaller', leadsTo: recorded },
    types: ['Policy:IAMUser/RootCredentialUsage', 'Policy:IAMUser/ShortTermRootCredentialUsage'],
  },
  {
    family: 'bucket',
    severity: 8,
    right: asWhole,
    wrong: key('principalId', 'anonymous', told(/is not one of a Lambda function|session/)),
    types: [
      'Exfiltration:S3/AnomalousBehavior',
      'Exfiltration:S3/MaliciousIPCaller',
      'Impact:S3/AnomalousBehavior.Delete',
      'Impact:S3/AnomalousBehavior.Permission',
      'UnauthorizedAccess:S3/TorIPCaller',
    ],
  },
  {
    family: 'bucket',
    severity: 8,
    right: asked(/never contained without a question/),
    wrong: severity(6, told(/only told below 7/)),
    types: ['Discovery:S3/MaliciousIPCaller', 'Discovery:S3/TorIPCaller'],
  },
  {
    family: 'bucket',
    severity: 2,
    right: told(toldOnly),
    wrong: { path: 'type', value: 'Discovery:S3/AnomalousBehavior', leadsTo: recorded },
    types: [
      'Policy:S3/BucketPublicAccessGranted',
      'Policy:S3/AccountBlockPublicAccessDisabled',
      'Stealth:S3/ServerAccessLoggingDisabled',
    ],
  },
  {
    family: 'object',
    severity: 8,
    right: told(toldOnly),
    wrong: { path: 'service.archived', value: true, leadsTo: told(/archived/) },
    types: ['Object:S3/MaliciousFile'],
  },
  {
    family: 'instance',
    severity: 8,
    right: told(toldOnly),
    wrong: severity(3, recorded),
    types: [
      'Backdoor:EC2/C&CActivity.B!DNS',
      'Behavior:EC2/NetworkPortUnusual',
      'CryptoCurrency:EC2/BitcoinTool.B',
      'Impact:EC2/PortSweep',
      'Recon:EC2/Portscan',
      'Trojan:EC2/DNSDataExfiltration',
      'UnauthorizedAccess:EC2/SSHBruteForce',
    ],
  },
  {
    family: 'runtime',
    severity: 8,
    right: told(toldOnly),
    wrong: severity(3.9, recorded),
    types: [
      'Backdoor:Runtime/C&CActivity.B',
      'DefenseEvasion:Runtime/SensitiveFileModified',
      'Execution:Runtime/ReverseShell',
      'PrivilegeEscalation:Runtime/RuncContainerEscape',
    ],
  },
  {
    family: 'container',
    severity: 8,
    right: told(toldOnly),
    wrong: { path: 'region', value: 'us-east-1', leadsTo: told(/acts in .* only/) },
    types: ['Execution:ECS/MaliciousFile', 'Impact:Runtime/CryptoMinerExecuted'],
  },
  {
    family: 'kubernetes',
    severity: 8,
    right: told(toldOnly),
    wrong: severity(1, recorded),
    types: [
      'CredentialAccess:Kubernetes/SuccessfulAnonymousAccess',
      'Execution:Kubernetes/ExecInKubeSystemPod',
      'PrivilegeEscalation:Kubernetes/AnomalousBehavior.RoleBindingCreated',
    ],
  },
  {
    family: 'malware',
    severity: 8,
    right: told(toldOnly),
    wrong: { path: 'title', value: '[SAMPLE] x', leadsTo: { ...recorded, reason: /sample/ } },
    types: ['Execution:EC2/MaliciousFile', 'Execution:EC2/MaliciousFile!Snapshot'],
  },
  {
    family: 'database',
    severity: 8,
    right: told(toldOnly),
    wrong: severity(2, recorded),
    types: [
      'CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce',
      'CredentialAccess:RDS/MaliciousIPCaller.SuccessfulLogin',
      'Discovery:RDS/TorIPCaller',
    ],
  },
  {
    family: 'rule',
    severity: 7,
    right: asked(/never contained without a question/),
    wrong: severity(2, told(/only told below 7/)),
    types: [
      'DefenseImpairment:EC2/DisableOrModifyTools',
      'Persistence:IAM/AccountManipulation',
      'PrivilegeEscalation:IAM/AccountManipulation',
    ],
  },
];

const rows = groups.flatMap(({ types, ...group }) => types.map((type) => ({ type, ...group })));

const changed = (detail: object, [name = '', ...rest]: readonly string[], to: unknown): object => {
  const inner: unknown = Object.entries(detail).find(([field]) => field === name)?.[1];
  const isLast = rest.length === 0 || typeof inner !== 'object' || inner === null;
  return { ...detail, [name]: isLast ? to : changed(inner, rest, to) };
};

const outcomeOf = async (event: unknown) => {
  const { deps } = fakeDeps();
  const arrival = { event, drill: false, execution: 'execution-1' };
  const { incidentId, decision } = await containFinding(arrival, deps);
  const { actions } = await readCase(deps.table, incidentId);
  const contained = actions.filter(({ outcome }) => outcome === 'contained');
  const names = [...new Set(contained.map(({ target }) => target))];
  return { ...decision, contained: names.sort() };
};

const matching = ({ kind, reason, contained }: Outcome) => ({
  kind,
  reason: expect.stringMatching(reason),
  contained,
});

it('has rows for at least 60 types, all of the table, of every family of fields', () => {
  const known = table.families.flatMap(({ types }) => types);
  expect(rows.filter(({ type }) => !known.includes(type))).toEqual([]);
  expect(new Set(rows.map(({ type }) => type)).size).toBeGreaterThanOrEqual(60);
  expect(new Set(rows.map(({ family }) => family))).toEqual(new Set(Object.keys(families)));
});

it.each(rows)(
  '$type of severity $severity: $right.kind, and otherwise with a wrong $wrong.path',
  async ({ type, family, severity: given, right, wrong }) => {
    const event = findingOf(family, type, given);
    expect(await outcomeOf(event)).toEqual(matching(right));
    const detail = changed(event.detail, wrong.path.split('.'), wrong.value);
    expect(await outcomeOf({ ...event, detail })).toEqual(matching(wrong.leadsTo));
  },
);
