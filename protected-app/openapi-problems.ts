import { refTo } from './openapi-schemas.ts';
import type { Route } from './routes.ts';
import { problem } from './schemas/problem.ts';

interface ProblemFacts {
  readonly meaning: string;
  readonly retryAfter?: true;
  /** AWS WAF answers with it too, and WAF cannot send `application/problem+json`. */
  readonly fromFirewall?: true;
}

/** What each status means, on whatever route it is answered. */
const problems: Readonly<Record<number, ProblemFacts>> = {
  400: { meaning: 'The request is malformed or invalid; `errors` names the fields.' },
  401: { meaning: 'No access token, or one that is expired or of another user pool.' },
  403: {
    meaning: 'Signed in, but not allowed; or the firewall refused the request.',
    fromFirewall: true,
    retryAfter: true,
  },
  404: { meaning: 'No record has this id, or it is not yours to see.' },
  409: { meaning: 'The request conflicts with a record that exists.' },
  412: { meaning: 'The record was changed since you read it.' },
  413: { meaning: 'The body has more than 32,768 bytes.', fromFirewall: true },
  415: { meaning: 'The body is not `application/json`.' },
  422: { meaning: 'The body is valid, but cannot be processed with the records that it names.' },
  428: { meaning: '`If-Match` is missing.' },
  429: { meaning: 'Too many requests. Wait as long as `Retry-After` says.', retryAfter: true },
  431: { meaning: 'The request line and the headers have more than 10,240 bytes together.' },
  500: { meaning: 'Internal error. Quote the request id if it persists.' },
  503: {
    meaning: 'Too busy, or this part is stopped. Wait as long as `Retry-After` says.',
    retryAfter: true,
  },
  504: {
    meaning: 'No answer in time. The request may have been processed.',
    retryAfter: true,
  },
};

/** The gateway and the firewall give these on every route. */
const everywhere = [400, 403, 413, 429, 431, 500, 503, 504];

const retryAfter = {
  description: 'Seconds to wait before the next try.',
  schema: { type: 'integer', minimum: 0 },
};

/** `components.responses`: one for each status. */
export const problemResponses = () =>
  Object.fromEntries(
    Object.entries(problems).map(([status, { meaning, retryAfter: waits, fromFirewall }]) => [
      `Problem${status}`,
      {
        description: meaning,
        ...(waits && { headers: { 'Retry-After': retryAfter } }),
        content: {
          'application/problem+json': { schema: refTo(problem) },
          ...(fromFirewall && { 'application/json': { schema: refTo(problem) } }),
        },
      },
    ]),
  );

/** The problems of a route: its own, and those of the gateway and the firewall before it. */
export const problemsOf = ({ audience, body, problems: own }: Route): readonly number[] => {
  const byKind = [...(audience === 'everybody' ? [] : [401]), ...(body ? [415] : [])];
  return [...new Set([...own, ...everywhere, ...byKind])].sort((left, right) => left - right);
};
