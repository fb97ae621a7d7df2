import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { type Provenance, provenanceFinder } from '../../../../responders/contain/provenance.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { drillFields, proofMember } from '../../../../responders/incident/drill.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import type { CallService } from '../../../../responders/shared/signed-json.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenKey } from '../../../support/fakes/findings.ts';
import { arrival, asked, holding } from '../../../support/responders/guard-duty.ts';

const awsError = (name: string, message: string, status: number): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
const failing =
  (name: string, message: string, status = 400): CallService =>
  async () => {
    throw awsError(name, message, status);
  };
const changed = (change: object, service: object = {}) => {
  const { detail } = lambdaFinding();
  return { ...detail, ...change, service: { ...detail.service, ...service } };
};

const provenance = (guardDuty: CallService, event: unknown = lambdaFinding()) =>
  asked(guardDuty).deps.provenanceOf(parseFinding(event, false), event);

const notOwned =
  'The request is rejected because the input detectorId is not owned by the account.';

const answers: readonly (readonly [string, CallService, Partial<Provenance>])[] = [
  ['nothing', holding(), { is: 'forged', mayBeTooNew: true }],
  ['another finding', holding(changed({ id: 'another' })), { is: 'forged' }],
  ['another account', holding(changed({ accountId: '999988887777' })), { is: 'forged' }],
  ['another region', holding(changed({ region: 'us-east-1' })), { is: 'forged' }],
  [
    'another workload',
    holding(lambdaFinding({ functionName: 'other' }).detail),
    { is: 'forged', why: 'GuardDuty’s finding with its id is about another workload' },
  ],
  [
    'that its id is none',
    failing('BadRequestException', 'the parameter findingIds has an invalid value'),
    { is: 'forged' },
  ],
  [
    'a throttle',
    failing('ThrottlingException', 'Rate exceeded', 429),
    { is: 'unknown', busy: true },
  ],
  ['an error', failing('InternalServerErrorException', 'x', 500), { is: 'unknown', busy: true }],
  ['a denial', failing('AccessDeniedException', 'no', 403), { is: 'unknown', busy: false }],
  [
    'what is no finding',
    holding({ id: lambdaFinding().detail.id }),
    { is: 'unknown', busy: false },
  ],
];

it.each(answers)('GuardDuty answers %s', async (_name, guardDuty, expected) => {
  expect(await provenance(guardDuty)).toMatchObject(expected);
});

it('a foreign detector is forged where there is one, and unknown where GuardDuty is off', async () => {
  const detectors =
    (detectorIds: readonly string[]): CallService =>
    async ({ path }) => {
      if (path === '/detector') return { detectorIds };
      throw awsError('BadRequestException', notOwned, 400);
    };

  expect(await provenance(detectors(['another']))).toMatchObject({ is: 'forged' });
  expect(await provenance(detectors([]))).toMatchObject({
    is: 'unknown',
    busy: false,
    why: expect.stringContaining('GuardDuty is switched off'),
  });
});

it('an event without a detector is forged, without a question to GuardDuty', async () => {
  const event = { ...lambdaFinding(), detail: changed({}, { detectorId: undefined }) };
  const never: CallService = () => Promise.reject(new Error('asked'));

  expect(await provenance(never, event)).toMatchObject({ is: 'forged' });
});

it('the last try waits longer for a slow answer than those that are retried', async () => {
  const slow: CallService = async () => {
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    return { findings: [lambdaFinding().detail] };
  };
  const { provenanceOf } = asked(slow).deps;
  const finding = parseFinding(lambdaFinding(), false);
  vi.useFakeTimers();
  try {
    const tries = [false, true].map((isLast) => provenanceOf(finding, lambdaFinding(), isLast));
    await vi.advanceTimersByTimeAsync(4_000);

    expect(await Promise.all(tries)).toMatchObject([
      { is: 'unknown', busy: true },
      { is: 'believed' },
    ]);
  } finally {
    vi.useRealTimers();
  }
});

