import { LambdaClient, TagResourceCommand, UntagResourceCommand } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/engine/clients.ts';
import { sleepUntil } from '../../../operator/wait.ts';
import type { CordonUp } from './cordon-up.ts';

const Resource = 'arn:aws:lambda:us-east-1:000000000000:function:canary-culprit';

/**
 * Makes canary-culprit critical for findings after this. A tag counts only if it is older than the
 * activity, and CloudTrail writes whole seconds: so the next second is waited for.
 */
export const makeCritical = async ({ connection }: CordonUp): Promise<void> => {
  const Tags = { 'cordon:tier': 'critical' };
  await new LambdaClient(clientConfig(connection)).send(new TagResourceCommand({ Resource, Tags }));
  await sleepUntil(Math.ceil((Date.now() + 1) / 1000) * 1000);
};

export const makeOrdinary = ({ connection }: CordonUp): Promise<unknown> =>
  new LambdaClient(clientConfig(connection)).send(
    new UntagResourceCommand({ Resource, TagKeys: ['cordon:tier'] }),
  );
