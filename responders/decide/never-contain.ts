import type { Exemption, Settings } from './settings.ts';

/**
 * Roles that are exempt wherever Cordon runs; deployments add their own. Each is refused by the
 * responders' IAM policy too.
 */
const always: readonly Exemption[] = [
  {
    arn: 'arn:*:iam::*:role/cordon/*',
    because: 'it is Cordon’s own role: denying ourselves would end the response',
  },
  {
    arn: 'arn:*:iam::*:role/aws-service-role/*',
    because: 'AWS owns service-linked roles and refuses the change',
  },
  {
    arn: 'arn:*:iam::*:role/aws-reserved/*',
    because: 'Identity Center owns this role; contain the user there',
  },
];

const matches = (pattern: string, arn: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(arn);

/** Why this role or function must never be contained; `undefined` when it may. */
export const exemption = (
  arns: readonly string[],
  { neverContain }: Settings,
): string | undefined =>
  [...always, ...neverContain].find(({ arn }) => arns.some((found) => matches(arn, found)))
    ?.because;
