/** Whose act a row of the timeline shows. */
export const lanes = ['attacker', 'cordon', 'people', 'bystanders'] as const;
export type TimelineLane = (typeof lanes)[number];
