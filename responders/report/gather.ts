import type { Case } from '../incident/case.ts';
import { entriesOf, reportStage, timelineStage } from '../incident/stage.ts';
import { errorText } from '../shared/errors.ts';
import { pathOf, type ReportInput, readTimeline, type TimelineRead } from './input.ts';

/** Reads one JSON file of the evidence. */
export interface Files {
  readonly read: (key: string) => Promise<unknown>;
}

/**
 * The files that tell what the role could do, who else uses it, what stood in the environment, and
 * who calls the function.
 */
const ofRole = /^role\/((inline|attached)\/\d+|functions)\.json$/;
const ofFunction = /^function\/((versions\/\d+\/)?environment-names|resource-policy)\.json$/;
const ofUser = /^user\/(inline|attached)\/\d+\.json$/;
/** What every further suspect could read, and what stood in its environment: all is rotated. */
const ofFurther = [
  /^suspects\/\d+\/(role|user)\/(inline|attached)\/\d+\.json$/,
  /^suspects\/\d+\/function\/(versions\/\d+\/)?environment-names\.json$/,
];
const isWanted = (path: string): boolean =>
  [ofRole, ofFunction, ofUser, ...ofFurther].some((pattern) => pattern.test(path));
const most = 40;
const largest = 1_000_000;

const timelineOf = async (
  incident: Case,
  version: 1 | 2,
  { read }: Files,
): Promise<TimelineRead> => {
  const failed = incident.stages.find(
    ({ name, status }) => name === `timeline${version}` && status === 'failed',
  );
  if (failed)
    return { ok: false, why: `the timeline stage failed (${failed.error ?? 'no reason given'})` };
  const stage = timelineStage(incident.stages, version);
  if (!stage) return { ok: false, why: 'the timeline stage has not run' };
  if (stage.status === 'skipped') return { ok: false, why: `skipped, ${stage.why}` };
  if (stage.json === null) return { ok: false, why: 'the timeline stage has stored nothing' };
  try {
    return readTimeline(await read(stage.json));
  } catch (error) {
    return { ok: false, why: `the stored timeline could not be read (${errorText(error)})` };
  }
};

/** A second pass that came to nothing must not hide what the first one saw. */
const bestTimeline = async (
  incident: Case,
  version: 1 | 2,
  files: Files,
): Promise<TimelineRead> => {
  const own = await timelineOf(incident, version, files);
  if (own.ok || version === 1) return own;
  const earlier = await timelineOf(incident, 1, files);
  return earlier.ok
    ? { ok: true, timeline: { ...earlier.timeline, provisional: true, pending: own.why } }
    : own;
};

const documentsOf = async (
  incident: Case,
  { read }: Files,
): Promise<ReadonlyMap<string, unknown>> => {
  const entries = entriesOf(incident.stages)
    .map(({ insteadOf, ...entry }) => ({ path: insteadOf ?? pathOf(entry.key), ...entry }))
    .filter(({ path }) => isWanted(path));
  const files = entries.map(async ({ path, key, bytes }, index): Promise<[string, unknown]> => {
    // A file that is not or cannot be read is there and says nothing: the report names it.
    const fits = index < most && bytes < largest;
    return [path, fits ? await read(key).catch(() => null) : null];
  });
  return new Map(await Promise.all(files));
};

/**
 * Everything that a report needs besides the case. What cannot be read becomes a sentence of the
 * report, never a failure.
 */
export const gather = async (
  incident: Case,
  version: 1 | 2,
  files: Files,
): Promise<Pick<ReportInput, 'timeline' | 'documents' | 'previous'>> => {
  const [timeline, documents] = await Promise.all([
    bestTimeline(incident, version, files),
    documentsOf(incident, files),
  ]);
  return {
    timeline,
    documents,
    previous: version === 2 ? (reportStage(incident.stages, 1)?.numbers ?? null) : null,
  };
};
