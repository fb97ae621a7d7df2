import { setTimeout as sleep } from 'node:timers/promises';
import { type ChatCompletionRequest, type FixtureResponse, LLMock } from '@copilotkit/aimock';
import { answerTo } from './answers.ts';

/** A request as it arrived: what was asked, and under which id. */
export interface Seen {
  readonly at: number;
  readonly status: number;
  readonly correlationId: string;
  readonly model: string;
  /** Everything that the provider was told, as text. */
  readonly text: string;
}

export interface Written {
  readonly answer: string;
  readonly sources: readonly string[];
}

/** How the stand-in behaves. Whatever it does, its answer comes with the tokens that it cost. */
export type Reply =
  | Written
  /** A text that is no answer in the form that was asked for. */
  | { readonly text: string }
  | { readonly status: number; readonly retryAfter?: number }
  | { readonly afterMs: number };

/** Judges by what it was asked; `undefined`: behave as always. */
export type Behaviour = (asked: string) => Reply | undefined | Promise<Reply | undefined>;

export interface OpenAiStandIn {
  /** What the secret's `baseUrl` has to be. */
  readonly url: string;
  readonly seen: () => readonly Seen[];
  /** From now on; without one, as always. */
  readonly behave: (behaviour?: Behaviour) => void;
  readonly stop: () => Promise<void>;
}

const contentOf = ({ messages }: ChatCompletionRequest): string =>
  messages
    .map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)))
    .join('\n');

/** Four letters are about a token. */
const tokensOf = (text: string): number => Math.ceil(text.length / 4);

const said = (asked: string, content: string): FixtureResponse => ({
  content,
  usage: { input_tokens: tokensOf(asked), output_tokens: tokensOf(content) },
});

const answered = async (
  asked: string,
  behaviour: Behaviour | undefined,
): Promise<FixtureResponse> => {
  const reply = (await behaviour?.(asked)) ?? answerTo(asked);
  if ('status' in reply)
    return {
      error: { message: `the stand-in was told to answer ${reply.status}` },
      status: reply.status,
      retryAfter: reply.retryAfter ?? 0,
    };
  if ('text' in reply) return said(asked, reply.text);
  if ('afterMs' in reply) {
    await sleep(reply.afterMs);
    return said(asked, JSON.stringify(answerTo(asked)));
  }
  return said(asked, JSON.stringify(reply));
};

/**
 * A server that speaks OpenAI's protocol, so that nobody needs a key to see questions answered. It
 * understands no language: it answers from the records that it is shown, as a model that keeps to
 * its rules would.
 */
export const startOpenAi = async ({
  port = 0,
}: {
  readonly port?: number;
} = {}): Promise<OpenAiStandIn> => {
  let behaviour: Behaviour | undefined;
  const server = new LLMock({
    port,
    host: '127.0.0.1',
    logLevel: 'silent',
    journalMaxEntries: 5_000,
  });
  server.on({ predicate: () => true }, (request) => answered(contentOf(request), behaviour));
  const url = await server.start();
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
