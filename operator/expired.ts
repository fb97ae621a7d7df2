import { CordonError } from './errors.ts';

/**
 * A local run keeps the evidence of so many drills. On AWS a lifecycle counts days; here a loop of
 * drills would fill the disk within hours.
 */
export const keptDrills = 10;

const rules = {
  local: `a local run keeps those of its newest ${keptDrills} drills`,
  aws: 'on AWS those of a drill are kept for some days',
} as const;

/** How long the evidence of drills is kept. */
export const expiryRule = (where: keyof typeof rules): string => rules[where];

/** What a command ends with that needs evidence which was let go. */
export const expiredError = (id: string, where: keyof typeof rules): CordonError =>
  new CordonError(
    `the evidence and the reports of ${id} are gone: ${rules[where]}; ` +
      `"cordon show ${id}" and "cordon drill history" have its record`,
  );
