/**
 * How long each read before a decision may take. A busy read is retried, so the first tries are
 * short; the last try waits longer, because a person would be asked without its answer.
 */
export const readMs = (isLastTry: boolean): number => (isLastTry ? 8_000 : 2_000);
