// Each form of the console but that of a decision: bad answers, and a session that ends in it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incident } from '../../../console/pages/scripted.ts';
import { comparesInside, insideAnswers } from '../../../console/pages/scripted-inside.ts';
import { soundFolder, verifies } from '../../../console/pages/scripted-verify.ts';
import { auditExport, explained } from '../../../console/pages/scripted-watch.ts';
import { script } from '../../../console/pages/states.ts';
import { signedInAs } from '../../../pages-kit/sign-in-states.ts';
import type { Answers, PageState, ScriptedAnswer, Step } from '../../../pages-kit/states.ts';
import { badAnswers, notRenewed, opened, refusedOnce, signInAgain } from '../bad-answers.ts';
import { type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

interface Form {
  readonly path: string;
  readonly as: 'auditor' | 'responder';
  readonly steps: readonly Step[];
  /** What it sends. */
  readonly sends: string;
  readonly typed: readonly [label: string, text: string];
  /** Its answer where all is well, and what the page shows then. */
  readonly good: ScriptedAnswer;
  readonly done: string;
  readonly refused: string;
  readonly answers?: Answers;
  /** It has signed in itself before it sends: then no code is asked for once more. */
  readonly hasSignedIn?: true;
}

const evidencePath = `/i/${incident.id}/evidence`;
const readEvidence = 'POST /incidents/{id}/evidence/read';
const goodOf = (answers: Answers): ScriptedAnswer => answers[readEvidence] ?? {};
const finding = '{ "source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": {} }';
const by = 'arn:aws:sts::111122223333:assumed-role/CordonConsoleReleaseRole/responder';
const purpose = ['Purpose', 'to see what was called'] as const;

const forms: readonly (readonly [string, Form])[] = [
  [
    'a release',
    {
      ...{ path: `/i/${incident.id}`, as: 'responder', hasSignedIn: true },
      steps: [
        { press: 'Release' },
        { type: ['Reason', 'the workload is clean'] },
        { type: ['Password', 'Correct-horse-7-battery'] },
        { type: ['Code of the app', '123456'] },
        { press: 'Release' },
      ],
      sends: 'POST /incidents/{id}/release',
      typed: ['Reason', 'the workload is clean'],
      good: { body: { incidentId: incident.id, released: true, by } },
      ...{ done: 'incident-released-now', refused: 'decide-refused' },
    },
  ],
  [
    'a wish to read evidence',
    {
      ...{ path: evidencePath, as: 'responder', sends: readEvidence, typed: purpose },
      steps: [{ check: 'finding.json' }, { type: purpose }, { press: 'Open 1 object' }],
      good: goodOf(script.usualAnswers),
      ...{ done: 'evidence-links', refused: 'evidence-refused' },
    },
  ],
  [
    'a wish to compare evidence',
    {
      ...{ path: evidencePath, as: 'responder', sends: readEvidence, steps: comparesInside },
      typed: ['Why do you compare it?', 'to see what was changed'],
      ...{ good: goodOf(insideAnswers), answers: insideAnswers },
      ...{ done: 'inside-shown', refused: 'inside-refused' },
    },
  ],
  [
    'a verification',
    {
      ...{ path: evidencePath, as: 'responder', sends: readEvidence, steps: verifies },
      typed: ['Why are you verifying it?', 'audit 4711'],
      ...{ good: goodOf(soundFolder), answers: soundFolder },
      ...{ done: 'verify-sound', refused: 'verify-refused' },
    },
  ],
  [
    'a signed export',
    {
      ...{ path: '/audit', as: 'auditor', sends: 'POST /audit/export' },
      typed: ['Purpose', 'audit 4711'],
      steps: [
        { press: 'Signed export' },
        { type: ['Purpose', 'audit 4711'] },
        { press: 'Sign and save' },
      ],
      ...{ good: { body: auditExport }, done: 'export-done', refused: 'export-refused' },
    },
  ],
  [
    'a finding that is pasted',
    {
      ...{ path: '/policy', as: 'auditor', sends: 'POST /policy/explain' },
      typed: ['A finding', finding],
      steps: [{ type: ['A finding', finding] }, { press: 'Explain' }],
      ...{ good: { body: explained }, done: 'explain-shown', refused: 'explain-refused' },
    },
  ],
];

const signIn = { auditor: ['auditors'], responder: ['responders'] } as const;
const stateOf = (form: Form, shown: string, answer: ScriptedAnswer): PageState => ({
  ...{ shown, path: form.path, as: form.as, steps: form.steps },
  answers: { ...form.answers, ...signedInAs(form.as, signIn[form.as]), [form.sends]: answer },
});

describe.each(forms)('%s', (_what, form) => {
  const [label, text] = form.typed;

  it.each(badAnswers)('keeps what was typed after %s', async (_answer, answer, says) => {
    const state = stateOf(form, form.refused, answer);
    const { page, context, complaints } = await opened(world, state);
    const refusal = page.locator(`[data-shown="${form.refused}"]`).locator('xpath=..').first();
    expect(await refusal.textContent()).toMatch(says);
    expect(await page.getByLabel(label, { exact: true }).inputValue()).toBe(text);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits while its session is renewed over it, and goes on then', async () => {
    const state = stateOf(form, 'session-ended', refusedOnce(form.good));
    const { page, context, complaints } = await opened(world, {
      ...state,
      answers: { ...state.answers, ...notRenewed },
    });
    expect(await page.getByLabel(label, { exact: true }).inputValue()).toBe(text);
    await signInAgain(page);
    if (!form.hasSignedIn) {
      const dialog = page.locator('[data-shown="session-ended"]').last();
      await dialog.getByLabel('Code of the app').fill('123456');
      await dialog.getByRole('button', { name: 'Confirm' }).click();
    }
    await page.locator(`[data-shown="${form.done}"]`).first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
