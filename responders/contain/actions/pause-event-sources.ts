import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { functionsOf } from '../../incident/suspect.ts';
import { mappingsOf } from '../../shared/event-sources.ts';
import { callsTo, type FunctionCall, placeOf, regionOption } from '../../shared/function-place.ts';
import { quoted } from '../../shared/shell.ts';
import type { Responder } from '../responder.ts';

type SavedMapping = { readonly uuid: string; readonly enabled: boolean };

/** AWS has no on/off field: a mapping delivers records in every state but these. */
const offStates = new Set(['Disabled', 'Disabling']);

const sourcesOf = async (to: FunctionCall): Promise<{ uuid: string; state: string }[]> =>
  (await mappingsOf(to)).flatMap(({ UUID, State = '' }) =>
    UUID ? [{ uuid: UUID, state: State }] : [],
  );

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

  targets: functionsOf,

  byHand: (target) => {
    const place = placeOf(target);
    const feeding = `contains(FunctionArn, ':function:${place.functionName}')`;
    const region = regionOption(place);
    return (
      'for id in $(aws lambda list-event-source-mappings --query ' +
      `${quoted(`EventSourceMappings[?${feeding}].UUID`)} --output text${region}); ` +
      `do aws lambda update-event-source-mapping --uuid "$id" --no-enabled${region}; done`
    );
  },

  before: async (target, aws) => ({
    mappings: (await sourcesOf(callsTo(target, aws))).map(({ uuid, state }) => ({
      uuid,
      enabled: !offStates.has(state),
    })),
  }),

  apply: async (target, aws) => {
    const to = callsTo(target, aws);
    const running = (await sourcesOf(to)).filter(({ state }) => !offStates.has(state));
    // In parallel: AWS refuses to update a mapping that is being changed, and this refusal must not
    // keep the other mappings running.
    await Promise.all(
      running.map(({ uuid }) =>
        to.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: false })),
      ),
    );
  },

  holds: async (target, aws) =>
    (await sourcesOf(callsTo(target, aws))).every(({ state }) => state === 'Disabled'),

  undo: async (target, before, aws) => {
    const to = callsTo(target, aws);
    const paused = new Set(
      (await sourcesOf(to)).filter(({ state }) => offStates.has(state)).map(({ uuid }) => uuid),
    );
    for (const { uuid, enabled } of before.mappings)
      if (enabled && paused.has(uuid))
        await to.lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: true }));
  },
};
