import { OpenAI } from 'openai';
import * as z from 'zod';
import type { AiSettings } from './ai-settings.ts';
import { writtenAnswer } from './answer.ts';
import type { Prompt } from './prompt.ts';

/**
 * What became of asking the model. `detail` is for the log: it holds nothing that the provider
 * wrote as text, for that may quote the key.
 */
export type Outcome =
  | {
      readonly kind: 'written';
      readonly text: string;
      readonly tokens: number;
      readonly detail: Detail;
    }
  | {
      readonly kind: 'unusable';
      readonly reason: string;
      readonly tokens: number;
      readonly detail: Detail;
    }
  | { readonly kind: 'unavailable'; readonly afterSeconds: number; readonly detail: Detail };

type Detail = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly prompt: Prompt;
  /** Who asks, in a form that tells the provider nothing but whether it is the same. */
  readonly asker: string;
  readonly correlationId: string;
  /** When we stop waiting, whatever the provider says. */
  readonly signal: AbortSignal;
}

export type AskModel = (asked: Asked) => Promise<Outcome>;

/** What has to be there before a question is taken, so that nothing is lost where it is not. */
export type ReadyModel = () => Promise<AskModel>;

/** Gives the client; `fresh`, where its key was refused. */
export type Provider = (options?: { readonly fresh?: boolean }) => Promise<OpenAI>;

/** A request may take 20 seconds and is sent once more; beyond that the queue has the patience. */
export const patience = { timeout: 20_000, maxRetries: 1 } as const;

/** Only what we read of an answer. */
const response = z.object({
  id: z.string(),
  status: z.string(),
  output_text: z.string().default(''),
  usage: z.object({ total_tokens: z.int().min(0) }),
});

/**
 * What the SDK's `zodTextFormat` makes of the schema, as a test compares; that one brings a second
 * zod along, a ninth of the bundle.
 */
export const format = {
  type: 'json_schema' as const,
  name: 'answer',
  strict: true,
  schema: z.toJSONSchema(writtenAnswer, { target: 'draft-7' }),
};

/**
 * Asks once, by the Responses API: nothing is kept there, nothing but text comes back, in the form
 * that we want.
 */
export const readyModel =
  (
    provider: Provider,
    { model, maxOutputTokens }: Pick<AiSettings, 'model' | 'maxOutputTokens'>,
  ): ReadyModel =>
  async () => {
    const client = await provider();
    return async ({ prompt, asker, correlationId, signal }) => {
      const body = {
        model,
        instructions: prompt.instructions,
        input: prompt.input,
        text: { format },
        store: false,
        max_output_tokens: maxOutputTokens,
        safety_identifier: asker,
      };
      const headers = { 'X-Client-Request-Id': correlationId };
      const outcome = await client.responses.create(body, { signal, headers }).then(
        (answer) => outcomeOf(answer, prompt),
        (error: unknown) => failed(error, prompt),
      );
      if (outcome.kind === 'unavailable' && outcome.detail.status === 401)
        await provider({ fresh: true });
      return outcome;
    };
  };

const outcomeOf = (answer: unknown, prompt: Prompt): Outcome => {
  const read = response.safeParse(answer);
  if (!read.success)
    return unusable(
      'The language model gave an answer that cannot be read. Ask again.',
      prompt.tokens,
      { answer: 'no response' },
    );
  const { id, status, output_text: text, usage } = read.data;
  const detail = { response: id, status };
  if (status === 'incomplete')
    return unusable(
      'The answer became too long. Ask for less at once.',
      usage.total_tokens,
      detail,
    );
  if (status !== 'completed')
    return unusable('The language model gave no answer. Ask again.', usage.total_tokens, detail);
  if (text === '')
    return unusable('The language model declined to answer.', usage.total_tokens, detail);
  return { kind: 'written', text, tokens: usage.total_tokens, detail };
};

const unusable = (reason: string, tokens: number, detail: Detail): Outcome => ({
  kind: 'unusable',
  reason,
  tokens,
  detail,
});

const passing = (status: number | undefined): boolean =>
  status === undefined || [401, 408, 409, 429].includes(status) || status >= 500;

/** The errors themselves all say `Error`. */
const nameOf = (error: unknown): string => {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (error instanceof OpenAI.APIUserAbortError) return 'deadline';
  return error instanceof OpenAI.APIConnectionError ? 'connection' : 'refused';
};

/**
 * What passes is tried again later: no status at all is a connection that failed or a time that ran
 * out; a refused key may have been rotated.
 */
const failed = (error: unknown, prompt: Prompt): Outcome => {
  if (!(error instanceof OpenAI.APIError)) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return unusable(
      'The language model gave an answer that cannot be read. Ask again.',
      prompt.tokens,
      { answer: 'no JSON' },
    );
  }
  const { status, code, requestID, headers } = error;
  const detail = { error: nameOf(error), status, code, providerRequest: requestID };
  if (!passing(status))
    return unusable(
      'The language model refused the question as it was sent. Tell an administrator.',
      0,
      detail,
    );
  return {
    kind: 'unavailable',
    afterSeconds: Number(headers?.get('retry-after') ?? 0) || 0,
    detail,
  };
};
