import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { at } from '../responders/shared/json.ts';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';
import type { Bucket, Folder } from './evidence-bucket.ts';
import { output } from './place.ts';

/**
 * Records who reads evidence and why, before it is read, and returns the number of the entry. The
 * caller reads nothing when this throws.
 */
export const writeCustody = async (
  { place, kind }: Bucket,
  { incident, round }: Folder,
  access: { readonly what: 'read' | 'export'; readonly purpose: string; readonly objects: number },
): Promise<number> => {
  // The entry names the person and not the auditor's role, which several people take.
  const { Arn: who } = await new STSClient(await place.config('operator')).send(
    new GetCallerIdentityCommand({}),
  );
  const lambda = new LambdaClient(await place.config('auditor'));
  const name = output(place, 'CordonResponse', 'CustodyFunctionName');
  return appendCustody(lambda, name, { incidentId: incident, kind, round, who, ...access });
};

/** Has the function write an entry, whoever asks. */
export const appendCustody = async (
  lambda: LambdaClient,
  FunctionName: string,
  access: object,
): Promise<number> => {
  const { FunctionError, Payload = new Uint8Array() } = await lambda.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(access) }),
  );
  const answer: unknown = JSON.parse(new TextDecoder().decode(Payload));
  const sequence = at(answer, 'sequence');
  if (FunctionError === undefined && typeof sequence === 'number') return sequence;
  throw new CordonError(
    'nothing was read, because the custody entry could not be written: ' +
      printable(String(at(answer, 'errorMessage')), 300),
  );
};
