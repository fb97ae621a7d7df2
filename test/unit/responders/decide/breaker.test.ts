import { describe, expect, it } from 'vitest';
import { passesBreaker, sourceOf } from '../../../../responders/decide/breaker.ts';
import { rule } from '../../../../responders/decide/policy.ts';
import { breakerRule } from '../../../../responders/decide/rules.ts';
import type { BreakerRecord } from '../../../../responders/incident/breaker.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import fc from '../../../support/property.ts';
import { inputOf, ok } from '../../../support/responders/decide/input.ts';

const cheap = ['Backdoor:Lambda/C&CActivity.B', 'CryptoCurrency:Lambda/BitcoinTool.B'];
const theft = 'UnauthorizedAccess:IAMUser/ResourceCredentialExfiltration.OutsideAWS';
const detectors = ['d1', 'd2'];

interface Arriving {
  readonly type: string;
  readonly detectorId: string;
  readonly severity: number;
}

const arriving = fc.record({
  type: fc.constantFrom(...cheap, theft),
  detectorId: fc.constantFrom(...detectors),
  severity: fc.constantFrom(7, 8, 9, 10),
});
const quotas = fc.record({ limit: fc.nat(6), limitOfType: fc.nat(4) });
type Quotas = { readonly limit: number; readonly limitOfType: number };

const inputFor = (
  { type, detectorId, severity }: Arriving,
  recent: readonly BreakerRecord[],
  quota: Quotas,
) => {
  const event = lambdaFinding({ severity });
  const service = { ...event.detail.service, detectorId };
  return inputOf(
    { ...event, detail: { ...event.detail, type, service } },
    { recent: ok(recent), settings: someSettings({ breaker: { ...quota, minutes: 60 } }) },
  );
};

interface Judged extends Arriving {
  readonly kind: string;
  readonly passes: boolean;
  readonly source: string;
}

/** What is decided about findings that arrive one after another, and what is kept of each. */
const play = (findings: readonly Arriving[], quota: Quotas): readonly Judged[] => {
  const records: BreakerRecord[] = [];
  return findings.map((finding, index) => {
    const input = inputFor(finding, records, quota);
    const { decision, rules } = rule(input);
    const passes = passesBreaker(input.finding);
    const source = sourceOf(input.finding);
    const last = rules.at(-1);
    const held = decision.kind === 'ask' && last?.rule === breakerRule;
    if (!passes && (held || decision.kind === 'contain'))
      records.push({ incident: `inc-${index}`, at: index, source, type: finding.type, held });
    return { ...finding, kind: decision.kind, passes, source };
  });
};

const contained = (judged: readonly Judged[]) =>
  judged.filter(({ kind, passes }) => kind === 'contain' && !passes);

describe('however many findings arrive', () => {
  it('critical ones and stolen credentials are contained', () => {
    fc.assert(
      fc.property(fc.array(arriving), quotas, (findings, quota) => {
        const judged = play(findings, quota);
        for (const { type, severity, kind } of judged)
          if (severity >= 9 || type === theft) expect(kind).toBe('contain');
      }),
    );
  });

  it('no more than the quotas are contained of the others', () => {
    fc.assert(
      fc.property(fc.array(arriving), quotas, (findings, quota) => {
        const done = contained(play(findings, quota));
        for (const of of Object.values(Object.groupBy(done, ({ type }) => type)))
          expect(of?.length).toBeLessThanOrEqual(quota.limitOfType);
        for (const of of Object.values(Object.groupBy(done, ({ source }) => source)))
          expect(of?.length).toBeLessThanOrEqual(quota.limit);
      }),
    );
  });

  it('a flood of one type, or at one detector, holds back no other that has room', () => {
    fc.assert(
      fc.property(fc.array(arriving), quotas, arriving, (flood, quota, last) => {
        const before = play(flood, quota);
        const done = contained(before);
        const hasRoom =
          done.filter(({ type }) => type === last.type).length < quota.limitOfType &&
          done.filter(({ detectorId }) => detectorId === last.detectorId).length < quota.limit;
        const judged = play([...flood, last], quota).at(-1);
        if (hasRoom) expect(judged?.kind).toBe('contain');
        else expect(judged?.kind).toBe(judged?.passes ? 'contain' : 'ask');
      }),
    );
  });
});

describe('what is said', () => {
  const record = (index: number, held = false): BreakerRecord => ({
    ...{ incident: `inc-${index}`, at: index, held, type: cheap[0] ?? '' },
    source: sourceOf(inputFor({ type: theft, detectorId: 'd1', severity: 8 }, [], quota).finding),
  });
  const quota = { limit: 10, limitOfType: 2 };
  const records = [record(1), record(2), record(3, true)];

  it('names the quota that is used up', () => {
    const { decision } = rule(
      inputFor({ type: cheap[0] ?? '', detectorId: 'd1', severity: 8 }, records, quota),
    );
    expect(decision).toMatchObject({
      kind: 'ask',
      reason: expect.stringContaining('2 workloads were contained for findings of this type'),
    });
  });

  it('names what is held back where a critical finding passes', () => {
    const { decision } = rule(
      inputFor({ type: cheap[0] ?? '', detectorId: 'd1', severity: 9 }, records, quota),
    );
    expect(decision).toMatchObject({
      kind: 'contain',
      reason: expect.stringContaining('it passes the circuit breaker, which holds back inc-3'),
    });
  });
});
