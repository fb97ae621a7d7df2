import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import { incidentStates } from '../../../../responders/incident/incident.ts';
import { forms } from '../../../../responders/report/make.ts';
import { inState, provisional, sampleInput } from '../../../../tools/preview/samples.ts';
import { cpuGrowth } from '../../../support/cpu-growth.ts';
import { inputWith, rowOf } from '../../../support/responders/report/samples.ts';

const final = forms(sampleInput());

describe('a report', () => {
  it('of what a person has asked for claims no finding of GuardDuty', () => {
    const { incident } = sampleInput();
    const head = {
      ...incident.head,
      state: 'notify-only' as const,
      byHand: { by: 'anna', reason: 'it mines' },
    };
    const { ocsf, text } = forms(sampleInput({ incident: { ...incident, head } }));

    expect(JSON.parse(ocsf)).toMatchObject({
      finding_info_list: [{ product: { name: 'Cordon' } }],
    });
    expect(text).toContain('A person has asked for it');
    expect(text).toMatch(/Asked for by hand/);
    expect(text).not.toMatch(/only GuardDuty says|GuardDuty finding/);
  });

  it('answers the four questions before anything else', () => {
    expect(final.text.split('\n').slice(0, 7)).toEqual([
      '✔ CONTAINED',
      'Incident inc-20261121-7f3k2m9q, report 2 (final), HIGH 8',
      '='.repeat(70),
      'Contained?: The role is denied everything, the function cannot start, its event sources are paused and its public URL is closed.',
      'Who?:       session orders of role orders-role, access key ending 2M9Q, from 203.0.113.7 (Nowhere, Example Hosting)',
      'Still open: Left behind: key AKIAEXAMPLEEXPORT001 of user orders-export, and 2 more points below.',
      'What now?:  Rotate 4 credentials, first key AKIAEXAMPLEEXPORT001 of user orders-export. Release when the workload is clean.',
    ]);
  });

  it.each(catalog)('says in one sentence what $id has stopped', ({ id, headline }) => {
    const { incident } = sampleInput();
    const action = {
      target: 'orders',
      outcome: 'contained',
      acceptedMs: 1,
      effectiveMs: 2,
    } as const;
    const actions = [{ ...action, responder: id }];

    const { glance } = forms(sampleInput({ incident: { ...incident, actions } })).view;

    expect(glance.contained).toBe(`${headline[0]?.toUpperCase()}${headline.slice(1)}.`);
  });

  it('asks its questions in one order, on the page and in the text', () => {
    const wanted = [
      'Is it contained?',
      'What is not contained',
      'Blast radius',
      'What was reached',
      'What to rotate, in order',
      'Decisions needed',
      'Release',
      'Timeline',
      'ATT&CK',
      'Evidence',
      'Clocks',
      'Limits',
    ];
    const inText = wanted.map((title) => final.text.indexOf(`\n${title}\n`));
    const inPage = wanted.map((title) => final.html.indexOf(`>${title.replace('&', '&amp;')}</h`));
    for (const order of [inText, inPage]) {
      expect(order).not.toContain(-1);
      expect(order).toEqual([...order].sort((one, other) => one - other));
    }
  });

  it('proves containment by the first change and the last allowed and first denied call, in the order of time', () => {
    expect(final.view.contained.proof.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'First change: 2026-11-21 10:00:08 UTC (11:00:08 UTC+01:00), 2.1 s after the event',
      'Seen to hold: 2026-11-21 10:00:08 UTC (11:00:08 UTC+01:00), 2.9 s after the event',
      expect.stringContaining(
        'Last allowed: 2026-11-21 10:00:09 UTC (11:00:09 UTC+01:00): dynamodb:Scan (event ',
      ),
      expect.stringContaining(
        'First denied: 2026-11-21 10:00:11 UTC (11:00:11 UTC+01:00): dynamodb:Scan (event ',
      ),
    ]);
  });

  it('sets what the role could reach against what it did reach', () => {
    const of = (kind: string) => final.view.blast.exposure.find((one) => one.kind === kind);
    expect(of('Queues')).toEqual({
      kind: 'Queues',
      could: ['arn:aws:sqs:eu-west-1:111122223333:orders-outbox (read and change)'],
      did: [],
    });
    expect(of('Secrets')?.did).toEqual([
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/payment-provider-Ab12Cd: 1 read',
    ]);
  });

  it('says what to rotate in order: what was made, what was read, what could be read', () => {
    expect(final.view.rotate.map(({ what }) => what.split(' ').slice(0, 2).join(' '))).toEqual([
      'key AKIAEXAMPLEEXPORT001',
      'secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/payment-provider-Ab12Cd',
      'environment variable',
      'environment variables',
      'secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:orders/*',
    ]);
  });

  it('folds bursts and marks what proves', () => {
    expect(final.text).toContain('412 × s3:GetObject in 38 s');
    expect(final.text).toMatch(/dynamodb:Scan .*allowed {2}<- LAST ALLOWED/);
  });

  it('tells what is missing from what is there and differs, on the page and in the text', () => {
    expect(final.text).toContain('\n- MISSING lambda:GetRuntimeManagementConfig for');
    expect(final.text).toContain('\n- DIFFERS function/code.zip: it is not what AWS described');
    expect(final.html).toContain(
      '<strong><span class="kind">differs</span> function/code.zip</strong>',
    );
    expect(final.view.evidence.gaps.map(({ kind }) => kind)).toEqual([
      'missing',
      'missing',
      'differs',
    ]);
  });

  it('says in version 2 what changed', () => {
    expect(final.view.changed).toContain('First denied call: nothing → 2026-11-21T10:00:11Z');
    expect(forms(provisional()).view.changed).toEqual([]);
    expect(forms(sampleInput({ previous: null })).view.changed).toEqual([
      'Version 1 is missing, so there is nothing to compare with.',
    ]);
  });

  it('version 1 says that it is provisional, and so does a version 2 with a question pending', () => {
    expect(forms(provisional()).view.verdict.provisional).toMatch(/^Provisional/);
    const { timeline } = sampleInput();
    if (!timeline.ok) throw new Error('the sample has a timeline');
    const pending = sampleInput({
      timeline: { ok: true, timeline: { ...timeline.timeline, pending: 'the query is queued' } },
    });
    expect(forms(pending).view.verdict.provisional).toMatch(/^Timeline pending/);
  });

  it('goes out without a timeline, and says so', () => {
    const { view, text } = forms(
      sampleInput({ timeline: { ok: false, why: 'the timeline stage failed (States.Timeout)' } }),
    );
    expect(text).toContain('There is no timeline: the timeline stage failed (States.Timeout).');
    expect(view.verdict.confidence.word).toBe('medium');
    expect(view.limits[0]).toContain('States.Timeout');
  });

  it('does not say contained where a later call was allowed', () => {
    const { timeline } = sampleInput();
    if (!timeline.ok || !timeline.timeline.lastAllowed)
      throw new Error('the sample has a last allowed call');
    const lastAllowed = { ...timeline.timeline.lastAllowed, at: '2026-11-21T10:05:00Z' };
    const { verdict } = forms(
      sampleInput({ timeline: { ok: true, timeline: { ...timeline.timeline, lastAllowed } } }),
    ).view;
    expect(verdict).toMatchObject({
      tone: 'bad',
      headline: 'NOT CONTAINED',
      confidence: { word: 'low' },
    });
  });

  it.each(incidentStates.filter((state) => !['contained', 'closed'].includes(state)))(
    'in the state %s it is not shown as good',
    (state) => {
      const { verdict } = forms(inState(state)).view;
      expect(verdict.tone).not.toBe('good');
      expect(verdict.headline).not.toBe('CONTAINED');
    },
  );
});

