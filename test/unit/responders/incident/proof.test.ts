import { describe, expect, it, vi } from 'vitest';
import {
  clockToleranceMs,
  type ProvenFields,
  type Purpose,
  proofMs,
  purposes,
} from '../../../../responders/incident/proof.ts';
import { BusyError } from '../../../../responders/shared/errors.ts';
import { fakeMacs, fakeVerifyMac } from '../../../support/fakes/macs.ts';
import fc from '../../../support/property.ts';

const start = Date.parse('2026-11-21T10:00:00Z');
const answer = { incident: 'inc-20261121-7f3k2m8q', round: 1, contain: true, by: 'ann' };

const maker = () => {
  const clock = { at: start };
  const verifyMac = vi.fn(fakeVerifyMac);
  const macs = fakeMacs(() => clock.at, verifyMac);
  const refusal = async (
    proof: unknown,
    fields: ProvenFields = answer,
    purpose: Purpose = 'answer',
  ) => (await macs.checkProof(purpose, fields, proof))?.kind;
  return { ...macs, verifyMac, clock, refusal };
};

it('a proof holds for what it was made for, in whatever order the fields are named', async () => {
  const { prove, refusal } = maker();
  const proof = await prove('answer', answer);

  expect(await refusal(proof)).toBeUndefined();
  expect(
    await refusal(proof, { by: 'ann', contain: true, round: 1, incident: answer.incident }),
  ).toBeUndefined();
});

describe('is refused', () => {
  it.each([
    ['nothing', undefined, 'missing'],
    ['null', null, 'missing'],
    ['an empty text', '', 'missing'],
    ['a number', 7, 'malformed'],
    ['an object', { mac: 'x' }, 'malformed'],
    ['a list of one proof', ['answer.1796000000000'], 'malformed'],
    ['any text', 'let me in', 'malformed'],
    ['a text of a megabyte', 'a'.repeat(1_000_000), 'malformed'],
  ])('%s', async (_what, proof, kind) => {
    expect(await maker().refusal(proof)).toBe(kind);
  });

  it.each([
    ['another incident', { incident: 'inc-20261121-aaaaaaaa' }],
    ['another round', { round: 2 }],
    ['another decision', { contain: false }],
    ['another person', { by: 'eve' }],
    ['the same value of another type', { round: '1' }],
    ['one field more', { account: '111122223333' }],
  ])('a proof for %s', async (_what, change) => {
    const { prove, refusal } = maker();
    expect(await refusal(await prove('answer', { ...answer, ...change }))).toBe('foreign');
  });

  it('a proof for another purpose', async () => {
    const { prove, refusal } = maker();
    expect(await refusal(await prove('release', answer))).toBe('foreign');
  });

  it('a proof for another purpose that says it is for this one', async () => {
    const { prove, refusal } = maker();
    const proof = await prove('release', answer);
    expect(await refusal(proof.replace('release', 'answer'))).toBe('foreign');
  });

  it('a proof that was made with another key', async () => {
    const { prove, refusal } = maker();
    expect(await refusal(await prove('answer', answer, 'key/of-the-intruder'))).toBe('wrong');
  });

  it('a proof whose end was put off', async () => {
    const { prove, refusal } = maker();
    const proof = await prove('answer', answer);
    expect(await refusal(proof.replace(String(start + proofMs), String(start + proofMs + 1)))).toBe(
      'foreign',
    );
  });

  it('a cut proof', async () => {
    const { prove, refusal } = maker();
    const proof = await prove('answer', answer);
    expect(await refusal(proof.slice(0, -1))).toBe('malformed');
    expect(await refusal(`${proof}A`)).toBe('malformed');
    expect(await refusal(`${proof}\n`)).toBe('malformed');
  });

  it('every proof of which one letter was changed', async () => {
    const { prove, refusal } = maker();
    const proof = await prove('answer', answer);
    await fc.assert(
      fc.asyncProperty(
        // The last letter of a MAC carries two bits that mean nothing.
        fc.integer({ min: 0, max: proof.length - 2 }),
        fc.constantFrom('0', 'a', 'Z', '_', '.'),
        async (place, letter) => {
          fc.pre(proof[place] !== letter);
          const changed = proof.slice(0, place) + letter + proof.slice(place + 1);
          expect(await refusal(changed)).not.toBeUndefined();
        },
      ),
    );
  });
});

describe('time', () => {
  it.each([
    ['while it lasts', proofMs, undefined],
    ['for the five minutes that clocks may differ', proofMs + clockToleranceMs, undefined],
    ['no longer', proofMs + clockToleranceMs + 1, 'expired'],
    ['by a clock that is five minutes behind', -clockToleranceMs, undefined],
    ['not by one that is further behind', -clockToleranceMs - 1, 'early'],
  ])('a proof is believed %s', async (_when, ms, kind) => {
    const { prove, refusal, clock } = maker();
    const proof = await prove('answer', answer);
    clock.at += ms;
    expect(await refusal(proof)).toBe(kind);
  });
});

describe('KMS', () => {
  const failing = (name: string, httpStatusCode?: number) => {
    const made = maker();
    made.verifyMac.mockRejectedValue(
      Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } }),
    );
    return made;
  };

  it.each([
    ['throttles', 'ThrottlingException', 400],
    ['fails', 'KMSInternalException', 500],
    ['does not answer', 'TimeoutError', undefined],
    ['cannot be reached', 'ECONNRESET', undefined],
  ])('that %s is asked again', async (_what, name, status) => {
    const { prove, refusal } = failing(name, status);
    await expect(refusal(await prove('answer', answer))).rejects.toThrow(BusyError);
  });

  it.each(['AccessDeniedException', 'DisabledException', 'NotFoundException'])(
    'that answers %s believes nothing, and says why',
    async (name) => {
      const { prove, checkProof } = failing(name, 400);
      expect(await checkProof('answer', answer, await prove('answer', answer))).toEqual({
        kind: 'unverified',
        why: `KMS could not verify its proof (${name}: no)`,
      });
    },
  );

  it('is not asked about what is refused without it', async () => {
    const { prove, refusal, verifyMac } = maker();
    await refusal('let me in');
    await refusal(await prove('release', answer));
    expect(verifyMac).not.toHaveBeenCalled();
  });
});

it('any fields prove themselves, and no others', async () => {
  const { prove, refusal } = maker();
  const fields = fc.dictionary(
    fc.string(),
    fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean()),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...purposes), fields, fields, async (purpose, one, other) => {
      const proof = await prove(purpose, one);
      expect(await refusal(proof, one, purpose)).toBeUndefined();
      fc.pre(
        JSON.stringify(Object.entries(one).sort()) !== JSON.stringify(Object.entries(other).sort()),
      );
      expect(await refusal(proof, other, purpose)).toBe('foreign');
    }),
  );
});
