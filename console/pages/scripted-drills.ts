// What the API answers about drills: the runs that have ended, and one that goes on.

const now = Date.now();
const ago = (hours: number): string => new Date(now - hours * 3_600_000).toISOString();

const scenarios = ['lambda-credential-theft', 'shared-role-function', 'product-service-backdoor'];
export const drillTypes = [
  'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
  'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS',
  'Backdoor:Lambda/C&CActivity.B',
];
const canaries = ['canary-solo', 'canary-neighbour', 'ProductService'];
const hasFailed = (index: number): boolean => index === 4 || index === 11;

const run = (index: number) => ({
  ...{ id: `inc-202611${String(28 - index).padStart(2, '0')}-d${'0123456'.repeat(2).slice(0, 7)}` },
  ...{ state: hasFailed(index) ? 'partial' : 'released', drill: true, severity: 8, endsAt: null },
  ...{ openedAt: ago(20 + index * 31), type: drillTypes[index % 3], about: canaries[index % 3] },
  title: 'Credentials that were made for a function are used outside of AWS.',
  decision: 'severity 8 of this type is contained at once',
  score: {
    ...{ scenario: scenarios[index % 3], passed: !hasFailed(index), checks: 15 },
    failed: hasFailed(index) ? ['containment is fast', 'the neighbour keeps working'] : [],
    restored: true,
    firstDeniedMs: index === 11 ? null : 1_900 + ((index * 733) % 1_700) + (index > 8 ? 1_500 : 0),
  },
});
export const beat = {
  ...run(0),
  ...{ id: 'inc-20261129-h0000000', about: 'canary-heartbeat', openedAt: ago(3), score: null },
};

export const drills = {
  ...{ scenarios, checks: ['containment is fast', 'the neighbour keeps working'], cursor: null },
  items: [beat, ...Array.from({ length: 14 }, (_, index) => run(index))],
};
/** A run that began two minutes ago, and one that has its score. */
const minutesAgo = (minutes: number): number => now - minutes * 60_000;
const liveId = 'inc-20261130-d7777777';
const begun = { ...run(0), id: liveId, state: 'contained', openedAt: ago(2 / 60), score: null };
export const liveDrills = { ...drills, items: [begun, ...drills.items] };
export const scoredDrills = {
  ...drills,
  items: [{ ...run(4), id: liveId, openedAt: ago(4 / 60) }, ...drills.items],
};
/** What a drill has come to after two minutes, as its incident says. */
export const liveIncident = {
  ...{ id: liveId, state: 'contained', drill: true, round: 1 },
  finding: {
    ...{ id: 'f'.repeat(32), type: drillTypes[0], severity: 8, title: begun.title },
    ...{ account: '111122223333', region: 'us-east-1', updatedAt: minutesAgo(2), revisions: 1 },
  },
  suspect: { functionName: 'canary-solo', roleName: 'canary-solo-role', sharing: 'sole' },
  clocks: {
    ...{ activity: null, finding: minutesAgo(2), event: minutesAgo(2), received: minutesAgo(1.98) },
    ...{ accepted: minutesAgo(1.96), effective: minutesAgo(1.8), flash: minutesAgo(1.9) },
    ...{ evidence: minutesAgo(1.2), timeline1: minutesAgo(0.6), report1: minutesAgo(0.4) },
    ...{ timeline2: null, report2: null, released: null },
  },
  decision: { kind: 'contain', reason: begun.decision },
  answers: [],
  actions: [
    {
      ...{ responder: 'contain.quarantine-role', target: 'canary-solo-role' },
      ...{ outcome: 'contained', acceptedMs: minutesAgo(1.96), effectiveMs: minutesAgo(1.8) },
    },
    {
      ...{ responder: 'contain.pause-function', target: 'canary-solo', outcome: 'applied' },
      ...{ acceptedMs: minutesAgo(1.95), effectiveMs: null },
    },
  ],
  stages: [
    { name: 'evidence', status: 'ok', ms: 36_000 },
    { name: 'timeline1', status: 'ok', ms: 24_600 },
    { name: 'report1', status: 'ok', ms: 5_100 },
  ],
  evidence: {
    ...{ bucket: 'cordon-drill-evidence', expired: false, prefix: 'incidents/', objects: 31 },
    ...{ bytes: 812_880, manifest: null, gaps: [] },
  },
  timeline: {
    ...{ pass: 1, events: 38, horizon: null, csv: null, json: null },
    lastAllowed: new Date(minutesAgo(1.9)).toISOString(),
  },
  report: { html: null, json: null, text: null },
  ...{ mails: [], release: null },
};
export const noDrills = { ...drills, items: [] };
