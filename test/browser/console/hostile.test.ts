// What an attacker may have written, on every page of the console that shows it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { soundFolder, verifies } from '../../../console/pages/scripted-verify.ts';
import { printable } from '../../../console/pages/src/verify/documents.ts';
import { script } from '../../../console/pages/states.ts';
import type { Answers, PageState } from '../../../pages-kit/states.ts';
import { listAt } from '../../../responders/shared/json.ts';
import { expectOnlyText, type HostilePage } from '../hostile.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { type StatesWorld, startStates, stateCalled } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

/** Fields of which the pages know every value. */
const known = new Set([
  ...['id', 'incidentId', 'state', 'kind', 'outcome', 'responder', 'status', 'digest', 'sha256'],
  ...['at', 'openedAt', 'horizon', 'until', 'lane', 'whose', 'onTimeout', 'taken', 'sharing'],
  ...['side', 'mark', 'url', 'lastAllowed'],
  'what',
]);
const evidenceLinks = 'https://evidence.example/';

const stated = (shown: string, more: Omit<HostilePage, 'state'> = {}): HostilePage => ({
  state: stateCalled(script, shown),
  ...more,
});

const entry = (answers: Answers, name: string): unknown => answers[name]?.body;
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const readEvidence = 'POST /incidents/{id}/evidence/read';
/** Objects that somebody has added to a folder, under names of their choice. */
const addedObjects = (answers: Answers, texts: readonly string[]): Answers => {
  const folder = entry(answers, readEvidence);
  const added = texts.map((path, index) => ({
    ...{ path: `role/${path}`, url: `https://evidence.example/added-${index}` },
    ...{ bytes: 5, versionId: 'v1' },
  }));
  const links = [...listAt(folder, 'links'), ...added];
  return {
    ...answers,
    [readEvidence]: { body: { ...Object(folder), links } },
    ...Object.fromEntries(
      added.map((_link, index) => [
        `GET /evidence-links/added-${index}`,
        { bytes: base64('added') },
      ]),
    ),
  };
};

const ofEvidence = (shown: string, answers: Answers, steps: PageState['steps']): PageState => ({
  ...stateCalled(script, shown),
  ...{ answers, ...(steps && { steps }) },
});

const untouchedFolder = [readEvidence, 'GET /incidents/{id}/evidence'];

const pages: readonly (readonly [string, HostilePage])[] = [
  ...[
    ...['now', 'question-open', 'question-closed', 'question-second-needed'],
    ...['incidents-list', 'incident-shown', 'incident-asks', 'incident-releasing'],
    ...['timeline-shown', 'event-shown', 'evidence-touched', 'report-shown'],
    ...['drills-shown', 'drill-live', 'policy-shown', 'explain-shown', 'health-needs'],
    ...['tampering-shown', 'audit-shown'],
  ].map((shown) => [shown, stated(shown)] as const),
  [
    'an entry of the audit',
    {
      state: stateCalled(script, 'audit-shown'),
      finish: async (page) => {
        await page.locator('.k-table .row-button').first().click();
        await page.locator('[data-shown="audit-entry"]').waitFor();
      },
    },
  ],
  [
    'objects that somebody added to the evidence',
    {
      state: ofEvidence('verify-damaged', soundFolder, verifies),
      untouched: untouchedFolder,
      plant: addedObjects,
      // What lies in a folder that nobody listed is named by that folder.
      shownAs: (text) => printable(`role/${text.split('/')[0]}`),
    },
  ],
];

it.each(pages)('%s: whatever is written, nothing runs, loads or moves', async (_what, page) => {
  await expectOnlyText({ world, known, mayLeadTo: evidenceLinks }, page);
});

it('there are as many kinds of hostile text as were promised', () => {
  expect(new Set(hostileTexts).size).toBe(43);
});