describe('for programs', () => {
  it('the JSON keeps its schema, in every state and with hostile text', async () => {
    const schema: unknown = JSON.parse(readFileSync('report-templates/report.schema.json', 'utf8'));
    const valid = new Ajv2020({ strict: true, allErrors: true }).compile(Object(schema));
    for (const input of [
      sampleInput(),
      provisional(),
      ...incidentStates.map(inState),
      await inputWith('<x>'),
    ]) {
      const data: unknown = JSON.parse(forms(input).json);
      valid(data);
      expect(valid.errors ?? []).toEqual([]);
    }
  });

  it('the OCSF event has what class 2005 of 1.8 requires, and nothing of 1.9', () => {
    const event: unknown = JSON.parse(final.ocsf);
    expect(event).toMatchObject({
      class_uid: 2005,
      category_uid: 2,
      activity_id: 2,
      type_uid: 200_502,
      status_id: 2,
      severity_id: 4,
      metadata: { version: '1.8.0', profiles: ['incident', 'cloud'] },
      assignee_group: { name: 'Security team' },
    });
    expect(event).not.toHaveProperty('notes');
    expect(forms(provisional()).ocsf).toContain('"type_uid": 200501');
  });
});

const manyRows = (length: number) =>
  Array.from({ length }, (_, index) =>
    rowOf(`s3:GetObject-${index}`, {
      at: new Date(Date.parse('2026-11-21T09:00:00Z') + index * 700).toISOString(),
      until: new Date(Date.parse('2026-11-21T09:00:00Z') + index * 700).toISOString(),
      count: 1,
      outcome: 'allowed',
      resources: [`arn:aws:s3:::bucket/${'k'.repeat(80)}/${index}`],
      ...(index === 4_321 ? { mark: 'last allowed' as const } : {}),
    }),
  );

it('5,000 rows are one page of at most 300 kB, with what proves among them', async () => {
  const { html, csv } = forms(await inputWith('text', manyRows(5_000)));

  expect(html.length).toBeLessThanOrEqual(300_000);
  expect(html).toContain('s3:GetObject-4321');
  expect(html).toContain('4,700 more rows are not shown here');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(5_001);
});

it('5,000 rows cost no more for each row than 625', async () => {
  const inputs = new Map<number, Awaited<ReturnType<typeof inputWith>>>();
  for (const length of [625, 5_000]) inputs.set(length, await inputWith('text', manyRows(length)));
  const make = (length: number) => forms(inputs.get(length) ?? sampleInput());
  expect(cpuGrowth(make, 5_000, 8)).toBeLessThan(4);
});
