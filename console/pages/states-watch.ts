import type { PageState as KitState, ScriptedAnswer } from '../../pages-kit/states.ts';
import { broken, nothingNeeded, problem } from './scripted.ts';
import { liveDrills, liveIncident, noDrills, scoredDrills } from './scripted-drills.ts';
import { notReadable, partlyKnown } from './scripted-unread.ts';
import { audit, auditExport, health, suppressed, unwell } from './scripted-watch.ts';

type WatchState = KitState<'reader' | 'auditor' | 'approver'>;

const finding = '{ "source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {} }';
const late = { isLate: true } as const;

/** The page while a drill goes on, or has just ended. */
const live = (shown: string, drills: object, incident: ScriptedAnswer): WatchState => ({
  ...{ shown, path: '/drills', as: 'reader' },
  answers: { 'GET /drills': { body: drills }, 'GET /incidents/{id}': incident },
});
const ended = {
  ...{ ...liveIncident, state: 'released' },
  clocks: { ...liveIncident.clocks, released: Date.now() - 5_000 },
  actions: liveIncident.actions.map((action) => ({ ...action, outcome: 'released' })),
};

const drillStates: readonly WatchState[] = [
  live('drill-live', liveDrills, { body: liveIncident }),
  live('drill-live-scored', scoredDrills, { body: ended }),
  live('drill-live-loading', liveDrills, late),
  live('drill-live-failed', liveDrills, broken),
  { shown: 'drills-shown', path: '/drills', as: 'reader' },
  { shown: 'drills-loading', path: '/drills', as: 'reader', answers: { 'GET /drills': late } },
  { shown: 'drills-failed', path: '/drills', as: 'reader', answers: { 'GET /drills': broken } },
  {
    ...{ shown: 'drills-none', path: '/drills', as: 'reader' },
    answers: { 'GET /drills': { body: noDrills } },
  },
  {
    ...{ shown: 'drills-none-so-far', path: '/drills', as: 'reader' },
    answers: { 'GET /drills': { body: { ...noDrills, cursor: 'further' } } },
  },
];

const explains = (letters = finding): Pick<WatchState, 'steps'> => ({
  steps: [{ type: ['A finding', letters] }, { press: 'Explain' }],
});

const policyStates: readonly WatchState[] = [
  { shown: 'policy-shown', path: '/policy', as: 'reader' },
  { shown: 'policy-loading', path: '/policy', as: 'reader', answers: { 'GET /policy': late } },
  { shown: 'policy-failed', path: '/policy', as: 'reader', answers: { 'GET /policy': broken } },
  { shown: 'policy-no-match', path: '/policy?type=nothing-has-this', as: 'reader' },
  { shown: 'explain-refused', path: '/policy', as: 'reader', ...explains('no event') },
  { shown: 'explain-shown', path: '/policy', as: 'reader', ...explains() },
  {
    ...{ shown: 'explain-shown', path: '/policy', as: 'reader', ...explains() },
    answers: { 'POST /policy/explain': { body: suppressed } },
  },
];

const healthStates: readonly WatchState[] = [
  { shown: 'health-well', path: '/health', as: 'reader' },
  {
    ...{ shown: 'health-part-unknown', path: '/health', as: 'reader' },
    answers: { 'GET /health': { body: partlyKnown } },
  },
  { shown: 'tampering-none', path: '/health', as: 'reader' },
  { shown: 'health-loading', path: '/health', as: 'reader', answers: { 'GET /health': late } },
  { shown: 'health-failed', path: '/health', as: 'reader', answers: { 'GET /health': broken } },
  ...(['health-needs', 'tampering-shown'] as const).map(
    (shown): WatchState => ({
      ...{ shown, path: '/health', as: 'reader' },
      answers: { 'GET /health': { body: unwell } },
    }),
  ),
  { shown: 'heartbeat-known', path: '/now', as: 'reader' },
  {
    ...{ shown: 'heartbeat-late', path: '/now', as: 'reader' },
    answers: { 'GET /health': { body: unwell }, 'GET /now': { body: nothingNeeded } },
  },
  {
    ...{ shown: 'heartbeat-off', path: '/now', as: 'reader' },
    answers: {
      'GET /health': { body: { ...health, heartbeat: { ...health.heartbeat, everyHours: null } } },
    },
  },
  { shown: 'heartbeat-unknown', path: '/now', as: 'reader', answers: { 'GET /health': broken } },
];

const forAuditors = problem(
  403,
  'Forbidden',
  'This is for members of auditors. Ask an administrator of the console.',
);

const exporting = (shown: string, answer: ScriptedAnswer): WatchState => ({
  ...{ shown, path: '/audit', as: 'auditor', answers: { 'POST /audit/export': answer } },
  steps: [
    { press: 'Signed export' },
    { type: ['Purpose', 'audit 4711'] },
    { press: 'Sign and save' },
  ],
});

const auditStates: readonly WatchState[] = [
  { shown: 'audit-shown', path: '/audit', as: 'auditor' },
  { shown: 'audit-loading', path: '/audit', as: 'auditor', answers: { 'GET /audit': late } },
  { shown: 'audit-failed', path: '/audit', as: 'auditor', answers: { 'GET /audit': broken } },
  {
    ...{ shown: 'audit-not-yours', path: '/audit', as: 'reader' },
    answers: { 'GET /audit': forAuditors },
  },
  {
    ...{ shown: 'audit-none', path: '/audit', as: 'auditor' },
    answers: { 'GET /audit': { body: { ...audit, items: [] } } },
  },
  {
    ...{ shown: 'audit-unreadable', path: '/audit', as: 'auditor' },
    answers: { 'GET /audit': { body: { ...audit, items: [...audit.items, notReadable] } } },
  },
  { shown: 'audit-no-match', path: '/audit?q=nothing-has-this', as: 'auditor' },
  {
    ...{ shown: 'audit-none-so-far', path: '/audit?q=nothing-has-this', as: 'auditor' },
    answers: { 'GET /audit': { body: { ...audit, cursor: 'further' } } },
  },
  {
    ...{ shown: 'audit-entry', path: '/audit', as: 'auditor' },
    steps: [{ press: 'audrey' }],
  },
  {
    ...{ shown: 'export-asks', path: '/audit', as: 'auditor' },
    steps: [{ press: 'Signed export' }],
  },
  exporting('export-done', { body: auditExport }),
  exporting(
    'export-refused',
    problem(
      413,
      'Too long',
      'These days have more than 2000 entries. Export fewer days at a time.',
    ),
  ),
];

const keyStates: readonly WatchState[] = [
  {
    ...{ shown: 'keys-shown', path: '/now', as: 'approver' },
    steps: [{ see: 'now' }, { key: '?' }],
  },
];

/** The states of the pages that watch over Cordon itself, and of what every page has. */
export const watchStates: readonly WatchState[] = [
  ...drillStates,
  ...policyStates,
  ...healthStates,
  ...auditStates,
  ...keyStates,
];
