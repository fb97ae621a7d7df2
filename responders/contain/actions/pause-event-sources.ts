import {
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from '../../shared/aws.ts';
import { quoted } from '../../shared/shell.ts';
import type { Responder } from '../responder.ts';

type SavedMapping = { readonly uuid: string; readonly enabled: boolean };

/** AWS has no on/off field: a mapping delivers records in every state but these. */
const offStates = new Set(['Disabled', 'Disabling']);

const mappingsOf = async (
  name: string,
  { lambda }: Aws,
): Promise<{ uuid: string; state: string }[]> => {
  const mappings = [];
  for await (const page of paginateListEventSourceMappings(
    { client: lambda },
    { FunctionName: name },
  ))
    for (const { UUID, State = '' } of page.EventSourceMappings ?? [])
      if (UUID) mappings.push({ uuid: UUID, state: State });
  return mappings;
};

export const pauseEventSources: Responder<{ readonly mappings: readonly SavedMapping[] }> = {
  id: 'contain.pause-event-sources',
  title: 'Pause the event sources of the function',
  headline: 'its event sources are paused',
  stops:
    'Queues and streams feeding the function. ' +
    'Their records stay where they are, at the position reached.',
  leavesOpen:
    'Direct invocations, event buses and schedules; those are stopped by pausing the function.',
  leavesOpenWith: { responders: ['contain.pause-function'], leavesOpen: '' },
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

  byHand: (name) =>
    `for id in $(aws lambda list-event-source-mappings --function-name ${quoted(name)} ` +
    "--query 'EventSourceMappings[].UUID' --output text); " +
    'do aws lambda update-event-source-mapping --uuid "$id" --no-enabled; done',

  before: async (name, aws) => ({
    mappings: (await mappingsOf(name, aws)).map(({ uuid, state }) => ({
      uuid,
      enabled: !offStates.has(state),
    })),
  }),

  apply: async (name, aws) => {
    const running = (await mappingsOf(name, aws)).filter(({ state }) => !offStates.has(state));
    // In parallel: AWS refuses to update a mapping that is being changed, and this refusal must not
    // keep the other mappings running.
    await Promise.all(
      running.map(({ uuid }) =>
        aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false })),
      ),
    );
  },

  holds: async (name, aws) =>
    (await mappingsOf(name, aws)).every(({ state }) => state === 'Disabled'),

  undo: async (name, before, aws) => {
    const paused = new Set(
      (await mappingsOf(name, aws))
        .filter(({ state }) => offStates.has(state))
        .map(({ uuid }) => uuid),
    );
    for (const { uuid, enabled } of before.mappings)
      if (enabled && paused.has(uuid))
        await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
  },
};
