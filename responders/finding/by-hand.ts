/** Stands in the place of a finding type. */
export const byHandType = 'Containment by hand';

/** High: a person is certain enough to ask for it. */
const severity = 8;

/** What a person wants contained, as the account says what it is. */
export interface NamedTarget {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** As a finding of GuardDuty has it in `detail.resource`. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/**
 * A wish in the shape of a finding, so that judging, evidence, timeline and report work as for any
 * other. Only Cordon makes it, after it has believed the person.
 */
export const eventByHand = (
  { reason, at }: { readonly reason: string; readonly at: number },
  id: string,
  { account, region, partition, resource }: NamedTarget,
) => {
  const time = new Date(at).toISOString();
  return {
    version: '0',
    'detail-type': byHandType,
    source: 'cordon.by-hand',
    account,
    time,
    region,
    detail: {
      schemaVersion: '2.0',
      accountId: account,
      region,
      partition,
      id,
      type: byHandType,
      resource,
      service: { serviceName: 'cordon', count: 1, eventFirstSeen: time, eventLastSeen: time },
      severity,
      createdAt: time,
      updatedAt: time,
      title: `A person has asked for it: ${reason}`,
    },
  };
};
