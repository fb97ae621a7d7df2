import { expect, it } from 'vitest';
import type { Case, Stage } from '../../../../responders/incident/case.ts';
import { letter } from '../../../../responders/report/mail.ts';
import { forms } from '../../../../responders/report/make.ts';
import { aCase, place } from '../../../support/responders/report/samples.ts';

const folder = 'incidents/2026/11/21/inc-20261121-7f3k2m9q/';
const entry = (path: string) => ({
  key: `${folder}${path}`,
  sha256: 'ab',
  bytes: 10,
  source: 's',
  taken: 'after containment',
});

const ok = (name: string, more: object): Stage => ({ name, status: 'ok', ms: 1, ...more });

/**
 * Contained again: the stages of the first round are still written down until they have run once
 * more.
 */
const again = async (): Promise<Case> => {
  const incident = await aCase();
  const stages = [
    ok('evidence', {
      prefix: `${folder}round-2/`,
      entries: [entry('round-2/role/inline/1.json')],
      gaps: [{ what: 'role/role.json', why: 'denied' }],
    }),
    ok('timeline2', {
      json: `${folder}timeline/pass-2.json`,
      entries: [entry('timeline/pass-2.json')],
    }),
    ok('report2', {
      html: `${folder}report/v2.html`,
      entries: [entry('report/v2.html')],
      rotate: ['the old secret'],
    }),
    ok('manifest', {
      manifest: { key: `${folder}manifest.json` },
      entries: [entry('index.html')],
      gaps: [{ what: 'layer 3', why: 'gone' }],
    }),
    { name: 'watch', status: 'failed', ms: 1, error: 'States.Timeout' } as const,
  ];
  return { ...incident, head: { ...incident.head, id: 'inc-20261121-7f3k2m9q', round: 2 }, stages };
};

it('a report about an incident that is contained again tells of this round only', async () => {
  const { view } = forms({
    incident: await again(),
    version: 1,
    place,
    timeline: { ok: false, why: '' },
    documents: new Map(),
    previous: null,
    now: 0,
  });

  expect(view.evidence.objects.map(({ path }) => path)).toEqual(['role/inline/1.json']);
  expect(view.evidence.gaps.map(({ what }) => what)).toEqual(['role/role.json']);
  expect(view.evidence.sentence).toMatch(/^1 object, 10 bytes, 1 gap\./);
  expect(view.evidence.folder).toBe(`s3://evidence/${folder}round-2/`);
  // It does not say which round it was of: better once too often than never.
  expect(view.open.map(({ what }) => what)).toContainEqual(
    expect.stringContaining('“watch” FAILED'),
  );
});

it('so does its mail', async () => {
  const { body } = letter(await again(), 'report2', place);

  expect(body).toContain('The report is MISSING.');
  expect(body).not.toMatch(/old secret|layer 3/);
});
