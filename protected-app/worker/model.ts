import { OpenAI } from 'openai';
import * as z from 'zod';
import type { AiSettings } from './ai-settings.ts';
import { writtenAnswer } from './answer.ts';
import type { Prompt } from './prompt.ts';

/**
 * The outcome of a call to the model. `detail` is for the log: it holds no text of the provider,
 * which may quote the key.
 */
export type ModelOutcome =
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

export interface ModelRequest {
  readonly prompt: Prompt;
  /** A pseudonym of the asker: it tells the provider only whether two askers are the same. */
  readonly asker: string;
  readonly correlationId: string;
  /** Aborts the call. */
  readonly signal: AbortSignal;
}

export type AskModel = (request: ModelRequest) => Promise<ModelOutcome>;

/** Makes the client before a question is claimed, so that a missing secret costs nothing. */
export type PrepareModel = () => Promise<AskModel>;

/** Answers with the client of a provider; `fresh` after its key was refused. */
export type ModelProvider = (options?: { readonly fresh?: boolean }) => Promise<OpenAI>;

/** A request may take 20 seconds and is retried once; the queue does the longer retries. */
export const requestLimits = { timeout: 20_000, maxRetries: 1 } as const;

/** The fields of an answer that are read here. */
const responseSchema = z.object({
  id: z.string(),
  status: z.string(),
  output_text: z.string().default(''),
  usage: z.object({ total_tokens: z.int().min(0) }),
});

/**
 * Equal to what the SDK's `zodTextFormat` makes, as a test compares. That function would add a
 * second zod to the bundle, a ninth of its size.
 */
export const answerFormat = {
  type: 'json_schema' as const,
  name: 'answer',
  strict: true,
  schema: z.toJSONSchema(writtenAnswer, { target: 'draft-7' }),
};

/** Asks the Responses API once. Nothing is stored there, and the answer is JSON of a fixed form. */
export const prepareModel =
  (
    provider: ModelProvider,
    { model, maxOutputTokens }: Pick<AiSettings, 'model' | 'maxOutputTokens'>,
  ): PrepareModel =>
  async () => {
    const client = await provider();
    return async ({ prompt, asker, correlationId, signal }) => {
      const body = {
        model,
        instructions: prompt.instructions,
        input: prompt.input,
        text: { format: answerFormat },
        store: false,
        max_output_tokens: maxOutputTokens,
        safety_identifier: asker,
      };
      const headers = { 'X-Client-Request-Id': correlationId };
      const outcome = await client.responses.create(body, { signal, headers }).then(
        (answer) => outcomeOfAnswer(answer, prompt),
        (error: unknown) => outcomeOfError(error, prompt),
      );
      if (outcome.kind === 'unavailable' && outcome.detail.status === 401)
        await provider({ fresh: true });
      return outcome;
    };
  };

const wrongFormat = 'The answer of the language model had the wrong format. Ask again.';
const rejectedReason =
  'The provider of the language model rejected the request. ' +
  'Tell an administrator, and quote the id of the question.';

const outcomeOfAnswer = (answer: unknown, prompt: Prompt): ModelOutcome => {
  const parsed = responseSchema.safeParse(answer);
  if (!parsed.success)
    return unusableOutcome(wrongFormat, prompt.tokens, { answer: 'no response' });
  const { id, status, output_text: text, usage } = parsed.data;
  const detail = { response: id, status };
  if (status === 'incomplete')
    return unusableOutcome(
      'The answer became longer than allowed. Ask for less at once.',
      usage.total_tokens,
      detail,
    );
  if (status !== 'completed')
    return unusableOutcome(
      'The language model gave no answer. Ask again.',
      usage.total_tokens,
      detail,
    );
  if (text === '')
    return unusableOutcome('The language model declined to answer.', usage.total_tokens, detail);
  return { kind: 'written', text, tokens: usage.total_tokens, detail };
};

const unusableOutcome = (reason: string, tokens: number, detail: Detail): ModelOutcome => ({
  kind: 'unusable',
  reason,
  tokens,
  detail,
});

const isTransient = (status: number | undefined): boolean =>
  status === undefined || [401, 408, 409, 429].includes(status) || status >= 500;

/** The SDK's errors all have the name `Error`. */
const kindOfError = (error: unknown): string => {
  if (error instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (error instanceof OpenAI.APIUserAbortError) return 'deadline';
  return error instanceof OpenAI.APIConnectionError ? 'connection' : 'refused';
};

/**
 * A transient error is retried later. No status means a failed connection or a timeout; a refused
 * key may have been rotated.
 */
const outcomeOfError = (error: unknown, prompt: Prompt): ModelOutcome => {
  if (!(error instanceof OpenAI.APIError)) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return unusableOutcome(wrongFormat, prompt.tokens, { answer: 'no JSON' });
  }
  const { status, code, requestID, headers } = error;
  const detail = { error: kindOfError(error), status, code, providerRequest: requestID };
  if (!isTransient(status)) return unusableOutcome(rejectedReason, 0, detail);
  return {
    kind: 'unavailable',
    afterSeconds: Number(headers?.get('retry-after') ?? 0) || 0,
    detail,
  };
};
