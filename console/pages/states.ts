import { signedInAs, signInStates } from '../../pages-kit/sign-in-states.ts';
import type {
  PageState as KitState,
  ScriptedAnswer,
  SiteScript,
  Step,
} from '../../pages-kit/states.ts';
import {
  broken,
  evidence,
  firstReport,
  incident,
  incidentId,
  missing,
  nothingNeeded,
  problem,
  report,
  usualAnswers,
} from './scripted.ts';
import {
  comparesInside,
  insideAnswers,
  insideLate,
  insideNone,
  insideRefused,
  insideWrong,
} from './scripted-inside.ts';
import { timelineCut, timelinePart } from './scripted-timeline.ts';
import {
  asksToVerify,
  damagedFolder,
  lostFolder,
  refusedFolder,
  slowFolder,
  soundFolder,
  unconfirmedFolder,
  verifies,
} from './scripted-verify.ts';
import { asks, changedQuestion, ofQuestion, questionStates } from './states-question.ts';
import { watchStates } from './states-watch.ts';

type Who = 'reader' | 'approver' | 'responder' | 'auditor';
type PageState = KitState<Who>;

const openStates: readonly PageState[] = signInStates('User name');

const nowStates: readonly PageState[] = [
  { shown: 'now', path: '/now', as: 'approver' },
  {
    ...{ shown: 'now-empty', path: '/now', as: 'reader' },
    answers: { 'GET /now': { body: nothingNeeded } },
  },
  {
    ...{ shown: 'now-loading', path: '/now', as: 'reader' },
    answers: { 'GET /now': { isLate: true } },
  },
  { ...{ shown: 'now-failed', path: '/now', as: 'reader' }, answers: { 'GET /now': broken } },
];

const listStates: readonly PageState[] = [
  { shown: 'incidents-list', path: '/incidents?drills=show', as: 'reader' },
  {
    ...{ shown: 'incidents-loading', path: '/incidents', as: 'reader' },
    answers: { 'GET /incidents': { isLate: true } },
  },
  {
    ...{ shown: 'incidents-failed', path: '/incidents', as: 'reader' },
    answers: { 'GET /incidents': broken },
  },
  {
    ...{ shown: 'incidents-empty', path: '/incidents', as: 'reader' },
    answers: { 'GET /incidents': { body: { items: [], cursor: null } } },
  },
  {
    ...{ shown: 'incidents-no-match', path: '/incidents?state=forged&type=Trojan', as: 'reader' },
    answers: { 'GET /incidents': { body: { items: [], cursor: null } } },
  },
  {
    ...{ shown: 'incidents-none-so-far', path: '/incidents?type=Trojan', as: 'reader' },
    answers: { 'GET /incidents': { body: { items: [], cursor: 'further' } } },
  },
];

const ofIncident = (shown: string, rest: Partial<PageState> = {}): PageState => ({
  ...{ shown, path: `/i/${incident.id}`, as: 'responder' },
  ...rest,
});
const release: Partial<PageState> = { steps: [{ press: 'Release' }] };

const incidentStates: readonly PageState[] = [
  ofIncident('incident-shown'),
  ofIncident('incident-asks', {
    answers: {
      'GET /incidents/{id}': {
        body: { ...incident, state: 'awaiting-approval', actions: [], stages: [] },
      },
    },
  }),
  ofIncident('incident-loading', { answers: { 'GET /incidents/{id}': { isLate: true } } }),
  ofIncident('incident-failed', { answers: { 'GET /incidents/{id}': broken } }),
  ofIncident('incident-missing', { answers: { 'GET /incidents/{id}': missing } }),
  ofIncident('incident-releasing', release),
  ofIncident('release-loading', {
    ...release,
    answers: { 'GET /incidents/{id}/release-preview': { isLate: true } },
  }),
  ofIncident('release-unreadable', {
    ...release,
    answers: { 'GET /incidents/{id}/release-preview': broken },
  }),
];

