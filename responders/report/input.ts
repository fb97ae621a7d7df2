import type { Responder } from '../contain/responder.ts';
import { type Entry, type Gap, type GapKind, gapKind } from '../evidence/store.ts';
import type { Case, Stage } from '../incident/case.ts';
import { at, isRecord } from '../shared/json.ts';
import type { Mask } from '../shared/redact.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** What a report or letter needs to know of the deployment. */
export interface Place {
  readonly zone: string;
  readonly bucket: string;
  readonly region: string;
  readonly catalog: readonly Responder[];
  readonly mask: Mask;
}

/** The numbers of a report that the next version compares itself with. */
export interface Glance {
  readonly state: string;
  readonly events: number | null;
  readonly horizon: string | null;
  readonly objects: number;
  readonly gaps: number;
  readonly reached: number;
  readonly followed: number;
  readonly leftBehind: number;
  readonly lastAllowed: string | null;
  readonly firstDenied: string | null;
}

export interface ReportInput {
  readonly incident: Case;
  readonly version: 1 | 2;
  readonly place: Place;
  readonly timeline: TimelineRead;
  /**
   * Files of the evidence by their path in the incident's folder, parsed: the role's policies and
   * who else uses it.
   */
  readonly documents: ReadonlyMap<string, unknown>;
  readonly previous: Glance | null;
  readonly now: number;
}

/** The whole timeline, or why there is none. */
export type TimelineRead =
  | { readonly ok: true; readonly timeline: Timeline }
  | { readonly ok: false; readonly why: string };

const lists = ['rows', 'reached', 'followed', 'leftBehind', 'blindSpots', 'asked'] as const;

/** Reads what our own timeline stage has stored; anything else is a reason, never a guess. */
export const readTimeline = (value: unknown): TimelineRead => {
  if (!isRecord(value)) return { ok: false, why: 'the stored timeline is not an object' };
  const missing = lists.find((name) => !Array.isArray(value[name]));
  if (missing) return { ok: false, why: `the stored timeline has no list “${missing}”` };
  if (!isRecord(value.attack) || !isRecord(value.byWhose) || !isRecord(value.window))
    return { ok: false, why: 'the stored timeline is of another version' };
  // Written by responders/timeline, whose type this is; the lists that are walked over have been
  // looked at.
  return { ok: true, timeline: value as unknown as Timeline };
};

const listOf = (stages: readonly Stage[], name: string): unknown[] =>
  stages.flatMap((stage) => (Array.isArray(stage[name]) ? stage[name] : []));

const textAt = (record: unknown, name: string): string => {
  const field = at(record, name) ?? '';
  return String(field);
};

const folderPattern = /^incidents\/\d{4}\/\d\d\/\d\d\/[^/]+\/(?:round-(\d+)\/)?/;

/** The round that a stage has worked for, as its keys tell; nothing where it names none. */
const roundOf = (stage: Stage): number | undefined => {
  const entries = listOf([stage], 'entries').map((entry) => at(entry, 'key'));
  const keys = [stage.prefix, stage.json, stage.html, at(stage, 'manifest.key'), ...entries];
  const folder = keys.map((key) => folderPattern.exec(String(key))).find((match) => match !== null);
  return folder ? Number(folder[1] ?? 1) : undefined;
};

/**
 * An incident that is contained again goes through the same stages: what they wrote for an earlier
 * round says nothing about this one.
 */
export const thisRound = (incident: Case): Case => {
  const { round } = incident.head;
  return {
    ...incident,
    stages: incident.stages.filter((stage) => (roundOf(stage) ?? round) === round),
  };
};

/** Every object that the stages have recorded. */
export const entriesOf = ({
  stages,
}: Case): Pick<Entry, 'key' | 'sha256' | 'bytes' | 'source' | 'taken'>[] =>
  listOf(stages, 'entries')
    .filter(isRecord)
    .map((entry) => ({
      key: textAt(entry, 'key'),
      sha256: textAt(entry, 'sha256'),
      bytes: Number(entry.bytes ?? 0),
      source: textAt(entry, 'source'),
      taken:
        textAt(entry, 'taken') === 'before containment'
          ? 'before containment'
          : 'after containment',
    }));

/** Everything that the evidence lacks, with the reason. */
export const gapsOf = ({ stages }: Case): (Gap & { readonly kind: GapKind })[] =>
  listOf(stages, 'gaps')
    .filter(isRecord)
    .map((gap) => ({
      kind: gapKind(gap),
      collector: textAt(gap, 'collector'),
      what: textAt(gap, 'what'),
      why: textAt(gap, 'why'),
      ...(gap.always === true && { always: true as const }),
    }));

export const stageOf = ({ stages }: Case, name: string): Stage | undefined =>
  stages.find((stage) => stage.name === name);

/** `role/attached/1.json`: what follows the incident's folder, and its round. */
export const pathOf = (key: string): string => key.replace(folderPattern, '');
