import type { Case } from '../incident/case.ts';
import { foreignGaps, type Gap } from '../incident/evidence.ts';
import { entriesOf, gapsOf, type Stage } from '../incident/stage.ts';
import { type CollectDeps, collectAll } from './collecting.ts';
import type { Collector } from './collector.ts';
import { type SealDeps, type Sealed, seal } from './seal.ts';
import { sealedBefore } from './sealed-before.ts';
import { stamp } from './timestamp.ts';

/** A stage that failed has left something out, too. */
const failures = (stages: readonly Stage[]): Gap[] =>
  stages
    .filter(({ status }) => status === 'failed')
    .map(({ name, error = 'no reason was recorded' }) => ({
      what: `everything that the stage ${name} makes`,
      why: `the stage failed: ${error}`,
    }));

/** Sealed is sealed: without its time stamp, too. */
export const witnessed = async (
  sealed: Sealed,
  { to, authority }: Pick<SealDeps, 'to' | 'authority'>,
): Promise<Sealed> => {
  if (!authority) return sealed;
  const timestamp = await stamp(to, sealed.manifest, authority);
  const gap =
    timestamp.status === 'failed'
      ? [{ what: 'time stamp of the manifest', why: timestamp.why }]
      : [];
  return { ...sealed, timestamp, gaps: [...sealed.gaps, ...gap] };
};

/** What is complete only now is collected, then the round is sealed. */
export const collectAndSeal = async (
  incident: Case,
  collectors: readonly Collector[],
  deps: CollectDeps & SealDeps,
): Promise<Sealed> => {
  const before = await sealedBefore(incident, deps);
  // After the manifest nothing may be stored in the folder.
  if (before) return witnessed(before, deps);
  const late = await collectAll(
    incident,
    collectors.filter(({ when }) => when === 'sealing'),
    deps,
  );
  const stages = incident.stages.filter(({ name }) => name !== 'manifest');
  const entries = [...entriesOf(stages), ...late.entries];
  const gaps = [...gapsOf(stages), ...failures(stages), ...late.gaps, ...foreignGaps(late.entries)];
  const sealed = await witnessed(await seal(incident, entries, gaps, deps), deps);
  return { ...sealed, entries: [...late.entries, ...sealed.entries] };
};