const tab = (
  name: string,
  shown: string,
  answer?: ScriptedAnswer,
  rest: Partial<PageState> = {},
): PageState => ({
  ...{ shown, path: `/i/${incident.id}/${name}`, as: 'responder' },
  ...(answer && { answers: { [`GET /incidents/{id}/${name}`]: answer } }),
  ...rest,
});
const none = (detail: string): ScriptedAnswer => problem(404, 'Not found', detail);

/** What the version before is compared with: the API is asked for it as the second one. */
const comparing = (shown: string, next: ScriptedAnswer): PageState =>
  tab('report', shown, { body: report, next }, { steps: [{ press: 'Compare with version 1' }] });
const reportChanges = (): readonly PageState[] => [
  comparing('report-changes', { body: firstReport }),
  comparing('report-changes-none', { body: { ...firstReport, text: report.text } }),
  comparing('report-changes-gone', { body: { ...firstReport, text: null } }),
  comparing('report-changes-loading', { isLate: true }),
  comparing('report-changes-failed', broken),
];

const tabStates: readonly PageState[] = [
  tab('timeline', 'timeline-shown'),
  tab('timeline', 'timeline-loading', { isLate: true }),
  tab('timeline', 'timeline-failed', broken),
  tab('timeline', 'timeline-none', none(`${incident.id} has no timeline yet.`)),
  tab('timeline?q=nothing-has-this', 'timeline-no-match'),
  tab('timeline#event-98-iam-AttachRolePolicy', 'event-shown'),
  tab('timeline', 'decision-shown', undefined, { steps: [{ press: 'Approve containment' }] }),
  tab('timeline#of-another-pass', 'event-missing'),
  tab('timeline?on=address:198.51.100.23&lane=attacker', 'timeline-pivot'),
  tab('timeline', 'timeline-part', { body: timelinePart, next: broken }),
  tab('timeline', 'timeline-cut', { body: timelineCut }),
  tab('evidence', 'evidence-shown'),
  tab('evidence', 'evidence-loading', { isLate: true }),
  tab('evidence', 'evidence-failed', broken),
  tab('evidence', 'evidence-none', none(`${incident.id} has no sealed evidence yet.`)),
  tab('evidence', 'evidence-not-yours', undefined, { as: 'reader' }),
  tab('evidence', 'evidence-touched', {
    body: { ...evidence, touched: ['role/trust.json'], foreign: ['manifest-2.json'] },
  }),
  tab('evidence', 'evidence-refused', undefined, {
    steps: [{ check: 'finding.json' }, { press: 'Open 1 object' }],
  }),
  tab('evidence', 'evidence-links', undefined, {
    steps: [
      { check: 'finding.json' },
      { type: ['Purpose', 'to see what was called'] },
      { press: 'Open 1 object' },
    ],
  }),
  tab('evidence', 'inside-closed'),
  tab('evidence', 'inside-none', undefined, { answers: insideNone }),
  tab('evidence', 'inside-reading', undefined, { answers: insideLate, steps: comparesInside }),
  tab('evidence', 'inside-refused', undefined, { answers: insideRefused, steps: comparesInside }),
  tab('evidence', 'inside-wrong', undefined, { answers: insideWrong, steps: comparesInside }),
  tab('evidence', 'inside-shown', undefined, { answers: insideAnswers, steps: comparesInside }),
  tab('evidence', 'verify-asks', undefined, { steps: asksToVerify }),
  tab('evidence', 'verify-refused', undefined, { steps: verifies, answers: refusedFolder }),
  tab('evidence', 'verify-running', undefined, { steps: verifies, answers: slowFolder }),
  tab('evidence', 'verify-sound', undefined, { steps: verifies, answers: soundFolder }),
  tab('evidence', 'verify-unconfirmed', undefined, {
    ...{ steps: verifies, answers: unconfirmedFolder },
  }),
  tab('evidence', 'evidence-stale', undefined, {
    steps: verifies,
    answers: { ...soundFolder, 'GET /incidents/{id}/evidence': { body: evidence, next: broken } },
  }),
  tab('evidence', 'verify-damaged', undefined, { steps: verifies, answers: damagedFolder }),
  tab('evidence', 'verify-lost', undefined, { steps: verifies, answers: lostFolder }),
  tab('report', 'report-shown'),
  tab('report', 'report-loading', { isLate: true }),
  tab('report', 'report-failed', broken),
  tab(
    'report',
    'report-version-failed',
    { body: report, next: broken },
    { steps: [{ press: 'Version 1' }] },
  ),
  ...reportChanges(),
  tab('report', 'report-none', { body: { ...report, versions: [], shown: null, text: null } }),
];

