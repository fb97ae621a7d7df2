import {
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../../shared/aws.ts';
import type { Responder } from '../responder.ts';

type Mapping = { readonly uuid: string; readonly enabled: boolean };

/**
 * AWS has no plain on/off field: a mapping is on unless its state says that it is, or is becoming,
 * disabled.
 */
const off = new Set(['Disabled', 'Disabling']);

const mappings = async (
  name: string,
  { lambda }: Aws,
): Promise<{ uuid: string; state: string }[]> => {
  const found = [];
  for await (const page of paginateListEventSourceMappings(
    { client: lambda },
    { FunctionName: name },
  ))
    for (const { UUID, State = '' } of page.EventSourceMappings ?? [])
      if (UUID) found.push({ uuid: UUID, state: State });
  return found;
};

export const pauseEventSources: Responder<{ readonly mappings: readonly Mapping[] }> = {
  id: 'contain.pause-event-sources',
  title: 'Pause the event sources of the function',
  headline: 'its event sources are paused',
  stops:
    'Queues and streams feeding the function. Their records stay where they are, at the position reached.',
  leavesOpen:
    'Direct invocations, event buses and schedules; those are stopped by pausing the function.',
  calls: {
    contain: [
      { on: 'lambda:*', may: ['ListEventSourceMappings'] },
      { on: 'lambda:event-source-mapping:*', may: ['UpdateEventSourceMapping'] },
    ],
    release: [
      { on: 'lambda:*', may: ['ListEventSourceMappings'] },
      { on: 'lambda:event-source-mapping:*', may: ['UpdateEventSourceMapping'] },
    ],
  },

  targets: (suspect) => (suspect.kind === 'function' ? [suspect.functionName] : []),

  before: async (name, aws) => ({
    mappings: (await mappings(name, aws)).map(({ uuid, state }) => ({
      uuid,
      enabled: !off.has(state),
    })),
  }),

  apply: async (name, aws) => {
    const on = (await mappings(name, aws)).filter(({ state }) => !off.has(state));
    // All at once: one that is just being changed by somebody else must not keep the others
    // running.
    await Promise.all(
      on.map(({ uuid }) =>
        aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false })),
      ),
    );
  },

  holds: async (name, aws) =>
    (await mappings(name, aws)).every(({ state }) => state === 'Disabled'),

  undo: async (name, before, aws) => {
    const paused = new Set(
      (await mappings(name, aws)).filter(({ state }) => off.has(state)).map(({ uuid }) => uuid),
    );
    for (const { uuid, enabled } of before.mappings)
      if (enabled && paused.has(uuid))
        await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
  },
};
