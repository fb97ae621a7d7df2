// What somebody has typed into a dialog of the console outlives what goes wrong behind it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incident, incidentId } from '../../../console/pages/scripted.ts';
import { soundFolder, verifies } from '../../../console/pages/scripted-verify.ts';
import { script } from '../../../console/pages/states.ts';
import { asks } from '../../../console/pages/states-question.ts';
import { signedInAs } from '../../../pages-kit/sign-in-states.ts';
import type { Answers, PageState, Step } from '../../../pages-kit/states.ts';
import { badAnswers, notRenewed, opened, refusedOnce, signInAgain } from '../bad-answers.ts';
import { type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const reason = 'the owner does not know the calls';
const contain: readonly Step[] = [
  { press: 'Contain' },
  { type: ['Reason', reason] },
  { type: ['Password', 'Correct-horse-7-battery'] },
  { type: ['Code of the app', '123456'] },
  { press: 'Contain' },
];
const answers: Answers = { ...asks({}), ...signedInAs('approver', ['approvers']) };
const decided = {
  ...{ incidentId, by: 'arn:aws:sts::1:assumed-role/CordonConsoleApproveRole/approver' },
  ...{ secondNeeded: false, decision: 'The workload is contained.' },
};
const deciding: PageState = {
  ...{ shown: 'decide-refused', path: `/q/${incidentId}`, as: 'approver', steps: contain },
};

describe('the dialog of a decision', () => {
  it.each(badAnswers)('keeps the reason after %s', async (_what, answer, says) => {
    const { page, context, complaints } = await opened(world, {
      ...deciding,
      answers: { ...answers, 'POST /incidents/{id}/answer': answer },
    });
    expect(await page.locator('[data-shown="decide-refused"]').textContent()).toMatch(says);
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe(reason);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('waits while its session is renewed over it, and decides then', async () => {
    const { page, context, complaints } = await opened(world, {
      ...deciding,
      shown: 'session-ended',
      answers: {
        ...{ ...answers, ...notRenewed },
        'POST /incidents/{id}/answer': refusedOnce({ body: decided }),
      },
    });
    expect(await page.getByLabel('Reason', { exact: true }).inputValue()).toBe(reason);
    await signInAgain(page);
    await page.locator('[data-shown="question-answered-now"]').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('the back button', () => {
  it('after a decision leads to where one came from, and decides nothing again', async () => {
    const { page, context, complaints } = await opened(world, {
      ...{ shown: 'now', path: '/now', as: 'approver' },
      answers: { ...answers, 'POST /incidents/{id}/answer': { body: decided } },
      afterChange: asks({ open: false, state: 'contained', timeLimit: null }),
    });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/v1/')) sent.push(request.url());
    });
    const dialog = page.getByRole('dialog');
    await page.locator(`a[href="/q/${incidentId}"]`).first().click();
    await page.locator('[data-shown="question-open"]').waitFor();
    await page.getByRole('button', { name: 'Contain', exact: true }).click();
    await dialog.getByLabel('Reason', { exact: true }).fill(reason);
    await dialog.getByLabel('Password').fill('Correct-horse-7-battery');
    await dialog.getByLabel('Code of the app').fill('123456');
    await dialog.getByRole('button', { name: 'Contain', exact: true }).click();
    await page.locator('[data-shown="question-answered-now"]').waitFor();

    await page.goBack();
    await page.locator('[data-shown="now"]').waitFor();
    expect(await dialog.count()).toBe(0);
    await page.goForward();
    await page.locator('[data-shown="question-closed"]').waitFor();
    expect(await dialog.count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Contain', exact: true }).count()).toBe(0);
    expect(sent).toHaveLength(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a browser without IndexedDB', () => {
  it('verifies, and asks for the fingerprint again', async () => {
    const { page, context, complaints } = await opened(
      world,
      {
        ...{ shown: 'verify-sound', path: `/i/${incident.id}/evidence`, as: 'responder' },
        ...{ steps: verifies, answers: soundFolder },
      },
      () => {
        Object.defineProperty(globalThis, 'indexedDB', {
          get: () => {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
      },
    );
    await page.getByRole('button', { name: 'Verify now' }).click();
    expect(await page.getByLabel('Fingerprint of the key').inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await context.close();
  });
});
