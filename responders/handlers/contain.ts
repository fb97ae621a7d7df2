import { containAnswered } from '../contain/answer.ts';
import { containFinding } from '../contain/containment.ts';
import type { ContainDeps } from '../contain/judge.ts';
import type { Contained } from '../contain/next-step.ts';
import type { Arrival } from '../contain/opening.ts';
import { incidentIdOf, textOf } from '../incident/input.ts';
import { at } from '../shared/json.ts';
import { containing, serve } from './environment.ts';

const arrivalOf = (input: unknown): Arrival => ({
  event: at(input, 'event'),
  drill: at(input, 'drill') === true,
  execution: textOf(input, 'execution'),
  settle: at(input, 'settle') === true,
});

/** `ContainmentLambda`: handles a finding from a rule, or a person's answer to a question. */
const contain = (input: unknown, deps: ContainDeps): Promise<Contained> => {
  if (at(input, 'answer') === undefined) return containFinding(arrivalOf(input), deps);
  const answer = {
    approved: at(input, 'answer.approved') === true,
    by: textOf(input, 'answer.by'),
    reason: textOf(input, 'answer.reason'),
  };
  return containAnswered(incidentIdOf(input), answer, deps);
};

export const handler = serve(containing, contain);
