import { type AuthorizerAnswer, type AuthorizerEvent, authorize } from '../api/authorize.ts';
import type { AuditFacts } from '../shared/audit.ts';
import { writeAudit } from './audit.ts';
import { userPool } from './user-pool.ts';

const decide = authorize(userPool());
const audit = writeAudit();

/** arn:…:<api>/<stage>/<method>/<path>: what the question is about. */
const factsOf = ({
  methodArn,
}: AuthorizerEvent): Pick<AuditFacts, 'action' | 'subject' | 'correlationId'> => ({
  action: 'api.authorize',
  subject: { kind: 'method', id: methodArn.split(':').at(-1) ?? methodArn },
  correlationId: methodArn,
});

export const handler = async (event: AuthorizerEvent): Promise<AuthorizerAnswer> => {
  try {
    const answer = await decide(event);
    const isAllowed = answer.policyDocument.Statement[0].Effect === 'Allow';
    await audit({
      ...factsOf(event),
      actor: { kind: 'person', id: answer.principalId },
      outcome: isAllowed ? 'succeeded' : 'refused',
    });
    return answer;
  } catch (error) {
    await audit({
      ...factsOf(event),
      actor: { kind: 'unknown', id: '-' },
      outcome: 'refused',
      reason: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
};
