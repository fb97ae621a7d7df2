/**
 * Stands in for event streams in everything that runs as a Lambda. Several clients bring them along
 * for calls such as InvokeWithResponseStream; nothing here makes such a call, and they would make
 * the function that contains 20 kB bigger.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

/** What a client asks for first when a call sends or answers with a stream of events. */
export const eventStreamSerdeProvider = (): never => {
  throw new Error('event streams are left out of the bundles: infra/shared/no-event-streams.ts');
};
