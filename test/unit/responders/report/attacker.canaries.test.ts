import { describe, expect, it } from 'vitest';
import { incidentText } from '../../../../operator/incident-text.ts';
import { incidentView } from '../../../../operator/incident-view.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import type { Case } from '../../../../responders/incident/case.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import type { SeenCalls } from '../../../../responders/incident/stage.ts';
import type { ReportInput } from '../../../../responders/report/input.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import {
  firstReport,
  place,
  rowOf,
  timelineOf,
} from '../../../support/responders/report/samples.ts';
import { timelineStageOf } from '../../../support/responders/stages.ts';

/** Values that no other part of an incident holds, so that finding one proves where it is from. */
const canary = {
  title: 'Canary title of the finding',
  address: '203.0.113.77',
  country: 'Canaria',
  organisation: 'Canary Networks Ltd',
  program: 'canary-agent/7.7',
  action: 'CanaryCall',
  times: 7_777,
  key: 'ASIACANARYCANARYQ7Z9',
  keyEnd: 'Q7Z9',
  session: 'canary-session',
  role: 'canary-role',
  user: 'canary-user',
  function: 'canary-function',
} as const;

const caller = {
  ipAddressV4: canary.address,
  country: { countryName: canary.country },
  organization: { org: canary.organisation },
};

const call = {
  awsApiCallAction: {
    api: canary.action,
    serviceName: 's3.amazonaws.com',
    userAgent: canary.program,
    remoteIpDetails: caller,
  },
};

const keyOf = (userType: string, userName: string, principalId: string) => ({
  resourceType: 'AccessKey',
  accessKeyDetails: { accessKeyId: canary.key, principalId, userName, userType },
});

const functionArn = `arn:aws:lambda:eu-west-1:111122223333:function:${canary.function}`;
const functionResource = {
  resourceType: 'Lambda',
  lambdaDetails: {
    functionArn,
    functionName: canary.function,
    functionVersion: '$LATEST',
    role: `arn:aws:iam::111122223333:role/${canary.role}`,
  },
};

const finding = (resource: object, over: object = {}) => ({
  version: '0',
  id: 'e',
  'detail-type': 'GuardDuty Finding',
  source: 'aws.guardduty',
  account: '111122223333',
  time: '2026-11-21T10:00:06Z',
  region: 'eu-west-1',
  detail: {
    accountId: '111122223333',
    region: 'eu-west-1',
    partition: 'aws',
    id: 'a1b2c3d4e5f60718293a4b5c6d7e8f90',
    type: 'Backdoor:Lambda/C&CActivity.B',
    severity: 8,
    title: canary.title,
    createdAt: '2026-11-21T10:00:05.000Z',
    updatedAt: '2026-11-21T10:00:05.000Z',
    resource,
    service: { archived: false, count: canary.times, action: call },
    ...over,
  },
});

type Fact = Exclude<keyof typeof canary, 'key'>;
const calls = [
  'title',
  'address',
  'country',
  'organisation',
  'program',
  'action',
  'times',
] as const;

interface FindingClass {
  readonly name: string;
  readonly event: ReturnType<typeof finding>;
  readonly known: readonly Fact[];
}

const session = keyOf('AssumedRole', canary.role, `AROACANARYCANARYCANA:${canary.session}`);
const user = keyOf('IAMUser', canary.user, 'AIDACANARYCANARYCANA');
const classes: readonly FindingClass[] = [
  { name: 'a function', event: finding(functionResource), known: [...calls, 'function'] },
  {
    name: 'a role session',
    event: finding(session),
    known: [...calls, 'role', 'session', 'keyEnd'],
  },
  { name: 'a user and its key', event: finding(user), known: [...calls, 'user', 'keyEnd'] },
  {
    name: 'an event that cannot be read',
    event: finding(session, { updatedAt: 'yesterday' }),
    known: [...calls, 'role', 'session', 'keyEnd'].filter((fact) => fact !== 'title') as Fact[],
  },
];

const caseOf = async (event: unknown): Promise<Case> => {
  const { deps } = fakeDeps();
  const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
  return readCase(deps.table, incidentId);
};

const plain = (html: string): string =>
  html.replaceAll('&#x27;', "'").replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');

