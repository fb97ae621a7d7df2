import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import { type AttemptClients, attemptsOn } from '../heartbeat/attempts.ts';
import { type BeatDeps, beat } from '../heartbeat/beat.ts';
import { makeProof } from '../incident/make-proof.ts';
import { BusyError } from '../shared/errors.ts';
import { wantedText } from '../shared/wanted.ts';
import { jsonVariable, serve, settings, table } from './environment.ts';

/** Where the heartbeat sends its finding, and about what. */
interface HeartbeatPlace {
  readonly bus: string;
  readonly proofKey: string;
  readonly role: string;
}

const wantedPlace = (source: unknown, path: string): HeartbeatPlace => ({
  bus: wantedText(source, `${path}.bus`),
  proofKey: wantedText(source, `${path}.proofKey`),
  role: wantedText(source, `${path}.role`),
});

/** Throws a BusyError where the bus has not taken the finding: it may do so in a moment. */
const sendTo = (EventBusName: string): BeatDeps['send'] => {
  const events = new EventBridgeClient({});
  return async (detail) => {
    const { FailedEntryCount = 0, Entries: [answer] = [] } = await events.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName,
            Source: 'cordon.drill',
            DetailType: 'GuardDuty Finding',
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    if (FailedEntryCount > 0)
      throw new BusyError(`the drill bus refused the finding: ${answer?.ErrorCode ?? 'no code'}`);
  };
};

const make = (): BeatDeps => {
  const { bus, proofKey, role } = jsonVariable('CORDON_HEARTBEAT', wantedPlace);
  const { account, region, partition } = settings();
  const kms = new KMSClient({});
  const clients: AttemptClients = {
    // A throttle is an answer here: it says that the canary is paused.
    lambda: new LambdaClient({ maxAttempts: 1 }),
    sts: new STSClient({}),
    lambdaWith: (keys) =>
      new LambdaClient({
        credentials: {
          accessKeyId: keys?.AccessKeyId ?? '',
          secretAccessKey: keys?.SecretAccessKey ?? '',
          sessionToken: keys?.SessionToken ?? '',
        },
      }),
  };
  return {
    table: table(),
    place: { account, region, partition, role },
    attempts: attemptsOn(role, clients),
    prove: (fields) => makeProof(kms, proofKey, { purpose: 'drill', fields, now: Date.now() }),
    send: sendTo(bus),
  };
};

/**
 * `HeartbeatLambda`: makes one step of a heartbeat, which is a drill of a canary of its own. Its
 * state machine waits between the steps.
 */
export const handler = serve(make, (input, deps) => beat(input, deps));
