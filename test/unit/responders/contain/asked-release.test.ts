import { describe, expect, it } from 'vitest';
import { askedRelease } from '../../../../responders/contain/asked-release.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { releaseFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';
import { quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const anna = 'arn:aws:iam::111122223333:user/anna';

const held = async () => {
  const made = fakeDeps();
  const { deps, account, prove } = made;
  const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
  const { incidentId } = await containFinding(arrival, deps);
  const asked = async (by = anna, round = 1, key?: string) => {
    const word = { by, reason: 'clean', letSessionsLive: true };
    const fields = releaseFields({ id: incidentId, round }, word);
    const proof = await prove('release', fields, key);
    return { incidentId, ...word, proof, identity: signedBy(by, proof) };
  };
  const isDenied = () => account.world.roles.get('orders-role')?.attached.has(quarantine.role);
  const state = async () => (await readCase(deps.table, incidentId)).head.state;
  return { ...made, incidentId, asked, isDenied, state };
};

it('a release with its proof is done, under the name that AWS gives', async () => {
  const { asked, deps, isDenied, incidentId } = await held();
  expect(await askedRelease(await asked(), deps)).toMatchObject({ released: true });
  expect(isDenied()).toBe(false);
  expect((await readCase(deps.table, incidentId)).head.release).toMatchObject({ by: anna });
});

describe('is refused, and nothing is touched', () => {
  it.each([
    ['no input', undefined],
    ['a text', 'inc-20261121-7f3k2m8q'],
    ['no incident', { by: anna, reason: 'clean' }],
    ['an incident that is a list', { incidentId: ['inc-20261121-7f3k2m8q'] }],
    ['an incident with other text', { incidentId: 'inc-20261121-7f3k2m8q\nCONTAINED' }],
  ])('%s', async (_what, input) => {
    const { deps, isDenied } = await held();
    expect(await askedRelease(input, deps)).toEqual({
      incidentId: null,
      released: false,
      refused: 'it names no incident',
    });
    expect(isDenied()).toBe(true);
  });

  it('an incident that nobody knows', async () => {
    const { deps, asked } = await held();
    const input = { ...(await asked()), incidentId: 'inc-20261121-aaaaaaaa' };
    expect(await askedRelease(input, deps)).toMatchObject({ refused: 'there is no such incident' });
  });

  it.each([
    ['without a proof', { proof: undefined }],
    ['with a proof that is a number', { proof: 1 }],
    ['with a cut proof', { proof: 'release.1796000000000' }],
    ['that keeps stolen sessions out', { letSessionsLive: false }],
    ['for another reason', { reason: 'I say so' }],
    ['by another person', { by: 'arn:aws:iam::111122223333:user/eve' }],
    ['that nobody signed', { identity: null }],
    ['with the signature of another decision', { identity: { arn: anna, digest: 'x' } }],
  ])('a release %s', async (_what, change) => {
    const { deps, asked, isDenied, state } = await held();
    const input = { ...(await asked()), ...change };
    expect(await askedRelease(input, deps)).toMatchObject({ released: false });
    expect([isDenied(), await state()]).toEqual([true, 'contained']);
  });

  it('a proof of another round', async () => {
    const { deps, asked, isDenied } = await held();
    expect(await askedRelease(await asked(anna, 2), deps)).toMatchObject({
      refused: 'its proof was made for something else',
    });
    expect(isDenied()).toBe(true);
  });

  it('a proof of another incident', async () => {
    const { deps, asked, isDenied } = await held();
    const other = await held();
    const { proof, identity } = await other.asked();
    const foreign = releaseFields(
      { id: 'inc-20261121-aaaaaaaa', round: 1 },
      { by: anna, reason: 'clean', letSessionsLive: true },
    );
    const wrong = await other.prove('release', foreign);
    expect(await askedRelease({ ...(await asked()), proof: wrong, identity }, deps)).toMatchObject({
      refused: 'its proof was made for something else',
    });
    expect(proof).not.toBe(wrong);
    expect(isDenied()).toBe(true);
  });

  it('a proof of another account or deployment, whose key is another', async () => {
    const { deps, asked, isDenied } = await held();
    expect(await askedRelease(await asked(anna, 1, 'key/elsewhere'), deps)).toMatchObject({
      refused: 'its proof was not made with the key of this deployment',
    });
    expect(isDenied()).toBe(true);
  });

  it('a proof that has expired', async () => {
    const { deps, asked, clock, isDenied } = await held();
    const input = await asked();
    clock.at += 2 * 3_600_000;
    expect(await askedRelease(input, deps)).toMatchObject({ refused: 'its proof has expired' });
    expect(isDenied()).toBe(true);
  });

  it('a release by the contained role itself', async () => {
    const { deps, asked, isDenied } = await held();
    const by = 'arn:aws:sts::111122223333:assumed-role/orders-role/orders';
    expect(await askedRelease(await asked(by), deps)).toMatchObject({
      refused: 'who signed it belongs to what the incident is about',
    });
    expect(isDenied()).toBe(true);
  });
});

it('is tried again while STS is slow', async () => {
  const { deps, asked } = await held();
  const slow = { ...deps, whoSigned: () => Promise.reject(new BusyError('slow')) };
  await expect(askedRelease(await asked(), slow)).rejects.toThrow(BusyError);
  expect(await askedRelease(await asked(), deps)).toMatchObject({ released: true });
});