const formsOf = (incident: Case, over: Partial<ReportInput> = {}) => {
  const view = incidentView(incident, { mask: place.mask, bucket: 'evidence' });
  const report = firstReport(incident, over);
  return {
    mail: letter(incident, 'flash', place).body,
    show: incidentText(view),
    'show --json': JSON.stringify(view),
    html: plain(report.html),
    text: report.text,
    json: report.json,
  };
};

/** Numbers are written with separators for people. */
const isIn = (content: string, fact: Fact): boolean =>
  fact === 'times' ? /7,?777/.test(content) : content.includes(String(canary[fact]));

const missing = (content: string, facts: readonly Fact[]): readonly Fact[] =>
  facts.filter((fact) => !isIn(content, fact));

describe.each(classes)('of a finding about $name', ({ event, known }) => {
  it('every fact is in the mail, the report in each form, and what show prints', async () => {
    const contents = formsOf(await caseOf(event));
    expect(
      Object.entries(contents).map(([form, content]) => [form, missing(content, known)]),
    ).toEqual(Object.keys(contents).map((form) => [form, []]));
  });

  it('what it does not name is nowhere, and has no line', async () => {
    const { service: _service, ...rest } = event.detail;
    const bare = { ...event, detail: { ...rest, service: { archived: false } } };
    const contents = formsOf(await caseOf(bare));
    const gone = ['address', 'country', 'organisation', 'program', 'action', 'times'] as const;
    for (const [form, content] of Object.entries(contents)) {
      expect(
        gone.filter((fact) => isIn(content, fact)),
        form,
      ).toEqual([]);
      expect(content, form).not.toMatch(/^\s*(from|contacted|program|calls):? /im);
      expect(content, form).not.toContain('undefined');
    }
  });

  it('no form has more of the key than its end', async () => {
    const incident = await caseOf(event);
    for (const content of Object.values(formsOf(incident)))
      expect(content).not.toContain(canary.key.slice(0, 12));
    expect(JSON.stringify(incident.head)).not.toContain(canary.key);
  });
});

it('a sample is one short mail without them; show has them', async () => {
  const event = finding(functionResource, { title: `[SAMPLE] ${canary.title}` });
  const { mail, show, 'show --json': json } = formsOf(await caseOf(event));
  expect(missing(mail, ['address', 'program', 'times'])).toEqual(['address', 'program', 'times']);
  for (const content of [show, json]) expect(missing(content, [...calls, 'function'])).toEqual([]);
});

const seen: SeenCalls = {
  by: [
    { who: 'attacker', calls: 4_321 },
    { who: 'function', calls: 17 },
  ],
  addresses: ['203.0.113.99'],
  userAgents: ['seen-agent/1.1'],
  reached: [{ kind: 'secret', what: 'canary-secret', reads: 3, changes: 0, denied: 1 }],
  resources: 1,
  dataEvents: true,
};

it('what the timeline has seen is in the mail and in what show prints, and not before', async () => {
  const incident = await caseOf(finding(session));
  const later = { ...incident, stages: [timelineStageOf(2, { seen })] };
  const words = [
    '203.0.113.99',
    'seen-agent/1.1',
    'secret canary-secret (3 reads, 1 denied)',
    '4,321 by the attacker, 17 by the function itself',
  ];
  const [before, after] = [formsOf(incident), formsOf(later)];
  for (const form of ['mail', 'show'] as const)
    for (const word of words) {
      expect(after[form], `${form}: ${word}`).toContain(word);
      expect(before[form]).not.toContain(word);
    }
  expect(JSON.parse(after['show --json'])).toMatchObject({ seen });
});

it('what the timeline has seen is in the report, and not where there is no timeline', async () => {
  const incident = await caseOf(finding(session));
  const row = rowOf('x', {
    sourceIp: '203.0.113.99',
    userAgent: 'seen-agent/1.1',
    origin: 'attacker',
  });
  const timeline = { ok: true, timeline: timelineOf('canary-secret', [row]) } as const;
  const [before, after] = [formsOf(incident), formsOf(incident, { timeline, version: 2 })];
  for (const form of ['html', 'text', 'json'] as const)
    for (const word of ['203.0.113.99', 'seen-agent/1.1', 'secret canary-secret (1 read)']) {
      expect(after[form], `${form}: ${word}`).toContain(word);
      expect(before[form]).not.toContain(word);
    }
});
