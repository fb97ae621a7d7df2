import { functionFacts } from '../../../../responders/decide/function-kind.ts';
import type { FunctionReads } from '../../../../responders/decide/function-reads.ts';
import type { RoleFacts } from '../../../../responders/decide/role-reads.ts';
import type { DecisionInput } from '../../../../responders/decide/rule.ts';
import { sessionFacts } from '../../../../responders/decide/session-kind.ts';
import type { Facts } from '../../../../responders/decide/suspect-kind.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { identify, type Named } from '../../../../responders/finding/identify.ts';
import { functionArn } from '../../fakes/account.ts';
import { someSettings } from '../../fakes/deps.ts';
import { lambdaFinding } from '../../fakes/findings.ts';

/** A read that has answered. */
export const ok = <T>(value: T) => ({ ok: true as const, value });

export const ordersRole = 'arn:aws:iam::111122223333:role/orders-role';

export const roleFacts = (over: Partial<RoleFacts> = {}): RoleFacts => ({
  arn: ordersRole,
  id: 'AROAEXAMPLEEXAMPLE01',
  tags: {},
  createdAt: Date.parse('2026-01-01T00:00:00Z'),
  admitsLambda: true,
  otherTrust: [],
  usedBy: null,
  ...over,
});

/** What the account says about the function `orders`, which alone has its role. */
export const factsOf = (over: Partial<FunctionReads> = {}): FunctionReads => ({
  function: ok({ arn: functionArn('orders'), roleArn: ordersRole, tags: {} }),
  role: ok(roleFacts()),
  neighbours: ok([]),
  ...over,
});

/** Seven seconds after the last activity of `lambdaFinding`. */
export const momentOfDecision = Date.parse('2026-11-21T10:00:07Z');

const factsAbout = (named: Named, reads: FunctionReads): Facts => {
  if (named.kind === 'function') return functionFacts(named, reads);
  if (named.kind === 'session') return sessionFacts(named, reads);
  throw new Error('no test is about a user');
};

type Given = Partial<Omit<DecisionInput, 'facts'>> & { readonly facts?: FunctionReads };

/** What is known when a finding is decided on: all facts, unless others are given. */
export const inputOf = (
  event: unknown = lambdaFinding(),
  { facts: reads = factsOf(), ...over }: Given = {},
  drill = false,
): DecisionInput => {
  const finding = parseFinding(event, drill);
  const identified = identify(finding);
  return {
    finding,
    identified,
    ...('named' in identified && { facts: factsAbout(identified.named, reads) }),
    recent: ok([]),
    settings: someSettings(),
    now: momentOfDecision,
    ...over,
  };
};
