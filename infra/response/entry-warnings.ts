import { type Config, type ConfiguredEntry, defaultNeverContain } from '../config.ts';
import { endOf } from '../shared/moment.ts';

interface Warning {
  readonly id: string;
  readonly warning: string;
}

const named = (
  { type, arn, tag, account }: ConfiguredEntry & { readonly type?: string | undefined },
  list: string,
): string => `${list}: ${[type, arn, tag, account].filter(Boolean).join(' and ')}`;

const expired = (
  entry: ConfiguredEntry,
  list: string,
  { zone }: Config,
  now: number,
): readonly Warning[] =>
  entry.until !== undefined && endOf(entry.until, zone) <= now
    ? [
        {
          id: 'cordon:expired',
          warning: `${named(entry, list)} ended ${entry.until}: it does not count any more`,
        },
      ]
    : [];

const incomplete = (entry: ConfiguredEntry): readonly Warning[] =>
  (entry.owner === undefined || entry.until === undefined) &&
  !defaultNeverContain.some(({ arn }) => arn === entry.arn)
    ? [
        {
          id: 'cordon:exemption',
          warning:
            `${named(entry, 'neverContain')} has no ` +
            `${entry.owner === undefined ? 'owner' : 'until'}: add "owner" and "until"`,
        },
      ]
    : [];

/** What a person should know about the entries of the configuration when they are deployed. */
export const entryWarnings = (config: Config, now: number): Warning[] => [
  ...config.neverContain.flatMap((entry) => [
    ...incomplete(entry),
    ...expired(entry, 'neverContain', config, now),
  ]),
  ...config.suppressions.flatMap((entry) => expired(entry, 'suppressions', config, now)),
];
