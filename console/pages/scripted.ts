import type { ScriptedAnswer } from '../../pages-kit/states.ts';
import { reportsOf } from './scripted-report.ts';
import { timeline } from './scripted-timeline.ts';
import { watchAnswers } from './scripted-watch.ts';

export const incidentId = 'inc-20261121-7f3k2m8q';
/** Times count from now, so that a question waits on every day. */
const now = Date.now();
const minutes = (count: number): number => now + count * 60_000;
export const moment = (count: number): string => new Date(minutes(count)).toISOString();

export const listed = {
  ...{ id: incidentId, state: 'awaiting-approval', drill: false, openedAt: moment(-12) },
  ...{ type: 'Backdoor:Lambda/C&CActivity.B', severity: 8 },
  title: 'The Lambda function orders-api is communicating with a command and control server.',
  ...{ about: 'orders-api', endsAt: minutes(18) },
  decision: 'orders-api is in the critical tier: a person must approve',
  score: null,
};
const withId = (tail: string, more: object) => ({
  ...{ ...listed, id: `inc-20261121-${tail}`, endsAt: null },
  ...more,
});
export const partial = withId('b2m4x9ka', {
  ...{ state: 'partial', about: 'invoice-worker', severity: 7.5, openedAt: moment(-47) },
  type: 'UnauthorizedAccess:Lambda/MaliciousIPCaller.Custom',
  title: 'invoice-worker is called from an address of a threat list.',
});
export const contested = withId('q8w1z5tt', {
  ...{ state: 'contested', about: 'report-exporter-with-a-name-that-is-as-long-as-names-may-be' },
  ...{ severity: 8, openedAt: moment(-95) },
  type: 'Discovery:Lambda/S3MaliciousIPCaller',
  title: 'Somebody removed the deny policy from report-exporter 40 s after it was put there.',
});
export const contained = withId('c5n7r2pd', {
  ...{ state: 'contained', about: 'thumbnailer', severity: 5, openedAt: moment(-600) },
  type: 'CryptoCurrency:Lambda/BitcoinTool.B!DNS',
  title: 'thumbnailer looks up names of a mining pool.',
});
export const drill = withId('d0d1d2d3', {
  ...{
    state: 'open',
    about: 'cordon-drill-target',
    severity: 8,
    drill: true,
    openedAt: moment(-1),
  },
  title:
    'The Lambda function cordon-drill-target asks a name that is used for command and control.',
});

export const needed = (...incidents: readonly object[]) => ({ incidents, more: false });
export const nothingNeeded = {
  ...{ at: now, decide: needed(), actByHand: needed(), contested: needed(), holding: needed() },
};
export const needsNow = {
  ...{ at: now, decide: needed(listed), actByHand: needed(partial) },
  ...{ contested: needed(contested), holding: needed(contained, drill) },
};

export const question = {
  ...{ incidentId, digest: 'a'.repeat(64), open: true, state: 'awaiting-approval', round: 1 },
  drill: false,
  finding: {
    ...{ type: listed.type, severity: 8, title: listed.title, account: '111122223333' },
    ...{ region: 'us-east-1', revisions: 2 },
  },
  about: [
    { kind: 'function', names: ['orders-api'] },
    { kind: 'role', names: ['orders-api-role'] },
  ],
  facts: [
    { label: 'Asked by', text: 'Cordon, because orders-api is in the critical tier' },
    { label: 'Came from', text: 'GuardDuty, over the default event bus of the account' },
    { label: 'Breaks', text: 'GET /orders and POST /orders of API orders; queue order-events' },
    { label: 'Same role', text: 'nobody else' },
    { label: 'Goes on', text: 'durable executions of orders, until their next checkpoint' },
    { label: 'Backlog', text: 'about 214 messages in queue order-events' },
    { label: 'Used', text: 'orders-api was called 1,480 times in the last hour' },
    { label: 'Waiting', text: 'without an answer it is left alone after 30 min' },
  ],
  changes: [
    {
      ...{ title: 'Deny every action to the role', target: 'orders-api-role' },
      stops: 'every call to AWS with keys of this role, also those that were taken out of it',
    },
    {
      ...{ title: 'Stop the function', target: 'orders-api' },
      stops: 'every new start of the function, whoever asks for it',
    },
  ],
  callers: ['API orders', 'queue order-events'],
  timeLimit: { askedAt: minutes(-12), endsAt: minutes(18), onTimeout: 'leave' },
  ...{ answers: [], twoPersons: false, doubted: false, yeses: [] },
};

