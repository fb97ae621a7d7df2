import { arrivedAnswer } from '../contain/arrived-answer.ts';
import { radiusReader } from '../contain/blast-radius.ts';
import { containByHand, type RefusedWish } from '../contain/by-hand.ts';
import { containFinding } from '../contain/containment.ts';
import type { JudgeDeps } from '../contain/judge.ts';
import type { Contained } from '../contain/next-step.ts';
import type { Arrival } from '../contain/opening.ts';
import { provenanceFinder } from '../contain/provenance.ts';
import { textOf } from '../incident/input.ts';
import { at } from '../shared/json.ts';
import { changeReader } from './changes.ts';
import { callerOf, containing, serve } from './environment.ts';

const arrivalOf = (input: unknown): Arrival => ({
  event: at(input, 'event'),
  drill: at(input, 'drill') === true,
  execution: textOf(input, 'execution'),
  isLastTry: at(input, 'isLastTry') === true,
});

/**
 * `ContainmentLambda`: handles a finding from a rule, a person's answer to a question, or what a
 * person wants contained. The first state of an execution names the execution.
 */
const contain = (input: unknown, deps: JudgeDeps): Promise<Contained | RefusedWish> => {
  if (at(input, 'answer') !== undefined) return arrivedAnswer(input, deps);
  return at(input, 'byHand') === undefined
    ? containFinding(arrivalOf(input), deps)
    : containByHand(input, textOf(input, 'execution'), deps);
};

/** Findings are believed of the regions of the deployment; an event names its region. */
const make = (): JudgeDeps => {
  const deps = containing();
  const { settings, checkProof } = deps;
  const { region, furtherRegions } = settings;
  const callers = new Map(
    [region, ...furtherRegions].map(
      (place) => [place, callerOf('guardduty', place, settings)] as const,
    ),
  );
  const guardDuty = (place: string) => callers.get(place);
  const callIn = (name: 'sqs' | 'monitoring', place: string) => callerOf(name, place, settings);
  return {
    ...deps,
    provenanceOf: provenanceFinder({ settings, guardDuty, checkProof }),
    readChanges: changeReader(settings),
    readRadius: radiusReader({ aws: deps.aws, region, callIn, now: deps.now }),
  };
};

export const handler = serve(make, contain);
