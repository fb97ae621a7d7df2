import type { Fact } from '../../report-templates/view.ts';
import type { SeenCalls } from '../incident/stage.ts';
import type { AttackerAddress, NamedAttacker } from '../shared/attacker.ts';
import { count, grouped } from '../shared/count.ts';
import type { Show } from './shown.ts';

/** `session orders of role orders-role`, as the finding names it; nothing where it names none. */
export const namedPrincipal = (attacker: NamedAttacker | undefined): string | undefined => {
  if (attacker?.user) return `user ${attacker.user}`;
  if (attacker?.function) return `function ${attacker.function}`;
  if (!attacker?.role) return undefined;
  return attacker.session
    ? `session ${attacker.session} of role ${attacker.role}`
    : `role ${attacker.role}`;
};

/** `198.51.100.23 (Germany, Example Org)` */
const addressText = (
  { address, country, organisation }: Omit<AttackerAddress, 'side'>,
  show: Show,
): string => {
  const owner = [country, organisation].flatMap((name) => (name ? [show(name, 80)] : []));
  return owner.length > 0 ? `${show(address, 100)} (${owner.join(', ')})` : show(address, 100);
};

/** Addresses of one side, those of the finding first, as it knows their owners. */
const addressesText = (
  { attacker, seen }: AttackerFacts,
  side: AttackerAddress['side'],
  show: Show,
): string => {
  const told = (attacker?.addresses ?? []).filter((address) => address.side === side);
  const known = new Set(told.map(({ address }) => address));
  const logged = side === 'caller' ? (seen?.addresses ?? []) : [];
  const others = logged.filter((address) => !known.has(address)).map((address) => ({ address }));
  return [...told, ...others]
    .slice(0, 5)
    .map((address) => addressText(address, show))
    .join('; ');
};

/** `2 reads, 1 denied` */
export const howReached = ({
  reads,
  changes,
  denied,
}: Omit<SeenCalls['reached'][number], 'kind' | 'what'>): string =>
  [
    reads > 0 && count(reads, 'read'),
    changes > 0 && count(changes, 'change'),
    denied > 0 && `${denied} denied`,
  ]
    .filter(Boolean)
    .join(', ');

/** Said instead of *nothing*, until the log can have the calls that read data. */
export const dataEventsUnknown = 'data events not delivered yet: unknown';

/** `orders/payment` of an ARN; the report has the ARN itself. */
export const shortName = (what: string): string =>
  what
    .replace(/^arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:(?:secret|function|role|key|parameter):?)?/, '')
    .replace(/^(table|role|key|parameter)\//, '');

export const reachedText = ({ seen }: AttackerFacts, show: Show): string => {
  if (!seen) return '';
  const { reached, resources, dataEvents } = seen;
  const names = reached.map(
    (resource) =>
      `${resource.kind} ${show(shortName(resource.what), 100)} (${howReached(resource)})`,
  );
  const more = resources - names.length;
  const listed = [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  if (!dataEvents) return listed === '' ? dataEventsUnknown : `${listed}; ${dataEventsUnknown}`;
  return listed === '' ? 'nothing that CloudTrail shows' : listed;
};

const callers: Readonly<Record<SeenCalls['by'][number]['who'], string>> = {
  attacker: 'by the attacker',
  function: 'by the function itself',
  unclear: 'by the attacker or the function (the log does not tell which)',
  followed: 'by roles or users it went on to use',
};

/** What each word of the timeline's column *Who* means. */
export const callerMeanings = {
  attacker:
    'the call came from an address or a program of the finding, or from an SDK outside of ' +
    'Lambda, while the function’s own calls name their runtime',
  function: 'the call names Lambda’s runtime and comes from another address; a name can be forged',
  unclear: 'the log does not tell whether it was the function or the attacker',
  followed: 'a role or user that the session went on to use or made',
  cordon: 'Cordon’s answer',
  platform:
    'a call that AWS makes with the session of each function, to write its log or read its ' +
    'variables; containment leaves it open, so it proves nothing',
} as const;

/** A flood of failed calls must not look like as many that reached something. */
const callsBy = ({ who, calls, failed = 0 }: SeenCalls['by'][number]): string => {
  const vain = failed > 0 ? ` (${failed === calls ? 'all' : grouped(failed)} failed)` : '';
  return `${grouped(calls)} ${callers[who]}${vain}`;
};

const callsText = ({ attacker, seen }: AttackerFacts, show: Show): string => {
  if (seen && seen.by.length > 0) return seen.by.map(callsBy).join(', ');
  if (seen) return 'none in CloudTrail yet';
  const { seen: times, action } = attacker ?? {};
  const named = action ? show(action, 100) : '';
  if (!times) return named;
  return `${count(times, 'time')} by GuardDuty’s count${named && `: ${named}`}`;
};

/** A function is the victim: who attacks is whoever runs code in it. */
const actingPrincipal = (attacker: NamedAttacker | undefined): string | undefined =>
  attacker?.function && !attacker.user
    ? `unknown; runs code in function ${attacker.function}`
    : namedPrincipal(attacker);

const principalText = ({ attacker }: AttackerFacts): string =>
  [actingPrincipal(attacker), attacker?.keyEnd && `access key ending ${attacker.keyEnd}`]
    .filter(Boolean)
    .join(', ');

/** What the finding and the timeline say of the attacker. */
export interface AttackerFacts {
  readonly attacker?: NamedAttacker | undefined;
  readonly seen?: SeenCalls | undefined;
}

const programsText = ({ attacker, seen }: AttackerFacts, show: Show): string =>
  [
    // One SDK names each of its clients: what differs behind the first words tells nobody more.
    ...new Set(
      [...(attacker?.userAgents ?? []), ...(seen?.userAgents ?? [])].map((name) => show(name, 60)),
    ),
  ]
    .slice(0, 3)
    .join('; ');

/** Who, from where, with what, and what was reached. A fact that is not known has no line. */
export const attackerLines = (facts: AttackerFacts, show: Show): readonly Fact[] =>
  [
    { label: 'Attacker', text: principalText(facts) },
    { label: 'From', text: addressesText(facts, 'caller', show) },
    { label: 'Contacted', text: addressesText(facts, 'contacted', show) },
    { label: 'Program', text: programsText(facts, show) },
    { label: 'Reached', text: reachedText(facts, show) },
    { label: 'Calls', text: callsText(facts, show) },
  ].filter(({ text }) => text !== '');

/** Who and from where, in one line; `null` where neither is known. */
export const whoText = (facts: AttackerFacts, show: Show): string | null => {
  const from = addressesText(facts, 'caller', show);
  const contacted = addressesText(facts, 'contacted', show);
  const parts = [
    principalText(facts),
    from && `from ${from}`,
    contacted && `in contact with ${contacted}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
};
