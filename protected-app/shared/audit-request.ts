import type { GatewayEvent } from './api-request.ts';
import { type AuditFacts, sha256Of } from './audit.ts';

/** A request that was answered, as a function of the API sees it. */
export interface AnsweredRequest {
  readonly event: GatewayEvent;
  /** The person, where the token was valid. */
  readonly caller: { readonly sub: string } | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'change',
  PATCH: 'change',
  DELETE: 'remove',
};

/** `PUT /products/{id}` → products.change; every GET reads. */
const actionOf = (method: string, path: string): string => {
  const segments = path.split('/').filter((segment) => segment !== '');
  const words = segments
    .filter((segment) => !segment.startsWith('{'))
    .map((segment) => segment.toLowerCase().replace(/[^a-z0-9-]/g, ''))
    .filter((word) => /^[a-z]/.test(word))
    .slice(0, 3);
  return [...(words.length > 0 ? words : ['route']), verbs[method] ?? 'read'].join('.');
};

const outcomeOf = (status: number): AuditFacts['outcome'] => {
  if (status < 400) return 'succeeded';
  return status < 500 ? 'refused' : 'failed';
};

/** The last part of the address of what was made, or what the path names. */
const subjectIdOf = ({ event, headers }: AnsweredRequest): string | undefined =>
  headers.Location?.split('/').at(-1) ??
  Object.values(event.pathParameters ?? {}).find((value) => value !== undefined);

const detailIn = (body: string): string | undefined => {
  const problem: unknown = JSON.parse(body);
  const isText = typeof problem === 'object' && problem !== null && 'detail' in problem;
  return isText ? String(problem.detail) : undefined;
};

/** What a request was, for the audit: who, what, on what, and how it ended. */
export const factsOfRequest = (answered: AnsweredRequest): AuditFacts => {
  const { event, caller, status, body } = answered;
  const { httpMethod, resource, requestContext } = event;
  const action = actionOf(httpMethod, resource);
  const id = subjectIdOf(answered);
  const isWrite = httpMethod in verbs && status < 400 && body !== '';
  const address = requestContext.identity?.sourceIp;
  return {
    actor: caller
      ? { kind: 'person', id: caller.sub, address }
      : { kind: 'unknown', id: '-', address },
    action,
    subject: id === undefined ? null : { kind: action.split('.')[0] ?? 'route', id },
    outcome: outcomeOf(status),
    ...(status >= 400 && body !== '' && { reason: detailIn(body) }),
    ...(isWrite && { after: sha256Of(body) }),
    correlationId: requestContext.requestId,
    details: { route: `${httpMethod} ${resource}`, status },
  };
};
