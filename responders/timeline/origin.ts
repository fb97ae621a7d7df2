import type { NamedAttacker } from '../shared/attacker.ts';
import type { CallOrigin, TimelineEvent } from './timeline.ts';

/** Addresses and programs that the finding says were the attacker's. */
export interface AttackerSigns {
  readonly addresses: ReadonlySet<string>;
  readonly userAgents: ReadonlySet<string>;
}

export const signsOf = (attacker: NamedAttacker | undefined): AttackerSigns => ({
  addresses: new Set(
    (attacker?.addresses ?? [])
      .filter(({ side }) => side === 'caller')
      .map(({ address }) => address),
  ),
  userAgents: new Set(attacker?.userAgents ?? []),
});

/** AWS's SDKs write it where they run in a function with a runtime of AWS. */
const inLambda = /\bexec-env\/AWS_Lambda_/i;
/** AWS's SDKs and command line, which would write it. */
const sdk = /\b(aws-cli|aws-sdk-[a-z]+|boto3|botocore)\//i;
/** A service of AWS that called for the function. */
const service = /^AWS Internal$|\.amazonaws\.com$/;

const originOf = (
  { sourceIp, userAgent }: TimelineEvent,
  { addresses, userAgents }: AttackerSigns,
  hasRuntime: boolean,
): CallOrigin => {
  if (addresses.has(sourceIp)) return 'attacker';
  if (service.test(sourceIp) || inLambda.test(userAgent)) return 'function';
  if (userAgents.has(userAgent)) return 'attacker';
  return hasRuntime && sdk.test(userAgent) ? 'attacker' : 'unclear';
};

/**
 * Tells the calls of the function from those of the attacker, who uses its session from elsewhere.
 * A call without the name of Lambda's runtime is the attacker's only if the function's own calls
 * have it: a container image or a runtime of its own never writes it.
 */
export const withOrigin = (
  events: readonly TimelineEvent[],
  signs: AttackerSigns,
): readonly TimelineEvent[] => {
  const hasRuntime = events.some(
    ({ whose, userAgent }) => whose === 'suspect' && inLambda.test(userAgent),
  );
  return events.map((event) =>
    event.whose === 'suspect' ? { ...event, origin: originOf(event, signs, hasRuntime) } : event,
  );
};
