import { type IncomingMessage, Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChatCompletionRequest, type FixtureResponse, LLMock } from '@copilotkit/aimock';
import { isAdmitted, turnAway } from '../door.ts';
import { answerTo } from './answers.ts';

/** A request that the stand-in received. */
export interface OpenAiRequest {
  readonly at: number;
  readonly status: number;
  readonly correlationId: string;
  readonly model: string;
  /** The body of the request. */
  readonly text: string;
}

export interface ModelAnswer {
  readonly answer: string;
  readonly sources: readonly string[];
}

/** What the stand-in does with a request. Each answer states the tokens that it used. */
export type OpenAiReply =
  | ModelAnswer
  /** A text that does not have the requested form. */
  | { readonly text: string }
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly afterMs: number };

/** Chooses the reply to a prompt; `undefined` chooses the default answer. */
export type OpenAiBehaviour = (
  prompt: string,
) => OpenAiReply | undefined | Promise<OpenAiReply | undefined>;

export interface OpenAiStandIn {
  /** The `baseUrl` for the secret of the application. */
  readonly url: string;
  readonly seen: () => readonly OpenAiRequest[];
  /** Sets the behaviour from now on; without an argument, the default. */
  readonly behave: (behaviour?: OpenAiBehaviour) => void;
  readonly stop: () => Promise<void>;
}

const contentOf = ({ messages }: ChatCompletionRequest): string =>
  messages
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');

/** A token is about four characters. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

const completion = (prompt: string, content: string): FixtureResponse => ({
  content,
  usage: { input_tokens: tokensOf(prompt), output_tokens: tokensOf(content) },
});

const replyTo = async (
  prompt: string,
  behaviour: OpenAiBehaviour | undefined,
): Promise<FixtureResponse> => {
  const reply = (await behaviour?.(prompt)) ?? answerTo(prompt);
  if ('status' in reply)
    return {
      error: { message: `the stand-in was told to answer ${reply.status}` },
      status: reply.status,
      retryAfter: reply.retryAfter ?? 0,
    };
  if ('text' in reply) return completion(prompt, reply.text);
  if ('afterMs' in reply) {
    await sleep(reply.afterMs);
    return completion(prompt, JSON.stringify(answerTo(prompt)));
  }
  return completion(prompt, JSON.stringify(reply));
};

const QUESTION_PATHS: ReadonlySet<string> = new Set(['/v1/responses', '/v1/chat/completions']);

/** Whether the application sends such a request; it uses no control pages and no other protocol. */
const isQuestion = (request: IncomingMessage, apiKey: string | undefined): boolean =>
  isAdmitted(request) &&
  request.method === 'POST' &&
  QUESTION_PATHS.has(request.url ?? '') &&
  (apiKey === undefined || request.headers.authorization === `Bearer ${apiKey}`);

/**
 * Puts a check before everything that the server does. The server itself answers every origin, and
 * shows its journal, which quotes customers, to everybody.
 */
const guard = (mock: LLMock, apiKey: string | undefined): void => {
  const { server }: { server?: unknown } = Object(Reflect.get(mock, 'serverInstance'));
  if (!(server instanceof Server)) throw new Error('the stand-in has no server to guard');
  const answerers = server.listeners('request');
  server.removeAllListeners('request').removeAllListeners('upgrade');
  server.on('request', (request, response) => {
    if (!isQuestion(request, apiKey)) return turnAway(response);
    for (const answer of answerers) Reflect.apply(answer, server, [request, response]);
  });
};

/**
 * A server with OpenAI's protocol, so that questions are answered without an API key. It is not a
 * language model: it builds its answers from the records in the prompt.
 */
export const startOpenAi = async ({
  port = 0,
  apiKey,
}: {
  readonly port?: number;
  /** The only key that is answered; without one, every key is. */
  readonly apiKey?: string;
} = {}): Promise<OpenAiStandIn> => {
  let behaviour: OpenAiBehaviour | undefined;
  const server = new LLMock({
    port,
    host: '127.0.0.1',
    logLevel: 'silent',
    journalMaxEntries: 5_000,
  });
  server.on({ predicate: () => true }, (request) => replyTo(contentOf(request), behaviour));
  const url = await server.start();
  guard(server, apiKey);
  return {
    url: `${url}/v1`,
    seen: () =>
      server.getRequests().map(({ timestamp, headers, body, response }) => ({
        at: timestamp,
        status: response.status,
        correlationId: headers['x-client-request-id'] ?? '',
        model: String(body?.model),
        text: JSON.stringify(body),
      })),
    behave: (next) => {
      behaviour = next;
    },
    stop: () => server.stop(),
  };
};
