import type { Responder } from '../contain/responder.ts';
import type { Case } from '../incident/case.ts';
import type { ReportNumbers } from '../incident/stage.ts';
import { isRecord } from '../shared/json.ts';
import type { Mask } from '../shared/redact.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { CommandScope } from './words.ts';

/** What a report or letter needs to know of the deployment. */
export interface ReportSettings extends CommandScope {
  readonly zone: string;
  readonly bucket: string;
  readonly region: string;
  readonly catalog: readonly Responder[];
  readonly mask: Mask;
}

export interface ReportInput {
  readonly incident: Case;
  readonly version: 1 | 2;
  readonly place: ReportSettings;
  readonly timeline: TimelineRead;
  /**
   * Files of the evidence by their path in the incident's folder, parsed: the role's policies and
   * who else uses it.
   */
  readonly documents: ReadonlyMap<string, unknown>;
  readonly previous: ReportNumbers | null;
  readonly now: number;
}

/** The whole timeline, or why there is none. */
export type TimelineRead =
  | { readonly ok: true; readonly timeline: Timeline }
  | { readonly ok: false; readonly why: string };

const lists = ['rows', 'reached', 'followed', 'leftBehind', 'blindSpots', 'asked'] as const;

/** Written by responders/timeline, whose type this is: what the report walks over is looked at. */
const isTimeline = (stored: Readonly<Record<string, unknown>>): stored is RecordOf<Timeline> =>
  lists.every((name) => Array.isArray(stored[name])) &&
  isRecord(stored.attack) &&
  isRecord(stored.byWhose) &&
  isRecord(stored.window);
type RecordOf<T> = T & Readonly<Record<string, unknown>>;

/** Reads what our own timeline stage has stored; anything else is a reason, never a guess. */
export const readTimeline = (stored: unknown): TimelineRead => {
  if (!isRecord(stored)) return { ok: false, why: 'the stored timeline is not an object' };
  if (isTimeline(stored)) return { ok: true, timeline: stored };
  const missing = lists.find((name) => !Array.isArray(stored[name]));
  const why = missing
    ? `the stored timeline has no list “${missing}”`
    : 'the stored timeline is of another version';
  return { ok: false, why };
};

const folderPattern = /^incidents\/\d{4}\/\d\d\/\d\d\/[^/]+\/(?:round-\d+\/)?/;

/** `role/attached/1.json`: what follows the incident's folder, and its round. */
export const pathOf = (key: string): string => key.replace(folderPattern, '');
