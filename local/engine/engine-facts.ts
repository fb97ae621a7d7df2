import type { KeyedEngine } from './clients.ts';
import { field, texts } from './parse.ts';
import { signedGet } from './signed-request.ts';

/** The limits of a local run, as the adapter states them. */
export interface EngineFacts {
  readonly corrections: readonly string[];
  readonly notEmulated: readonly string[];
  readonly notProven: readonly string[];
}

/**
 * Asks the adapter which corrections are on, which resources have no service behind them, and what
 * a local run cannot prove.
 */
export const engineFacts = async (engine: KeyedEngine): Promise<EngineFacts> => {
  const [corrections, notEmulated, notProven] = await Promise.all(
    ['corrections', 'not-emulated', 'not-proven'].map((name) => ask(engine, name)),
  );
  return {
    corrections: list(corrections).map((correction) => String(field(correction, 'name'))),
    notEmulated: list(notEmulated).map(
      (resource) =>
        `${field(resource, 'stack')}/${field(resource, 'logicalId')} (${field(resource, 'type')})`,
    ),
    notProven: texts(notProven),
  };
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ask = async (engine: KeyedEngine, name: string): Promise<unknown> => {
  const answer = await signedGet(engine, `/_cordon/${name}`, AbortSignal.timeout(10_000));
  if (!answer.ok)
    throw new Error(
      `the engine's adapter does not answer /_cordon/${name} (HTTP ${answer.status}): was the ` +
        'stock engine started?',
    );
  return answer.json();
};
