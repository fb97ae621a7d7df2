// What a function needs to write audit events: this file, and a way to publish a text.
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { AppLog } from './log.ts';

export interface AuditActor {
  readonly kind: 'person' | 'function' | 'service' | 'unknown';
  readonly id: string;
  readonly address?: string | undefined;
}

/** What was done, as the function that did it knows it. */
export interface AuditFacts {
  readonly actor: AuditActor;
  /** Words with dots, such as `products.create`. */
  readonly action: string;
  readonly subject: { readonly kind: string; readonly id: string } | null;
  readonly outcome: 'succeeded' | 'refused' | 'failed';
  readonly reason?: string | undefined;
  /** SHA-256 of the subject before and after. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly correlationId: string;
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Tells the audit what was done. It never fails: what was done is done. */
export type WriteAudit = (facts: AuditFacts) => Promise<void>;

export interface AuditPublishing {
  readonly system: 'protected-app';
  readonly functionName: string;
  readonly publish: (message: string) => Promise<unknown>;
  readonly now: () => number;
  readonly newId: () => string;
  readonly log: Pick<AppLog, 'error'>;
}

/** Where no audit is deployed. */
export const noAudit: WriteAudit = async () => undefined;

/** A hostile text as a name can hold it: what it must not hold is shown as a question mark. */
const nameOf = (text: string): string => text.slice(0, 256).replace(/[^\x21-\x7e]/g, '?') || '-';

const lineOf = (text: string, most: number): string =>
  text
    .slice(0, most)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim() || '-';

const detailsOf = (details: NonNullable<AuditFacts['details']>) =>
  Object.fromEntries(
    Object.entries(details).map(([key, fact]) => [
      key,
      typeof fact === 'string' ? lineOf(fact, 256) : fact,
    ]),
  );

/** A person whose id is too short to be obfuscated is not told apart from anybody. */
const actorOf = ({ kind, id, address }: AuditActor): AuditActor => {
  const isNobody = kind === 'person' && (id.match(/[0-9A-Za-z]/g)?.length ?? 0) < 4;
  const isAddress = address !== undefined && isIP(address) !== 0 && !address.includes('%');
  return {
    kind: isNobody ? 'unknown' : kind,
    id: isNobody ? '-' : nameOf(id),
    ...(isAddress && { address }),
  };
};

const eventOf = (facts: AuditFacts, publishing: AuditPublishing) => {
  const { actor, subject, reason, correlationId, details, ...rest } = facts;
  return {
    schema: 'cordon-audit/1',
    eventId: publishing.newId(),
    time: new Date(publishing.now()).toISOString(),
    producer: { system: publishing.system, function: publishing.functionName },
    ...rest,
    actor: actorOf(actor),
    subject: subject && { kind: subject.kind, id: nameOf(subject.id) },
    ...(reason !== undefined && { reason: lineOf(reason, 500) }),
    correlationId: nameOf(correlationId),
    ...(details && { details: detailsOf(details) }),
  };
};

/**
 * Publishes each event. One that cannot be published goes to the log as a whole, from where it can
 * be published again: its id is the same, so that it is kept once.
 */
export const auditWriter =
  (publishing: AuditPublishing): WriteAudit =>
  async (facts) => {
    const event = eventOf(facts, publishing);
    try {
      await publishing.publish(JSON.stringify(event));
    } catch (error) {
      publishing.log.error('an audit event was not published', { auditEvent: event, error });
    }
  };

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');
