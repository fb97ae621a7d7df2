import { describe, expect, it } from 'vitest';
import { askedRelease } from '../../../../responders/contain/asked-release.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { provenanceFinder } from '../../../../responders/contain/provenance.ts';
import { type AttemptKind, attemptKinds } from '../../../../responders/heartbeat/attempts.ts';
import { type BeatDeps, beat } from '../../../../responders/heartbeat/beat.ts';
import { findingIdOf } from '../../../../responders/heartbeat/finding.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { type HeartbeatStep, heartbeatCanary } from '../../../../responders/incident/heartbeat.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveStage } from '../../../../responders/incident/records.ts';
import { HeartbeatError, WaitingError } from '../../../../responders/shared/errors.ts';
import { at } from '../../../../responders/shared/json.ts';
import { accountId, aFunction, aRole, aWorld, region } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';

const roleName = `${heartbeatCanary}-role`;
const asks = {
  execution: 'arn:aws:states:x:execution:heartbeat:1',
  startedAt: '2026-11-21T10:00:00Z',
};

/** A heartbeat whose drill bus is answered at once by what contains. */
const heart = () => {
  const world = aWorld({
    roles: new Map([[roleName, aRole()]]),
    functions: new Map([[heartbeatCanary, aFunction({ role: roleName, reserved: 1 })]]),
  });
  const { deps: cordon, prove } = fakeDeps(world);
  const provenanceOf = provenanceFinder({ ...cordon, guardDuty: () => undefined });
  const sent: unknown[] = [];
  /** What succeeds although it should not, and the other way round. */
  const lies: { succeeded?: readonly AttemptKind[] } = {};
  const isDenied = () =>
    [...(world.roles.get(roleName)?.attached ?? [])].some((arn) => arn.includes('Quarantine'));
  const deps: BeatDeps = {
    table: cordon.table,
    place: {
      account: accountId,
      region,
      partition: 'aws',
      role: `arn:aws:iam::${accountId}:role/${roleName}`,
    },
    attempts: async () =>
      lies.succeeded ??
      attemptKinds.filter((kind) =>
        kind === 'start' ? world.functions.get(heartbeatCanary)?.reserved !== 0 : !isDenied(),
      ),
    prove: (fields) => prove('drill', fields),
    send: async (detail) => {
      sent.push(detail);
    },
  };
  const answer = () =>
    containFinding(
      { event: { detail: sent.at(-1) }, execution: 'incident', drill: true },
      { ...cordon, provenanceOf },
    );
  const step = (name: HeartbeatStep) => beat({ step: name, ...asks }, deps);
  return { cordon, deps, sent, lies, answer, step, world };
};

it('has its canary contained and released, with one finding that its proof covers', async () => {
  const { step, answer, cordon, sent } = heart();

  await step('contain');
  const { incidentId } = await answer();
  expect(await step('denied')).toEqual({ incidentId });
  const { release } = { release: undefined, ...(await step('release')) };
  expect(await askedRelease(release, cordon)).toMatchObject({ released: true });
  expect(await step('works')).toEqual({ incidentId });
  await saveStage(cordon.table, incidentId, {
    ...{ kind: 'closing', name: 'close', round: 1, status: 'ok', ms: 0, at: 1 },
  } as const);
  expect(await step('complete')).toEqual({ incidentId });

  expect(sent.map((detail) => at(detail, 'id'))).toEqual([findingIdOf(asks.execution)]);
});

it('a retry sends no second finding', async () => {
  const { step, answer, sent } = heart();
  await step('contain');
  await answer();

  await step('contain');

  expect(sent).toHaveLength(1);
});

describe('waits', () => {
  it('for the incident, for the denial, and for the release', async () => {
    const { step, answer, lies, cordon } = heart();
    await step('contain');
    await expect(step('denied')).rejects.toThrow(WaitingError);
    const { incidentId } = await answer();
    lies.succeeded = ['call'];
    await expect(step('denied')).rejects.toThrow(
      `${incidentId} is contained, and the canary can call AWS with its role`,
    );
    await expect(step('denied')).rejects.toThrow(WaitingError);
    lies.succeeded = [];
    const { release } = { release: undefined, ...(await step('release')) };
    await expect(step('works')).rejects.toThrow(WaitingError);
    await askedRelease(release, cordon);
    await expect(step('works')).rejects.toThrow(
      'the canary cannot be started and call AWS with its role',
    );
    await expect(step('complete')).rejects.toThrow(WaitingError);
  });
});

describe('fails', () => {
  it('where the canary does not work before it is contained', async () => {
    const { step, lies, sent } = heart();
    lies.succeeded = ['call'];

    await expect(step('contain')).rejects.toThrow(HeartbeatError);
    await expect(step('contain')).rejects.toThrow('the canary cannot be started before');
    expect(sent).toEqual([]);
  });

  it.each(['notify-only', 'partial', 'not-contained', 'contested'] as const)(
    'where its incident is %s',
    async (state) => {
      const { step, answer, cordon } = heart();
      await step('contain');
      const { incidentId } = await answer();
      await update(cordon.table, incidentId, { state });

      await expect(step('denied')).rejects.toThrow(HeartbeatError);
      await expect(step('denied')).rejects.toThrow(`${incidentId} is ${state}, not contained`);
    },
  );

  it('where a release is not complete', async () => {
    const { step, answer, cordon } = heart();
    await step('contain');
    const { incidentId } = await answer();
    await update(cordon.table, incidentId, { state: 'partial' });

    await expect(step('works')).rejects.toThrow(HeartbeatError);
  });

  it('where a stage failed of which no mail tells', async () => {
    const { step, answer, cordon } = heart();
    await step('contain');
    const { incidentId } = await answer();
    await update(cordon.table, incidentId, { state: 'released' });
    const outcome = { kind: 'outcome', round: 1, status: 'failed', ms: 0, error: 'x' } as const;
    await saveStage(cordon.table, incidentId, { ...outcome, name: 'evidence' });

    await expect(step('complete')).rejects.toThrow('these stages failed: evidence');
    expect((await readCase(cordon.table, incidentId)).head.state).toBe('released');
  });

  it.each([{}, { step: 'anything', ...asks }, { step: 'contain' }])(
    'with an input that its machine would not send: %j',
    async (input) => {
      expect(() => beat(input, heart().deps)).toThrow(/wanted/);
    },
  );
});
