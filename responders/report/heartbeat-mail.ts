import type { HeartbeatStep } from '../incident/heartbeat.ts';
import { printable } from '../shared/printable.ts';
import type { Mask } from '../shared/redact.ts';
import { type Letter, subjectLine } from './mail.ts';
import { showWith } from './shown.ts';

interface HeartbeatFailure {
  readonly step: HeartbeatStep;
  readonly error: string;
  readonly why: string;
  readonly execution: string;
}

const subjects: Readonly<Record<HeartbeatStep, string>> = {
  contain: 'the canary could not be attacked',
  denied: 'the canary was NOT DENIED',
  release: 'the canary was not released',
  works: 'the canary does not work again',
  complete: 'a stage of the incident failed',
};

const states: Readonly<Record<HeartbeatStep, string>> = {
  contain: 'it is not known whether a real finding would be contained.',
  denied: 'A REAL FINDING MAY NOT BE CONTAINED.',
  release: 'containment works, and its release does not.',
  works: 'containment works, and its release does not.',
  complete: 'containment and release work, and the record of an incident is not complete.',
};

/** Tells that a heartbeat failed, and at which step. */
export const heartbeatLetter = (
  { step, error, why, execution }: HeartbeatFailure,
  mask: Mask,
): Letter => {
  const show = showWith(mask);
  return {
    subject: subjectLine(`Cordon: the heartbeat FAILED: ${subjects[step]}`),
    body: `${[
      `What:  the heartbeat of Cordon failed: ${subjects[step]}`,
      `Where: ${printable(execution, 300)}`,
      `State: ${states[step]} NEXT: read the reason below, and the executions of the machines; ` +
        'release the incident of the canary if it is still contained; then start the heartbeat ' +
        'again.',
      '',
      `Why:   ${show(error, 80)}: ${show(why, 600)}`,
      '',
      'The heartbeat has a canary of its own contained and released. No workload was touched.',
      'More failures within ten minutes are not mailed.',
    ].join('\n')}\n`,
  };
};
