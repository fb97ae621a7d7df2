import type { Counted, ReportView } from '../../report-templates/view.ts';
import { keysOf } from '../incident/stage.ts';
import { pathOf, type ReportInput } from './input.ts';

/** Written when the evidence is sealed, after the report. */
const did = 'cordon/what-cordon-did.json';

const timelinePath = ({ timeline, version }: ReportInput): string =>
  `timeline/pass-${timeline.ok ? timeline.timeline.pass : version}.json`;

/**
 * Our own paths have no other letters; what looks otherwise is no path, and no link is made of it.
 */
const isPath = (path: string): boolean =>
  /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/.test(path);

/** The objects in the folder, as far as the stages have said. */
const storedIn = ({ incident }: ReportInput): ReadonlySet<string> =>
  new Set(keysOf(incident.stages).map(pathOf).filter(isPath));

/**
 * Where each part of the report comes from: paths in the incident's folder. What is not there is
 * not named.
 */
export const sources = (input: ReportInput): ReportView['sources'] => {
  const { documents, version, timeline } = input;
  const stored = storedIn(input);
  const here = (...paths: string[]): string[] => paths.filter((path) => stored.has(path));
  const calls = timeline.ok ? here(timelinePath(input)) : [];
  const read = (pattern: RegExp): string[] =>
    here(...[...documents.keys()].filter((path) => pattern.test(path)).slice(0, 12));
  return {
    about: [...here(...[...stored].filter((path) => path.startsWith('findings/'))), did],
    changed: version === 2 ? here('report/v1.json', 'report/v1.html').slice(0, 1) : [],
    contained: [did, ...calls],
    open: [did, ...calls],
    blast: [...read(/^(role\/|function\/resource-policy)/), ...calls],
    reached: calls,
    rotate: [...calls, ...read(/^(role\/(inline|attached)\/|function\/environment-names)/)],
    timeline: [...calls, ...here(timelinePath(input).replace(/json$/, 'csv'))],
    attack: calls,
    evidence: ['manifest.json'],
    clocks: [did],
  };
};

const ofTimeline = (input: ReportInput): Counted[] => {
  if (!input.timeline.ok) return [];
  const { timeline } = input.timeline;
  const path = timelinePath(input);
  const number = (label: string, value: string | number, count: string): Counted => ({
    label,
    value: String(value),
    path,
    count,
  });
  return [
    number('Calls in the timeline', timeline.events, '.events'),
    number('… by the workload', timeline.byWhose.suspect, '.byWhose.suspect'),
    number('… by roles or users it went on to use', timeline.byWhose.followed, '.byWhose.followed'),
    number('… by Cordon', timeline.byWhose.cordon, '.byWhose.cordon'),
    number('Rows, bursts folded', timeline.rows.length, '.rows | length'),
    number('Resources reached', timeline.reached.length, '.reached | length'),
    number('Roles or users it went on to use', timeline.followed.length, '.followed | length'),
    number('Things left behind', timeline.leftBehind.length, '.leftBehind | length'),
    ...(timeline.lastAllowed
      ? [number('Last allowed call', timeline.lastAllowed.at, '.lastAllowed.at')]
      : []),
    ...(timeline.firstDenied
      ? [number('First denied call', timeline.firstDenied.at, '.firstDenied.at')]
      : []),
    ...(timeline.horizon
      ? [number('CloudTrail delivered up to', timeline.horizon, '.horizon')]
      : []),
  ];
};

const ofCase = ({ incident: { head, actions, findings } }: ReportInput): Counted[] => {
  const number = (label: string, value: string | number, count: string): Counted => ({
    label,
    value: String(value),
    path: did,
    count,
  });
  const held = actions.filter(({ outcome }) => outcome === 'contained').length;
  return [
    number('Severity', head.finding.severity, '.head.finding.severity'),
    ...(findings.length > 0
      ? [number('Revisions of the finding', findings.length, '.revisions')]
      : []),
    number('Changes', actions.length, '.actions | length'),
    number('Changes seen to hold', held, '[.actions[] | select(.outcome == "contained")] | length'),
  ];
};

/**
 * Each number that the report rests on, the object that says so, and how it is read from there (in
 * the words of jq).
 */
export const counted = (input: ReportInput): Counted[] => {
  const stored = storedIn(input);
  return [...ofCase(input), ...ofTimeline(input)].filter(
    ({ path }) => path === did || stored.has(path),
  );
};
