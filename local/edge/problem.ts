import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  403: 'Forbidden',
  408: 'Too slow',
  413: 'Too large',
  431: 'Headers too large',
  502: 'The API does not answer',
  504: 'The API takes too long',
};

/** A request that the edge cannot serve, independent of the rules. */
export class EdgeProblem extends Error {
  readonly status: number;

  constructor(status: number, detail: string) {
    super(detail);
    this.name = 'EdgeProblem';
    this.status = status;
  }
}

const safetyHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The problem document (RFC 9457), as the API returns for its own errors. */
const answerOf = ({ status, message }: EdgeProblem) => {
  const requestId = randomUUID();
  const body = JSON.stringify({
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail: message,
    requestId,
  });
  const headers = {
    ...safetyHeaders,
    'content-type': 'application/problem+json',
    'x-amzn-requestid': requestId,
    'content-length': Buffer.byteLength(body),
  };
  return { headers, body };
};

export const sendProblem = (response: ServerResponse, problem: EdgeProblem): void => {
  const { headers, body } = answerOf(problem);
  response.writeHead(problem.status, headers);
  response.end(body);
};

/** The answer as raw HTTP, for a connection whose request could not be parsed. */
export const rawProblem = (problem: EdgeProblem): string => {
  const { headers, body } = answerOf(problem);
  const lines = Object.entries({ ...headers, connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [
    `HTTP/1.1 ${problem.status} ${titles[problem.status] ?? 'Error'}`,
    ...lines,
    '',
    body,
  ].join('\r\n');
};
