import type { Responder } from '../../responders/contain/responder.ts';
import type { Collector } from '../../responders/evidence/collector.ts';
import type { FunctionSpec } from '../../responders/functions.ts';
import type { Grant } from '../../responders/shared/grant.ts';

const when = ({ when }: Grant): string =>
  when
    ? `, only when ${Object.entries(when)
        .map(([operator, keys]) =>
          Object.entries(keys)
            .map(([key, value]) => `\`${key}\` ${operator} \`${[value].flat().join(', ')}\``)
            .join(' and '),
        )
        .join(' and ')}`
    : '';

const grantLine = (grant: Grant): string =>
  `${grant.may.join(', ')} on \`${grant.on}\`${when(grant)}`;

const responder = ({ id, title, stops, leavesOpen, calls }: Responder): string =>
  [
    `### ${title}`,
    '',
    `\`${id}\``,
    '',
    `- **Stops:** ${stops}`,
    `- **Leaves open:** ${leavesOpen}`,
    ...calls.contain.map((grant) => `- To contain it may call ${grantLine(grant)}`),
    ...calls.release.map((grant) => `- To release it may call ${grantLine(grant)}`),
  ].join('\n');

export const responders = (catalog: readonly Responder[]): string =>
  catalog.map(responder).join('\n\n');

const nothingCalled = 'nothing: it is already in the case table';

export const collectors = (list: readonly Collector[]): string =>
  [
    '| Collector | Stores | May call |',
    '|---|---|---|',
    ...list.map(
      ({ id, title, calls }) =>
        `| \`${id}\` | ${title} | ${calls.map(grantLine).join('<br>') || nothingCalled} |`,
    ),
  ].join('\n');

/** Each function with everything it may call: what a platform engineer reads before deploying. */
export const permissions = (functions: readonly FunctionSpec[]): string =>
  functions
    .map(({ name, title, memoryMb, timeoutSeconds, reserved, calls, only }) =>
      [
        `### ${name}`,
        '',
        `${title}. ${memoryMb} MB, ${timeoutSeconds} s, at most ${reserved} at once.` +
          (only ? ` Deployed with the option \`channels.${only}\` only.` : ''),
        '',
        ...new Set(calls.map((grant) => `- ${grantLine(grant)}`)),
      ].join('\n'),
    )
    .join('\n\n');