describe('what is judged', () => {
  it('is GuardDuty’s copy: an event cannot make its finding small', async () => {
    const { deps } = asked(holding(lambdaFinding().detail));

    const result = await containFinding(arrival(lambdaFinding({ severity: 1 })), deps);

    expect(result).toMatchObject({ state: 'contained', decision: { kind: 'contain' } });
    const { head, findings } = await readCase(deps.table, result.incidentId);
    expect(head.finding.severity).toBe(8);
    expect(JSON.parse(findings[0]?.raw ?? '').detail.severity).toBe(8);
  });

  it.each([
    ['after its event was sent', lambdaFinding()],
    ['before', { ...lambdaFinding(), detail: changed({}, { archived: true }) }],
  ])('is asked about where somebody archived it %s', async (_when, event) => {
    const { deps } = asked(holding(changed({}, { archived: true })));

    expect((await containFinding(arrival(event), deps)).decision).toEqual({
      kind: 'ask',
      reason: 'somebody archived the finding in GuardDuty',
    });
    const { incidentId } = await containFinding(arrival(event), deps);
    expect((await readCase(deps.table, incidentId)).head.proposal?.doubted).toBe(true);
  });

  const files = join(import.meta.dirname, '../../../support/fixtures/guardduty');
  it.each(readdirSync(files))('is the same for the event %s and its copy', async (file) => {
    const event = JSON.parse(readFileSync(join(files, file), 'utf8'));
    const fakes = fakeDeps(undefined, {
      account: event.detail.accountId,
      region: event.detail.region,
    });
    const { settings, checkProof } = fakes.deps;
    const find = provenanceFinder({
      settings,
      checkProof,
      guardDuty: () => holding(event.detail),
    });
    const finding = parseFinding(event, false);

    expect(await find(finding, event)).toEqual({ is: 'believed', finding, event });
  });
});

describe('a forged finding', () => {
  it('changes nothing, is retried once it may be too new, and then told', async () => {
    const { deps, account } = asked(holding());

    await expect(containFinding(arrival(lambdaFinding(), 'e', false), deps)).rejects.toThrow(
      'GuardDuty has no finding with its id',
    );
    const result = await containFinding(arrival(lambdaFinding()), deps);

    expect(result).toMatchObject({ state: 'forged', next: 'tell' });
    expect(account.sent().filter((call) => !/:(Get|List)/.test(call))).toEqual([]);
  });

  it('cannot make the real finding a duplicate', async () => {
    const forged = asked(holding());
    const first = await containFinding(arrival(lambdaFinding(), 'forged'), forged.deps);
    const { settings, checkProof } = forged.deps;
    const provenanceOf = provenanceFinder({
      settings,
      checkProof,
      guardDuty: () => holding(lambdaFinding().detail),
    });

    const real = await containFinding(arrival(lambdaFinding(), 'real'), {
      ...forged.deps,
      provenanceOf,
    });

    expect(real.incidentId).not.toBe(first.incidentId);
    expect(real.state).toBe('contained');
  });
});

describe('while GuardDuty cannot be asked', () => {
  const busy = failing('ThrottlingException', 'Rate exceeded', 429);

  it('a finding is read again, then a person is asked and told why', async () => {
    const { deps } = asked(busy);

    await expect(containFinding(arrival(lambdaFinding(), 'e', false), deps)).rejects.toThrow(
      'GuardDuty could not be asked',
    );
    expect((await containFinding(arrival(lambdaFinding()), deps)).decision).toEqual({
      kind: 'ask',
      reason: expect.stringMatching(
        /^could not judge: GuardDuty could not be asked.*Rate exceeded/,
      ),
    });
  });

  it('two findings with one id about two workloads are two questions', async () => {
    const { deps } = asked(busy);
    const other = lambdaFinding({ functionName: 'other' });

    const first = await containFinding(arrival(lambdaFinding(), 'e1'), deps);
    const second = await containFinding(arrival(other, 'e2'), deps);

    expect(second.incidentId).not.toBe(first.incidentId);
  });
});