const sharedStates: readonly PageState[] = [
  {
    ...{ shown: 'session-ended', path: '/incidents', as: 'reader' },
    answers: { 'GET /incidents': { status: 401, body: { title: 'Unauthorized', status: 401 } } },
  },
  { shown: 'nothing-here', path: '/there/is/nothing', as: 'reader' },
  {
    ...{ shown: 'offline', path: '/now', as: 'reader' },
    answers: { 'GET /now': { isLost: true } },
  },
];

/** What a person does in the dialog of a decision. */
const deciding = (button: string): readonly Step[] => [
  { press: button },
  { type: ['Reason', 'the owner does not know the calls'] },
  { type: ['Password', 'Correct-horse-7-battery'] },
  { type: ['Code of the app', '123456'] },
  { press: button },
];
const by = (role: string, name: string): string =>
  `arn:aws:sts::111122223333:assumed-role/${role}/${name}`;
const taken: ScriptedAnswer = { status: 202, body: { incidentId, taken: true } };

const answered = (shown: string, answer: ScriptedAnswer): PageState =>
  ofQuestion(
    shown,
    {},
    {
      answers: {
        ...asks({}),
        ...signedInAs('approver', ['approvers']),
        'POST /incidents/{id}/answer': answer,
      },
      steps: deciding('Contain'),
    },
  );
const released = (shown: string, answer: ScriptedAnswer): PageState =>
  ofIncident(shown, {
    answers: {
      ...signedInAs('responder', ['responders']),
      'POST /incidents/{id}/release': answer,
    },
    steps: deciding('Release'),
  });

const answer = {
  ...{ incidentId, by: by('CordonConsoleApproveRole', 'approver'), secondNeeded: false },
  decision: 'The workload is contained.',
};

/** What becomes of a decision, after the sign-in that it needs. */
const decidedStates: readonly PageState[] = [
  answered(
    'decide-refused',
    problem(409, 'Conflict', 'This sign-in was already used for a decision. Sign in again.'),
  ),
  {
    ...answered('question-changed', {
      status: 409,
      body: {
        ...{ type: 'about:blank', title: 'Conflict', status: 409, question: changedQuestion },
        detail: 'The question has changed since it was shown.',
      },
    }),
    afterChange: asks(changedQuestion),
  },
  answered('question-first-yes', { body: { ...answer, secondNeeded: true } }),
  answered('question-answered-now', { body: answer }),
  answered('question-taken', taken),
  released('incident-released-now', {
    body: { incidentId, released: true, by: by('CordonConsoleReleaseRole', 'responder') },
  }),
  released('release-taken', taken),
];

/** Every page in every state that it can be in, as `protected-app/pages/states.ts` has it. */
export const pageStates: readonly PageState[] = [
  ...openStates,
  ...nowStates,
  ...questionStates,
  ...listStates,
  ...incidentStates,
  ...tabStates,
  ...decidedStates,
  ...sharedStates,
  ...watchStates,
];

/** The session that a tab has after a sign-in. */
const personNamed = (as: string) => ({
  ...{ id: '6f1d2c3b-1111-4222-8333-944455556666', name: as, email: `${as}@example.com` },
  groups: [`${as}s`],
});

export const script: SiteScript = {
  ...{ site: 'console', states: pageStates, usualAnswers, personNamed },
  storageKey: 'cordon.session',
};
