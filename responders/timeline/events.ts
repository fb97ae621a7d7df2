import { techniquesOf } from './attack.ts';
import { type Call, textsIn } from './call.ts';
import { type AttackerSigns, signsOf, withOrigin } from './origin.ts';
import { marked, phaseOf, type Turns } from './phases.ts';
import { resourcesOf } from './resources.ts';
import type { TimelineEvent, Whose } from './timeline.ts';
import { type WantedCallers, whoseIs } from './who.ts';

export interface IncidentScope {
  readonly turns: Turns;
  /**
   * What this incident is about: Cordon answers several at once, and only its calls about these are
   * rows of this one.
   */
  readonly about: ReadonlySet<string>;
  /** What the finding says of the attacker; without it only the log tells. */
  readonly signs?: AttackerSigns;
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1)}…` : text;

const parametersOf = ({ parameters }: Call): string =>
  parameters === undefined || parameters === null ? '' : cut(JSON.stringify(parameters), 300);

/** Cordon answers: what it does in the very second in which it begins is not part of the attack. */
const phaseFor = ({ at }: Call, whose: Whose, turns: Turns) => {
  const phase = phaseOf(at, turns);
  return whose === 'cordon' && phase !== 'after' ? 'response' : phase;
};

/** A call as a row. Whatever the attacker wrote stays as it is, only shorter. */
export const eventOf = (call: Call, whose: Whose, turns: Turns): TimelineEvent => ({
  at: call.at,
  id: call.id,
  whose,
  actor: call.caller.arn,
  key: call.caller.key,
  account: call.account,
  region: call.region,
  action: `${call.service}:${call.name}`,
  reads: call.reads,
  resources: resourcesOf(call).map((resource) => cut(resource, 200)),
  parameters: parametersOf(call),
  sourceIp: cut(call.sourceIp, 100),
  userAgent: cut(call.userAgent, 200),
  outcome: call.error || 'allowed',
  phase: phaseFor(call, whose, turns),
  techniques: whose === 'cordon' || whose === 'platform' ? [] : techniquesOf(call),
  ...(call.counted && { count: call.counted.calls, until: call.counted.last }),
});

const concerns = (call: Call, about: ReadonlySet<string>): boolean =>
  !call.reads && [...textsIn(call.parameters), ...call.arns].some((text) => about.has(text));

/** The rows of an incident, out of whatever was found: in order, each call once, nobody else's. */
export const eventsOf = (
  calls: readonly Call[],
  wanted: WantedCallers,
  { turns, about, signs }: IncidentScope,
): readonly TimelineEvent[] =>
  withOrigin(
    marked(
      calls.flatMap((call) => {
        const whose = whoseIs(call, wanted);
        if (!whose || (whose === 'cordon' && !concerns(call, about))) return [];
        return [eventOf(call, whose, turns)];
      }),
      turns,
    ),
    signs ?? signsOf(undefined),
  );
