import sentences from './finding-advice.json' with { type: 'json' };
import { closestFirst } from './finding-types.ts';
import { remediationPage } from './remediation-page.ts';

/** What people read about a finding type. The functions that contain do not need it. */
export interface FindingAdvice {
  /** What AWS recommends. */
  readonly advice: string;
  /** Where AWS says it. */
  readonly page: string;
  /** What Cordon leaves open. */
  readonly open: string;
}

/** The sentences for a finding type: its own, else those of its family. */
export const adviceOf = (type: string): FindingAdvice => {
  const [family] = closestFirst(type, sentences.families, (row) => row.family);
  if (!family) throw new Error('the advice on finding types has no family *');
  const exception = sentences.exceptions.find((row) => row.type === type);
  const { advice, open } = { ...family, ...exception };
  return { advice, page: remediationPage(type), open };
};
