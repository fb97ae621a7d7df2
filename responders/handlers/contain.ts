import { type Answer, containAnswered } from '../contain/answer.ts';
import { containFinding } from '../contain/containment.ts';
import type { ContainDeps } from '../contain/judge.ts';
import { containLate } from '../contain/late-answer.ts';
import type { Contained } from '../contain/next-step.ts';
import type { Arrival } from '../contain/opening.ts';
import { incidentIdOf, textOf } from '../incident/input.ts';
import { at, numberAt, textAt } from '../shared/json.ts';
import { containing, serve } from './environment.ts';

const arrivalOf = (input: unknown): Arrival => ({
  event: at(input, 'event'),
  drill: at(input, 'drill') === true,
  execution: textOf(input, 'execution'),
  settle: at(input, 'settle') === true,
});

const answerOf = (input: unknown): Answer => ({
  approved: at(input, 'answer.approved') === true,
  by: textOf(input, 'answer.by'),
  reason: textOf(input, 'answer.reason'),
});

/**
 * `ContainmentLambda`: handles a finding from a rule, or a person's answer to a question. The first
 * state of an execution names the execution. An answer there came with the input of the execution
 * and not with the token of a question, so it needs a proof.
 */
const contain = (input: unknown, deps: ContainDeps): Promise<Contained> => {
  if (at(input, 'answer') === undefined) return containFinding(arrivalOf(input), deps);
  const { by, reason } = answerOf(input);
  const id = incidentIdOf(input);
  if (at(input, 'execution') === undefined) return containAnswered(id, answerOf(input), deps);
  const proof = textAt(input, 'answer.proof') ?? '';
  const round = numberAt(input, 'answer.round') ?? 0;
  const execution = textOf(input, 'execution');
  return containLate(id, { round, by, reason, proof, execution }, deps);
};

export const handler = serve(containing, contain);
