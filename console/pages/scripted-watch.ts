// What the API answers to the pages that watch over Cordon itself: policy, health, audit.
import type { Answers } from '../../pages-kit/states.ts';
import { beat, drills, drillTypes } from './scripted-drills.ts';

const now = Date.now();
const hour = 3_600_000;
const ago = (hours: number): string => new Date(now - hours * hour).toISOString();

const typeRow = (type: string, contain: number | null, ask: number | null, tell = 1) => ({
  ...{ type, contain, ask, tell, isKnown: true },
  family: `${type.slice(0, type.indexOf('/'))}/*`,
});
const lambdaTypes = ['Backdoor:Lambda/C&CActivity.B', 'CryptoCurrency:Lambda/BitcoinTool.B'];
const userTypes = ['Anomalous', 'MaliciousIPCaller', 'TorIPCaller', 'RootCredentialUsage'];

export const policy = {
  ...{ asOf: '2026-11-30', minSeverity: 4, twoPersons: 'critical' },
  types: [
    ...lambdaTypes.map((type) => typeRow(type, 7, 4)),
    typeRow(drillTypes[0] ?? '', 7, 4),
    typeRow('Policy:IAMUser/RootCredentialUsage', null, 0),
    ...userTypes.map((name) => typeRow(`Discovery:IAMUser/${name}`, null, 4)),
    ...userTypes.map((name) => typeRow(`Recon:EC2/${name}`, null, null, 4)),
    ...userTypes.map((name) => typeRow(`Exfiltration:S3/${name}`, 8, 4)),
  ],
  alwaysExempt: [
    {
      arn: 'arn:aws:iam::111122223333:role/cordon/*',
      because: 'it is Cordon’s own role: denying ourselves would end the response',
    },
  ],
  neverContain: [
    {
      arn: 'arn:aws:iam::111122223333:role/break-glass',
      ...{ because: 'the way back in', owner: 'anna', until: now + 40 * 24 * hour },
    },
    { tag: 'team=payments', because: 'the bank forbids it' },
  ],
  suppressions: [
    {
      ...{ type: 'Discovery:IAMUser/*', arn: 'arn:aws:iam::111122223333:role/scanner-*' },
      because: 'the monthly scan <script>alert(1)</script> of the security team',
      ...{ owner: 'security', until: now + 5 * 24 * hour },
    },
    {
      ...{ type: 'Recon:EC2/PortProbe*', account: '111122223333', owner: 'bob' },
      ...{ because: 'a test that is over', until: now - 3 * 24 * hour },
    },
  ],
  observe: { everything: false, types: ['Exfiltration:S3/*'], tags: [] },
  breaker: { limit: 10, limitOfType: 5, minutes: 10 },
  criticalTier: ['arn:aws:lambda:*:111122223333:function:orders-*'],
  approval: { minutes: 30, onTimeout: 'leave' },
};

export const explained = {
  finding: { type: 'Backdoor:Lambda/C&CActivity.B', severity: 5 },
  table: { contain: 7, ask: 4, tell: 4, family: 'Backdoor:Lambda/*', isKnown: true },
  open: 'Code that is already running, and copies of the credentials in other hands.',
  advice: 'Find out how the code came into the function, and deploy it anew.',
  decision: null,
  rules: [
    ...['account and region', 'sample', 'archived', 'suppression', 'severity', 'only told'],
    ...['named workload', 'never contained, by the finding'],
  ].map((rule) => ({ rule, said: null })),
  reads: [
    'GetFunction, ListTags on lambda:function:*',
    'the number of recent containments, in the case table',
    'GetFindings of GuardDuty, which proves that the finding is real',
  ],
  expired: [],
};
export const suppressed = {
  ...explained,
  decision: { kind: 'suppress', reason: 'suppressed: the monthly scan of the security team' },
  rules: [
    ...explained.rules.slice(0, 3),
    { rule: 'suppression', said: 'suppressed: the monthly scan of the security team' },
  ],
  reads: [],
};

