import type { Exemption, Settings } from './settings.ts';

/**
 * Roles that are exempt in every configuration: containing them would end the response, or AWS
 * refuses it. infra/response/settings.ts denies the same roles to the responders in IAM, where
 * `${partition}` and `${account}` are those of the deployment.
 */
export const alwaysExempt: readonly Exemption[] = [
  {
    arn: 'arn:${partition}:iam::${account}:role/cordon/*',
    because: 'it is Cordon’s own role: denying ourselves would end the response',
  },
  {
    arn: 'arn:${partition}:iam::${account}:role/aws-reserved/*',
    because: 'Identity Center owns this role; contain the user there',
  },
  {
    arn: 'arn:${partition}:iam::${account}:role/aws-service-role/*',
    because: 'AWS owns service-linked roles and refuses the change',
  },
];

/** The same roles in any partition and account. */
const exemptAnywhere = alwaysExempt.map(({ arn, because }) => ({
  arn: arn.replaceAll(/\$\{\w+\}/g, '*'),
  because,
}));

const matches = (pattern: string, arn: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(arn);

/** The reason why these roles or functions must never be contained; `undefined` if they may. */
export const exemption = (
  arns: readonly string[],
  { neverContain }: Settings,
): string | undefined =>
  [...exemptAnywhere, ...neverContain].find((exempt) =>
    arns.some((arn) => matches(exempt.arn, arn)),
  )?.because;
