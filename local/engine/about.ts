import { field, texts } from './parse.ts';

/** What the engine tells about itself: how far a local run can be believed. */
export interface About {
  readonly corrections: readonly string[];
  readonly notEmulated: readonly string[];
  readonly notProven: readonly string[];
}

/**
 * Asks the adapter which corrections are on, which resources have no service behind them, and what
 * a local run cannot prove.
 */
export const about = async (endpoint: string): Promise<About> => {
  const [corrections, notEmulated, notProven] = await Promise.all(
    ['corrections', 'not-emulated', 'not-proven'].map((name) => ask(endpoint, name)),
  );
  return {
    corrections: list(corrections).map((one) => String(field(one, 'name'))),
    notEmulated: list(notEmulated).map(
      (one) => `${field(one, 'stack')}/${field(one, 'logicalId')} (${field(one, 'type')})`,
    ),
    notProven: texts(notProven),
  };
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const ask = async (endpoint: string, name: string): Promise<unknown> => {
  const answer = await fetch(`${endpoint}/_cordon/${name}`, {
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok)
    throw new Error(
      `the engine's adapter does not answer /_cordon/${name} (HTTP ${answer.status}): was the ` +
        'stock engine started?',
    );
  return answer.json();
};
