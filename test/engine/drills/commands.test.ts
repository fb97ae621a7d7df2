import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FindingDetail } from '../../../game-day/findings.ts';
import { scenarios } from '../../../game-day/scenarios.ts';
import { readInbox } from '../../../local/inbox.ts';
import { output } from '../../../operator/place.ts';
import { holdsWithin } from '../../../operator/wait.ts';
import { at, listAt } from '../../../responders/shared/json.ts';
import { type CordonUp, cordonUp, type Ended, meanwhile } from './cordon-up.ts';
import { makeCritical, makeOrdinary } from './critical.ts';
import { changed, findings } from './events.ts';
import { lateAnswers } from './late-answer.ts';

let up: CordonUp;
beforeAll(async () => {
  up = await cordonUp();
});
afterAll(() => up.stop());

const schema = (name: string): object =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../../cli/schemas/${name}.json`), 'utf8'));

/** What the command printed, if it is one document of its schema. */
const document = (name: string, { stdout }: Ended): unknown => {
  const ajv = new Ajv2020({ allErrors: true });
  const value: unknown = JSON.parse(stdout);
  const validate = ajv.compile(schema(name));
  expect(validate(value) ? [] : validate.errors).toEqual([]);
  return value;
};

const event = (detail: FindingDetail) =>
  JSON.stringify({ 'detail-type': 'GuardDuty Finding', source: 'aws.guardduty', detail });

const inject = async (detail: FindingDetail, ...more: string[]): Promise<string> => {
  const ended = await up.cordon(['inject', '-', '--json', ...more], event(detail));
  const injected = document('inject', ended);
  const state = String(at(injected, 'state'));
  expect(ended.code).toBe(['contained', 'awaiting-approval', 'open'].includes(state) ? 0 : 3);
  return String(at(injected, 'incidentId'));
};

it('a finding on the default bus is contained, shown, listed, mailed and released', async () => {
  const id = await inject(findings(up.place).beacon);

  const shown = await up.cordon(['show', id, '--wait', 'contained', '--timeout', '200', '--json']);
  expect(shown.code).toBe(0);
  expect(document('show', shown)).toMatchObject({
    ...{ id, state: 'contained', drill: false, decision: { kind: 'contain' }, release: null },
    evidence: { bucket: output(up.place, 'CordonResponse', 'EvidenceBucketName') },
    clocks: {
      received: expect.any(Number),
      accepted: expect.any(Number),
      effective: expect.any(Number),
      released: null,
    },
    actions: expect.arrayContaining([
      expect.objectContaining({ responder: 'contain.pause-function', outcome: 'contained' }),
    ]),
  });
  expect((await up.cordon(['show', id])).stdout).toMatch(/^CONTAINED: .*\n {2}incident {2}inc-/);
  expect(
    document('incidents', await up.cordon(['incidents', '--json', '--state', 'contained'])),
  ).toMatchObject({
    incidents: [{ id, function: 'canary-culprit' }],
  });
  // The notice goes out beside the watch, so it may come later than the state.
  const told = async () =>
    JSON.stringify(document('mail', await up.cordon(['mail', '--json']))).includes(id);
  expect(await holdsWithin(told, 120_000)).toBe(true);

  const released = await up.cordon(['release', id, '--reason', 'a test "quoted" {{x}}', '--json']);
  expect(released.code).toBe(0);
  expect(document('release', released)).toMatchObject({
    released: true,
    state: 'released',
    by: expect.stringContaining(':root'),
  });
});

it('a release that is repeated does nothing twice and says the same', async () => {
  const id = await inject(findings(up.place).beacon);
  const release = () => up.cordon(['release', id, '--reason', 'a test', '--json']);

  const [one, other] = [await release(), await release()];

  expect(document('release', one)).toEqual(document('release', other));
  const { code, stdout } = await up.cordon(['release', id, '--reason', 'a test']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ALREADY RELEASED .* there was nothing left to take back\./);
  expect(
    document(
      'show',
      await up.cordon(['show', id, '--json', '--wait', 'released', '--timeout', '200']),
    ),
  ).toMatchObject({
    release: {
      reason: 'a test',
      by: expect.stringContaining(':root'),
      at: expect.any(Number),
    },
  });
});

it('a drill whose target another incident contains does not begin, and mails nothing', async () => {
  const id = await inject(findings(up.place).beacon);
  await up.cordon(['show', id, '--wait', 'contained', '--timeout', '200']);

  const { code, stderr } = await up.cordon(['drill', 'run', 'shared-role-function']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `the drill did not begin: canary-culprit is contained by ${id}, which is no drill`,
  );
  const subjects = readInbox(up.connection.runDir).map(({ subject }) => subject);
  expect(subjects.filter((subject) => subject.includes('no incident'))).toEqual([]);
  expect((await up.cordon(['release', id, '--reason', 'a test'])).code).toBe(0);
});

const failedIn = ({ stdout }: Ended): readonly unknown[] =>
  listAt(JSON.parse(stdout), 'checks').filter((check) => at(check, 'passed') !== true);

it('a drill runs, prints its score, and is in the history', async () => {
  const ran = await up.cordon(['drill', 'run', 'shared-role-function', '--json']);
  expect([ran.code, failedIn(ran)]).toEqual([0, []]);
  expect(document('drill-run', ran)).toMatchObject({
    scenario: 'shared-role-function',
    passed: true,
    restored: true,
  });

  expect(document('drill-history', await up.cordon(['drill', 'history', '--json']))).toMatchObject({
    drills: [{ passed: true }],
  });
  expect((await up.cordon(['drill', 'history'])).stdout).toContain('shared-role-function');
  const id = String(at(JSON.parse(ran.stdout), 'incidentId'));
  const shown = document(
    'show',
    await up.cordon(['show', id, '--json', '--wait', 'closed', '--timeout', '200']),
  );
  const bucket = output(up.place, 'CordonResponse', 'DrillEvidenceBucketName');
  expect(shown).toMatchObject({
    ...{ drill: true, state: 'released', timeline: { pass: 2 } },
    evidence: { bucket, manifest: expect.any(String) },
  });
  expect(document('drill-list', await up.cordon(['drill', 'list', '--json']))).toMatchObject({
    scenarios: scenarios.map(({ id: named }) => ({ id: named })),
  });
});

const asCritical = async (work: () => Promise<void>): Promise<void> => {
  await makeCritical(up);
  await meanwhile(work, () => makeOrdinary(up));
};

it('a critical workload waits for a person, who approves or denies', () =>
  asCritical(async () => {
    const [first, second] = [
      await inject(findings(up.place).beacon),
      await inject(findings(up.place).beacon),
    ];
    expect(
      document(
        'show',
        await up.cordon([
          'show',
          first,
          '--json',
          '--wait',
          'awaiting-approval',
          '--timeout',
          '200',
        ]),
      ),
    ).toMatchObject({
      decision: { kind: 'ask' },
    });

    const denied = await up.cordon(['approve', first, '--deny', '--reason', 'load test', '--json']);
    expect([denied.code, document('approve', denied)]).toMatchObject([
      0,
      { decisions: [{ contain: false, state: 'notify-only' }], failed: [] },
    ]);
    const approved = await up.cordon(['approve', second, '--reason', 'confirmed', '--json']);
    expect([approved.code, document('approve', approved)]).toMatchObject([
      0,
      { decisions: [{ contain: true, state: 'contained' }], failed: [] },
    ]);

    const shown = document('show', await up.cordon(['show', second.slice(13, 20), '--json']));
    expect(at(shown, 'decision.reason')).toMatch(/^approved by .*: confirmed$/);
    const status = document('status', await up.cordon(['status', '--json']));
    expect(status).toMatchObject({
      contained: expect.arrayContaining([expect.objectContaining({ id: second })]),
    });

    const decideAgain = await up.cordon(['decide', second, '--contain', '--json']);
    expect([decideAgain.code, document('decide', decideAgain)]).toMatchObject([
      1,
      { error: expect.stringContaining('does not wait for a decision') },
    ]);
    const again = await up.cordon(['approve', second, '--reason', 'twice', '--json']);
    expect([again.code, document('approve', again)]).toMatchObject([
      1,
      { error: expect.stringContaining('does not wait for a decision') },
    ]);
    expect((await up.cordon(['release', second, '--reason', 'a test'])).code).toBe(0);
  }));

lateAnswers(() => up);

it('what the bus or the rule refuses is said with the reason', async () => {
  const malformed = await up.cordon(
    ['inject', '-', '--json'],
    '{"detail-type":"GuardDuty Finding","detail":"text"}',
  );
  const tooBig = await up.cordon(
    ['inject', '-', '--json'],
    event(changed(findings(up.place).beacon, 'description', 'x'.repeat(300_000))),
  );
  const other = await up.cordon(
    ['inject', '-', '--json'],
    '{"detail-type":"Something Else","detail":{}}',
  );

  for (const [ended, why] of [
    [malformed, 'MalformedDetail'],
    [tooBig, 'larger than 262144'],
    [other, 'detail-type'],
  ] as const)
    expect([ended.code, document('inject', ended)]).toMatchObject([
      1,
      { incidentId: null, refused: expect.stringContaining(why) },
    ]);
});

it('what cannot be read as a finding becomes an incident with the line that says where', async () => {
  const ended = await up.cordon(
    ['inject', '-', '--bus', 'drills', '--json'],
    '{"detail-type":"GuardDuty Finding","detail":{"id":7}}',
  );

  expect(document('inject', ended)).toMatchObject({
    ...{ state: 'notify-only', repeat: false },
    decision: {
      kind: 'notify',
      reason: 'the finding cannot be read: detail.id: wanted text, got 7',
    },
  });
});

it.each([
  [['inject', '-', '--json'], 'not json', 'inject', 'is not JSON'],
  [['inject', '/nowhere.json', '--json'], '', 'inject', 'cannot be read'],
  [['show', 'inc-20261121-00000000', '--json'], '', 'show', 'no incident'],
  [['release', 'inc-20261121-00000000', '--reason', 'x', '--json'], '', 'release', 'no incident'],
] as const)('%j ends with 1 and one sentence', async (args, stdin, name, why) => {
  const ended = await up.cordon(args, stdin);

  expect([ended.code, document(name, ended)]).toMatchObject([
    1,
    { error: expect.stringContaining(why) },
  ]);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

it('waiting in vain ends with 3 and still shows the incident', async () => {
  const id = await inject(
    changed(findings(up.place).beacon, 'title', '[SAMPLE] \u001b[31mred\u202E'),
  );
  const ended = await up.cordon(['show', id, '--wait', 'contained', '--timeout', '1', '--json']);
  const plain = await up.cordon(['show', id]);

  expect([ended.code, document('show', ended)]).toMatchObject([3, { id, state: 'suppressed' }]);
  expect(plain.stdout).toContain('\\u{1b}[31mred\\u{202e}');
});

it('nothing to release is said, and nothing is started', async () => {
  const id = await inject(changed(findings(up.place).beacon, 'title', '[SAMPLE] x'));
  const ended = await up.cordon(['release', id, '--reason', 'x', '--json']);

  expect([ended.code, document('release', ended)]).toMatchObject([
    1,
    { error: expect.stringContaining('nothing was contained') },
  ]);
});
