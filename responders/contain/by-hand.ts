import { rule } from '../decide/policy.ts';
import { eventByHand } from '../finding/by-hand.ts';
import { type Finding, parseFinding } from '../finding/finding.ts';
import { incidentOfClaim } from '../incident/case-table.ts';
import { clockToleranceMs, proofMs, refused } from '../incident/proof.ts';
import { readCase } from '../incident/read-case.ts';
import { type Wish, wishClaim, wishFields } from '../incident/wish.ts';
import { at, numberAt, textAt } from '../shared/json.ts';
import { longestReason } from './arrived-answer.ts';
import { believedPerson } from './believed.ts';
import { type JudgeDeps, type JudgedFinding, judge } from './judge.ts';
import { namedTarget } from './named-target.ts';
import type { Contained } from './next-step.ts';
import { openOrRepeat } from './repeat.ts';

/** A wish that is not believed: there is no incident, and somebody is told. */
export interface RefusedWish
  extends Pick<Contained, 'next' | 'round' | 'lagSeconds' | 'askSeconds'> {
  readonly incidentId: null;
  readonly refused: { readonly what: 'wish'; readonly why: string };
}

const longestTarget = 2_048;

/** Reads a wish; its texts are those under the MAC, so none of them is cut. */
const wishIn = (input: unknown): Wish | undefined => {
  const text = (name: string): string => textAt(input, `byHand.${name}`) ?? '';
  const said = numberAt(input, 'byHand.at');
  const [target, by, reason, nonce] = [text('target'), text('by'), text('reason'), text('nonce')];
  const isWhole = [target, by, reason, nonce].every((part) => part !== '');
  const isShort = target.length <= longestTarget && reason.length <= longestReason;
  return isWhole && isShort && said !== null ? { target, by, reason, at: said, nonce } : undefined;
};

const refuse = (why: string): RefusedWish => ({
  ...{ incidentId: null, next: 'unbelieved', round: 0, lagSeconds: 0, askSeconds: 0 },
  refused: { what: 'wish', why },
});

/** Why a wish must not be believed; `undefined` where it holds. */
const disbelief = async (
  wish: Wish,
  input: unknown,
  deps: JudgeDeps,
): Promise<string | undefined> => {
  const now = deps.now();
  if (Math.abs(now - wish.at) > proofMs + clockToleranceMs) return refused('expired').why;
  const credential = { proof: at(input, 'byHand.proof'), identity: at(input, 'byHand.identity') };
  const person = await believedPerson('contain', wishFields(wish), credential, {
    suspects: [],
    deps,
  });
  return 'why' in person ? person.why : undefined;
};

/** The wish as a finding that is certain to be a person's. */
const findingOf = (event: object, { by, reason }: Wish): Finding => ({
  ...parseFinding(event, false),
  byHand: { by, reason },
});

const judgeWish = async (
  wish: Wish,
  id: string,
  isLastTry: boolean,
  deps: JudgeDeps,
): Promise<{ readonly event: object; readonly judged: JudgedFinding }> => {
  const { settings } = deps;
  const target = await namedTarget(wish.target, deps);
  if (!('cannot' in target)) {
    const event = eventByHand(wish, id, target);
    const finding = findingOf(event, wish);
    const provenance = Promise.resolve({ is: 'believed', finding } as const);
    return { event, judged: await judge(finding, { rule, provenance, isLastTry }, deps) };
  }
  const event = eventByHand(wish, id, { ...settings, resource: { resourceType: 'unknown' } });
  const decision = { kind: 'notify', reason: target.cannot } as const;
  const finding = findingOf(event, wish);
  return { event, judged: { finding, decision, suspect: null, readings: [] } };
};

/**
 * Contains what a person names: through the same door, the same walls and the same reports as a
 * finding. A copy of a wish that another execution has brought contains nothing.
 */
export const containByHand = async (
  input: unknown,
  execution: string,
  deps: JudgeDeps,
): Promise<Contained | RefusedWish> => {
  const { table, settings, now, log } = deps;
  const received = now();
  const wish = wishIn(input);
  const why = wish ? await disbelief(wish, input, deps) : refused('malformed').why;
  if (!wish || why !== undefined) {
    log('wish refused', { why });
    return refuse(why ?? '');
  }
  const claim = wishClaim(wish, settings);
  const existing = await incidentOfClaim(table, claim);
  if (existing && (await readCase(table, existing)).head.execution !== execution)
    return refuse(`it is a copy: ${existing} is what it has led to`);
  const isLastTry = at(input, 'isLastTry') === true;
  const { event, judged } = await judgeWish(wish, claim.findingId, isLastTry, deps);
  const arrival = { event, drill: false, execution, isLastTry };
  return openOrRepeat(judged, { claim, existing }, arrival, received, deps);
};