describe('a drill', () => {
  const drill = (detail: object) => ({ ...arrival({ ...lambdaFinding(), detail }), drill: true });

  it('is believed by a MAC over its finding, and not without, changed or for another', async () => {
    const { deps, prove } = asked(holding());
    const { detail } = lambdaFinding();
    const proof = await prove('drill', drillFields(detail));
    const bad = [
      detail,
      { ...detail, id: 'f1', severity: 9, [proofMember]: proof },
      { ...detail, id: 'f2', [proofMember]: proof },
      { ...detail, id: 'f3', [proofMember]: proof.slice(0, -4) },
      { ...detail, id: 'f4', [proofMember]: 7 },
    ];

    for (const forged of bad)
      expect(await containFinding(drill(forged), deps)).toMatchObject({ state: 'forged' });
    expect(await containFinding(drill({ ...detail, [proofMember]: proof }), deps)).toMatchObject({
      state: 'contained',
    });
  });

  it('is not read as a drill where its proof has expired', async () => {
    const { deps, prove, clock } = asked(holding());
    const { detail } = lambdaFinding();
    const proof = await prove('drill', drillFields(detail));
    clock.at += 3 * 60 * 60_000;

    const { incidentId } = await containFinding(drill({ ...detail, [proofMember]: proof }), deps);

    const { head } = await readCase(deps.table, incidentId);
    expect([head.drill, head.decision.reason]).toEqual([
      false,
      'it says that it is a drill, but its proof has expired',
    ]);
  });
});

it('a yes to a finding that GuardDuty turns out not to have ends its question: it is forged', async () => {
  let guardDuty = failing('AccessDeniedException', 'no', 403);
  const { deps, account } = asked((call) => guardDuty(call));
  const untouched = structuredClone(account.world);
  const { incidentId, next } = await containFinding(arrival(lambdaFinding()), deps);
  expect(next).toBe('ask');

  guardDuty = holding();
  const yes = { approved: true, by: 'anna', reason: 'it looks real' };
  expect(await containAnswered(incidentId, yes, deps)).toMatchObject({ state: 'forged' });
  expect(account.world).toEqual(untouched);
});

describe('silence that the policy takes as a yes', () => {
  const silence = { approved: true, by: 'policy', reason: 'nobody answered in time' };
  const archived = holding(changed({}, { archived: true }));

  it.each<[string, CallService, RegExp]>([
    [
      'GuardDuty cannot be asked about',
      failing('AccessDeniedException', 'no', 403),
      /^left alone by policy: nobody answered in time, and only a person may approve this: GuardD/,
    ],
    ['somebody has archived', archived, /only a person may approve this: somebody archived/],
  ])('approves nothing that %s: the question stays, and a person may', async (_what, says, why) => {
    const { deps, account } = asked(says);
    const untouched = structuredClone(account.world);
    const { incidentId, next } = await containFinding(arrival(lambdaFinding()), deps);
    expect(next).toBe('ask');

    expect(await containAnswered(incidentId, silence, deps)).toMatchObject({
      state: 'unanswered',
      decision: { kind: 'notify', reason: expect.stringMatching(why) },
    });

    expect(account.world).toEqual(untouched);
    const { head } = await readCase(deps.table, incidentId);
    expect(head.answers).toMatchObject([{ by: 'policy', contain: false }]);
  });

  it('a person may approve what somebody has archived', async () => {
    const { deps } = asked(archived);
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);

    const yes = { approved: true, by: 'anna', reason: 'it is real' };
    expect(await containAnswered(incidentId, yes, deps)).toMatchObject({ state: 'contained' });
  });

  it('a person’s yes holds where GuardDuty’s archived finding names others by then', async () => {
    let guardDuty = archived;
    const { deps } = asked((call) => guardDuty(call));
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);

    const later = '2026-11-21T11:00:00.000Z';
    const { detail } = stolenKey({
      userName: 'somebody-else',
      principalId: 'AIDAEXAMPLEEXAMPLE01',
    });
    const { id, type } = lambdaFinding().detail;
    guardDuty = holding({ ...detail, id, type, updatedAt: later });
    const yes = { approved: true, by: 'anna', reason: 'it is real' };
    expect(await containAnswered(incidentId, yes, deps)).toMatchObject({ state: 'contained' });
  });

  it('contains what GuardDuty has by then', async () => {
    let guardDuty = failing('AccessDeniedException', 'no', 403);
    const { deps } = asked((call) => guardDuty(call));
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);

    guardDuty = holding(lambdaFinding().detail);
    expect(await containAnswered(incidentId, silence, deps)).toMatchObject({ state: 'contained' });
  });
});
