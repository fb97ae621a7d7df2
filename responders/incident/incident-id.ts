import { createHash } from 'node:crypto';

/**
 * One incident per finding, account, region and kind (drill or real): the claim decides who handles
 * it.
 */
export interface Claim {
  readonly drill: boolean;
  readonly account: string;
  readonly region: string;
  readonly findingId: string;
  /** Keeps the claim of a finding that is not proven apart from the claim of the real one. */
  readonly doubt?: string;
}

export const claimKey = ({ drill, account, region, findingId, doubt }: Claim): string =>
  `CLAIM#${doubt ?? (drill ? 'drill' : 'real')}#${account}#${region}#${findingId}`;

/**
 * `inc-20261121-7f3k2m9q`: the day it was first seen, and a hash of the claim, so that a repeat
 * finds it.
 */
export const incidentId = (claim: Claim, openedAt: number): string => {
  const day = new Date(openedAt).toISOString().slice(0, 10).replaceAll('-', '');
  const hash = BigInt(
    `0x${createHash('sha256').update(claimKey(claim)).digest('hex').slice(0, 16)}`,
  );
  return `inc-${day}-${hash.toString(36).padStart(8, '0').slice(-8)}`;
};

export const isIncidentId = (text: string): boolean => /^inc-\d{8}-[0-9a-z]{8}$/.test(text);

const dayOf = (id: string): string => {
  const [, year, month, day] = /^inc-(\d{4})(\d{2})(\d{2})-/.exec(id) ?? [];
  return `${year}/${month}/${day}`;
};

/** `incidents/2026/11/21/inc-20261121-7f3k2m9q/` */
export const evidencePrefix = (id: string): string => `incidents/${dayOf(id)}/${id}/`;

export const indexRoot = 'incidents/index/';

/** What the keys of an incident's index entries begin with; a day, or a month, is one prefix. */
export const indexPrefix = (id: string): string => `${indexRoot}${dayOf(id)}/${id}-`;
