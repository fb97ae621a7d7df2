import { randomUUID } from 'node:crypto';
import { auditWriter, noAudit, type WriteAudit } from '../shared/audit.ts';
import { type AnsweredRequest, factsOfRequest } from '../shared/audit-request.ts';
import { createLog } from '../shared/log.ts';
import { auditTopic, variable } from './environment.ts';

/** An answer waits no longer for its audit event, which then goes to the log. */
const mostMs = 2_000;

/** The client is loaded with the first event, and never where no audit is deployed. */
const publisherTo = (TopicArn: string) => {
  const load = async () => {
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    const sns = new SNSClient();
    return (Message: string) =>
      sns.send(new PublishCommand({ TopicArn, Message }), {
        abortSignal: AbortSignal.timeout(mostMs),
      });
  };
  let loaded: ReturnType<typeof load> | undefined;
  return async (message: string) => {
    loaded ??= load();
    return (await loaded)(message);
  };
};

/** How this function tells the audit what it has done. */
export const writeAudit = (): WriteAudit => {
  const topic = auditTopic();
  if (topic === undefined) return noAudit;
  const functionName = variable('APP_FUNCTION');
  return auditWriter({
    system: 'protected-app',
    functionName,
    publish: publisherTo(topic),
    now: Date.now,
    newId: randomUUID,
    log: createLog(functionName, 'audit'),
  });
};

/** What every API function is served with. */
export const apiOptions = () => {
  const audit = writeAudit();
  return {
    origin: variable('APP_ORIGIN'),
    log: (requestId: string) => createLog(variable('APP_FUNCTION'), requestId),
    ...(audit !== noAudit && {
      answered: (request: AnsweredRequest) => audit(factsOfRequest(request)),
    }),
  };
};
