import { type Exemption, fits, isExpired } from './entries.ts';
import type { Settings } from './settings.ts';

/**
 * Who is exempt in every configuration: containing them would end the response, or AWS refuses
 * it. infra/response/settings.ts denies the same to the responders in IAM, where
 * `${partition}` and `${account}` are those of the deployment.
 */
export const alwaysExempt: readonly (Exemption & { readonly arn: string })[] = [
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

/** The same in any partition and account. */
const exemptAnywhere = alwaysExempt.map(({ arn, because }) => ({
  arn: arn.replaceAll(/\$\{\w+\}/g, '*'),
  because,
}));

/** What the list is compared with. */
interface Compared {
  readonly arns: readonly string[];
  readonly account: string;
}

/**
 * The reason why these must never be contained; `undefined` if they may. Entries by tag are not
 * among these: an intruder can set a tag, so a person is asked about them.
 */
export const exemption = (
  compared: Compared,
  { neverContain }: Pick<Settings, 'neverContain'>,
  now: number,
): string | undefined =>
  [...exemptAnywhere, ...neverContain].find(
    (entry: Exemption) =>
      entry.tag === undefined && fits(entry, compared) && !isExpired(entry, now),
  )?.because;
