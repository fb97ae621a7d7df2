import { isRecord, listAt, textAt } from './json.ts';

/** An address with what the finding knows about its owner. */
export interface AttackerAddress {
  readonly address: string;
  readonly country?: string;
  readonly organisation?: string;
  /** `caller`: the calls came from there. `contacted`: the workload connected to it. */
  readonly side: 'caller' | 'contacted';
}

/** Who acted, according to a finding. What the finding does not name is absent, never guessed. */
export interface NamedAttacker {
  /** The IAM user whose key was used. */
  readonly user?: string;
  /** The role whose session was used. */
  readonly role?: string;
  readonly session?: string;
  /** The Lambda function whose code acted. */
  readonly function?: string;
  /** The last four characters of the id of the access key. */
  readonly keyEnd?: string;
  readonly addresses: readonly AttackerAddress[];
  readonly userAgents: readonly string[];
  /** `s3:GetObject`: the call that the finding is about. */
  readonly action?: string;
  /** How often GuardDuty has seen the activity. */
  readonly seen?: number;
}

const most = 10;

const keyOf = ({ side, address }: AttackerAddress): string => `${side} ${address}`;

/** What several revisions of a finding say; a newer one wins where both name a fact. */
export const merged = (older: NamedAttacker | undefined, newer: NamedAttacker): NamedAttacker => {
  if (!older) return newer;
  const addresses = new Map(
    [...older.addresses, ...newer.addresses].map((address) => [keyOf(address), address]),
  );
  return {
    ...older,
    ...newer,
    addresses: [...addresses.values()].slice(-most),
    userAgents: [...new Set([...older.userAgents, ...newer.userAgents])].slice(-most),
  };
};

const addressFrom = (value: unknown): AttackerAddress[] => {
  const [address, country, organisation] = [
    textAt(value, 'address'),
    textAt(value, 'country'),
    textAt(value, 'organisation'),
  ];
  if (address === null) return [];
  return [
    {
      address,
      ...(country !== null && { country }),
      ...(organisation !== null && { organisation }),
      side: textAt(value, 'side') === 'contacted' ? 'contacted' : 'caller',
    },
  ];
};

/** Reads what was stored; `undefined` where an older Cordon has stored nothing. */
export const attackerFrom = (stored: unknown): NamedAttacker | undefined => {
  if (!isRecord(stored)) return undefined;
  const texts = ['user', 'role', 'session', 'function', 'keyEnd', 'action'] as const;
  const named = texts.flatMap((name) => {
    const text = textAt(stored, name);
    return text === null ? [] : [[name, text] as const];
  });
  return {
    ...Object.fromEntries(named),
    ...(typeof stored.seen === 'number' && { seen: stored.seen }),
    addresses: listAt(stored, 'addresses').flatMap(addressFrom),
    userAgents: listAt(stored, 'userAgents').filter((agent) => typeof agent === 'string'),
  };
};