export const health = {
  ...{ at: now, deadLetters: 0, expired: [] as string[], tampering: [] as object[] },
  failed: [] as object[],
  subscriptions: [
    { endpoint: 'security@example.com', protocol: 'email', state: 'safe' },
    { endpoint: 'on-call@example.com', protocol: 'email', state: 'safe' },
  ],
  breaker: { limit: 10, limitOfType: 5, minutes: 10, contained: 1, heldBack: [] as string[] },
  heartbeat: {
    ...{ everyHours: 24, late: false },
    lastSuccess: { at: now - 3.2 * hour, incidentId: beat.id },
    latest: { at: ago(3.3), incidentId: beat.id, state: 'released' },
  },
  selfCheck: { at: now - 0.4 * hour, late: false, differences: [] as string[] },
};

const attack = (index: number) => ({
  ...{ at: ago(2 + index * 9), eventId: `e-${index}`, times: index === 1 ? 214 : 1 },
  call: ['lambda:UpdateFunctionConfiguration', 'events:DisableRule', 'sns:Unsubscribe'][index],
  resource: ['ContainmentLambda', 'cordon-finding-rule', 'arn:aws:sns:us-east-1:1:cordon'][index],
  caller: `arn:aws:sts::111122223333:assumed-role/build-pipeline/i-0a1b2c3d4e5f6a7b${index}`,
  ...{ from: '198.51.100.23', result: ['done', 'denied', 'InvalidParameter'][index] },
});
export const unwell = {
  ...health,
  deadLetters: 3,
  ...{ tampering: [attack(0), attack(1), attack(2)] },
  expired: ['Recon:EC2/PortProbe* (bob, until 2026-11-18T00:00:00.000Z): a test that is over'],
  subscriptions: [
    { endpoint: 'security@example.com', protocol: 'email', state: 'open' },
    { endpoint: 'new-colleague@example.com', protocol: 'email', state: 'pending' },
  ],
  breaker: { ...health.breaker, contained: 10, heldBack: ['inc-20261121-b2m4x9ka'] },
  heartbeat: {
    ...{ everyHours: 24, late: true },
    lastSuccess: { at: now - 51 * hour, incidentId: beat.id },
    latest: { at: ago(27), incidentId: 'inc-20261129-h1111111', state: 'not-contained' },
  },
  selfCheck: {
    ...{ at: now - 0.4 * hour, late: false },
    differences: ['rule cordon-finding-rule is disabled', 'function ContainmentLambda was changed'],
  },
};

export const entry = (minutes: number, who: string, what: string, more: object) => ({
  ...{ at: now - minutes * 60_000, who, what, incident: 'inc-20261121-7f3k2m8q' },
  ...{ requestId: `0b6d7f6d-${minutes}`, signedInAt: now - (minutes + 1) * 60_000 },
  ...more,
});
export const audit = {
  ...{ day: new Date(now).toISOString().slice(0, 10), cursor: null },
  items: [
    entry(52, 'anna', 'answer', { says: 'contain: confirmed with the owner', outcome: 'asked' }),
    entry(51.9, 'anna', 'answer', {
      ...{ says: 'contain: confirmed with the owner', outcome: 'contained' },
      signedInAt: now - 53 * 60_000,
    }),
    entry(31, 'audrey', 'read-evidence', {
      says: 'a question of the board <img src=x onerror=alert(1)>',
      outcome: 'custody entry 1, 3 objects',
    }),
    entry(20, 'audrey', 'export-audit', {
      ...{ incident: null, says: 'audit 4711', signedInAt: now - 32 * 60_000 },
      outcome: `2026-11-01 to 2026-11-30, 214 entries, SHA-256 ${'5e1'.repeat(21)}0`,
    }),
    entry(12, 'rita', 'release', { says: 'the code is new', outcome: 'not done: it has changed' }),
  ],
};

export const auditExport = {
  ...{ from: '2026-11-01', to: '2026-11-30', entries: 214, sha256: `${'5e1'.repeat(21)}0` },
  ...{ name: 'cordon-audit-2026-11-01--2026-11-30.jsonl', text: '{}\n' },
  keyId: 'arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
};

export const watchAnswers: Answers = {
  'GET /drills': { body: drills },
  'GET /policy': { body: policy },
  'POST /policy/explain': { body: explained },
  'GET /health': { body: health },
  'GET /audit': { body: audit },
};
