import { at } from '../shared/json.ts';
import { wantedNumber, wantedText } from '../shared/wanted.ts';

/** From which severity something is done; `never` where it is not done at all. */
export type Threshold = number | 'never';

/** What the configuration says about a finding type, or about a family of them. */
export interface TypeOverride {
  /** A finding type, with `*` as wildcard. */
  readonly type: string;
  readonly contain?: Threshold | undefined;
  readonly ask?: Threshold | undefined;
  readonly tell?: number | undefined;
}

const thresholdAt = (source: unknown, path: string): Threshold | undefined => {
  const threshold = at(source, path);
  if (threshold === undefined || threshold === 'never') return threshold;
  return wantedNumber(source, path);
};

/** Reads an override; an EdgeError names the field that is wrong. */
export const overrideOf = (source: unknown): TypeOverride => {
  const [contain, ask] = [thresholdAt(source, 'contain'), thresholdAt(source, 'ask')];
  return {
    type: wantedText(source, 'type'),
    ...(contain !== undefined && { contain }),
    ...(ask !== undefined && { ask }),
    ...(at(source, 'tell') !== undefined && { tell: wantedNumber(source, 'tell') }),
  };
};