const at = Date.now();
const seconds = (count: number): number => at - 2_400_000 + count * 1_000;
export const incident = {
  ...{ id: 'inc-20261121-c5n7r2pd', state: 'contained', drill: false, round: 1 },
  finding: {
    ...{ id: 'f'.repeat(32), type: contained.type, severity: 5, title: contained.title },
    ...{ account: '111122223333', region: 'us-east-1', updatedAt: seconds(0), revisions: 1 },
  },
  suspect: { functionName: 'thumbnailer', roleName: 'thumbnailer-role', sharing: 'sole' },
  attacker: {
    addresses: [
      {
        ...{ address: '198.51.100.23', country: 'Netherlands', side: 'contacted' },
        organisation: '<img src=x onerror=alert(1)> Hosting',
      },
    ],
    ...{ userAgents: [], action: 'DNS_REQUEST', role: 'thumbnailer-role' },
  },
  clocks: {
    ...{ activity: seconds(-312), finding: seconds(0), event: seconds(1), received: seconds(1.2) },
    ...{
      accepted: seconds(2.1),
      effective: seconds(9.4),
      flash: seconds(4),
      evidence: seconds(41),
    },
    ...{ timeline1: seconds(66), report1: seconds(71), timeline2: null, report2: null },
    released: null,
  },
  decision: { kind: 'contain', reason: 'severity 5 of this type is contained at once' },
  answers: [],
  actions: [
    {
      ...{ responder: 'contain.quarantine-role', target: 'thumbnailer-role', outcome: 'contained' },
      ...{ acceptedMs: seconds(2.1), effectiveMs: seconds(7) },
    },
    {
      ...{ responder: 'contain.pause-function', target: 'thumbnailer', outcome: 'contained' },
      ...{ acceptedMs: seconds(2.4), effectiveMs: seconds(9.4) },
    },
  ],
  stages: [
    { name: 'evidence', status: 'ok', ms: 32_000 },
    { name: 'timeline1', status: 'ok', ms: 24_600 },
    { name: 'report1', status: 'ok', ms: 5_100 },
    { name: 'manifest', status: 'failed', ms: 900, error: 'KMS did not answer in time' },
  ],
  evidence: {
    ...{ bucket: 'cordon-evidence', expired: false, prefix: 'incidents/', objects: 48 },
    ...{ bytes: 3_412_880, manifest: null },
    gaps: [{ kind: 'refused', what: 'the code of a layer', why: 'another account owns it' }],
  },
  timeline: {
    ...{ pass: 1, events: 412, horizon: null, csv: null, json: null },
    lastAllowed: new Date(seconds(8)).toISOString(),
  },
  report: { html: null, json: null, text: null },
  mails: [
    { kind: 'flash', subject: '[Cordon] thumbnailer is contained', at: seconds(4) },
    { kind: 'report', subject: '[Cordon] Report on thumbnailer', at: seconds(72) },
  ],
  release: null,
};

export const preview = {
  ...{ incidentId: incident.id, digest: 'c'.repeat(64), state: 'contained' },
  changes: incident.actions.map(({ responder, target, outcome, acceptedMs }, index) => ({
    ...{ responder, target, readAt: acceptedMs, outcome },
    staysFor: index === 0 ? [partial.id] : [],
  })),
  liveSessions: ['thumbnailer-role'],
  command: `cordon release ${incident.id} --aws --reason "…"`,
};

export const evidence = {
  ...{ incidentId: incident.id, round: 1, bucket: 'cordon-evidence', prefix: 'incidents/2026/' },
  objects: [
    ...['finding.json', 'cordon/before-records.json', 'function/configuration.json'],
    ...['function/code.zip', 'function/code-listing.json', 'function/environment-names.json'],
    ...['function/concurrency.json', 'role/attached.json', 'role/role.json'],
    ...['logs/2026-11-21-part-0001.ndjson', 'cloudtrail/lookup-0001.json'],
    'logs/<script>alert(1)</script>.ndjson',
  ].map((path, index) => ({
    ...{ path, bytes: 1_200 * (index + 1) ** 3, versionId: null },
    taken: index < 2 ? 'before containment' : 'after containment',
    sha256: String(index).repeat(64).slice(0, 64),
  })),
  gaps: [{ collector: 'code', what: 'the code of a layer', why: 'another account owns it' }],
  ...{ touched: [] as string[], foreign: [] as string[] },
};

export const { report, firstReport } = reportsOf(incident);

/** As many as fill several screens, of every kind. */
export const list = Array.from({ length: 40 }, (_, index) => ({
  ...[listed, partial, contested, contained, drill][index % 5],
  ...{ id: `inc-20261121-${String(index).padStart(8, '0')}`, openedAt: moment(-12 - index * 97) },
}));

export const problem = (status: number, title: string, detail: string): ScriptedAnswer => ({
  status,
  body: { type: 'about:blank', title, status, detail, requestId: 'b6d7f6d2-5f0c' },
});
export const broken = problem(
  500,
  'Internal error',
  'Internal error. The request was not processed.',
);
export const missing = problem(404, 'Not found', `There is no incident ${incidentId}.`);

/** What the API answers where a state names nothing else. */
export const usualAnswers: Readonly<Record<string, ScriptedAnswer>> = {
  ...watchAnswers,
  'GET /now': { body: needsNow },
  'GET /incidents': { body: { items: list, cursor: null } },
  'GET /incidents/{id}': { body: incident, headers: { ETag: '"one"' } },
  'GET /incidents/{id}/evidence': { body: evidence },
  'POST /incidents/{id}/evidence/read': {
    body: {
      ...{ custody: 3, expiresInSeconds: 60 },
      links: [
        {
          ...{ path: 'finding.json', url: 'https://evidence.example/finding.json' },
          ...{ bytes: 1_200, versionId: null },
        },
      ],
      signingKey: { keyId: 'arn:aws:kms:us-east-1:111122223333:key/k', pem: '' },
    },
  },
  'GET /incidents/{id}/report': { body: report },
  'GET /incidents/{id}/timeline': { body: timeline },
  'GET /incidents/{id}/release-preview': { body: preview },
  'GET /incidents/{id}/question': { body: question, headers: { ETag: '"one"' } },
};
