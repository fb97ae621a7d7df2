import { type FunctionFacts, type Neighbour, readFunction } from '../decide/function-reads.ts';
import { exemption } from '../decide/never-contain.ts';
import type { Deadlines } from '../decide/suspect-kind.ts';
import { tagsThatDecide } from '../decide/tags.ts';
import { isAboutFunction } from '../finding/stored.ts';
import type { Case } from '../incident/case.ts';
import { type Copy, copiesOf, type FunctionSuspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import { placeOf } from '../shared/function-place.ts';
import { isLike } from '../shared/patterns.ts';
import type { ContainDeps } from './judge.ts';

/** Why none of the copies is contained; `undefined` where each is judged by itself. */
const leavesAll = ({ head, findings }: Case): string | undefined => {
  if (head.drill) return 'a drill contains what it attacks and nothing else';
  if (head.byHand) return 'a person has contained what they named and nothing else';
  if (findings.some(({ raw }) => isAboutFunction(raw)))
    return `the finding is about the function of ${head.finding.region} alone`;
  return head.proposal && 'it was not among the changes that a person has approved';
};

/** Why the ARN of a copy keeps it from being contained. */
const leftByArn = (arn: string, { settings, now }: ContainDeps): string | undefined => {
  const because = exemption({ arns: [arn], account: settings.account }, settings, now());
  if (because) return `never contained: ${because}`;
  return settings.criticalTier.some((pattern) => isLike(pattern, arn))
    ? 'the configuration lists it as critical'
    : undefined;
};

/** A tag on which a decision can depend is a question for a person: nobody was asked about it. */
const leftByTags = (
  { arn, tags }: Pick<FunctionFacts, 'arn' | 'tags'>,
  { settings }: ContainDeps,
): string | undefined => {
  const [tag] = tagsThatDecide({ arns: [arn], tags: [tags] }, settings);
  return tag && `its tag ${tag.key} leaves it to a person`;
};

const judged = async (
  { name, arn }: Neighbour,
  factsMs: number,
  deps: ContainDeps,
): Promise<Copy> => {
  const byArn = leftByArn(arn, deps);
  if (byArn) return { place: name, left: byArn };
  const read = await attempt(factsMs, readFunction(placeOf(name), deps.aws));
  const left = read.ok ? leftByTags(read.value, deps) : `its tags could not be read (${read.why})`;
  return { place: name, ...(left && { left }) };
};

/**
 * Functions of the same name and role in other regions. A session names no region, so where the
 * finding is about a session, it may be theirs: they are contained like the suspect. What was
 * contained stays so.
 */
export const judgedCopies = async (
  suspect: FunctionSuspect,
  neighbours: readonly Neighbour[],
  incident: Case,
  { factsMs }: Deadlines,
  deps: ContainDeps,
): Promise<readonly Copy[]> => {
  const { contained } = copiesOf(suspect);
  const left = leavesAll(incident);
  const copies = await Promise.all(
    neighbours
      .filter(({ name }) => placeOf(name).functionName === suspect.functionName)
      .map(async (neighbour): Promise<Copy> => {
        const { name: place } = neighbour;
        if (contained.includes(place)) return { place };
        return left ? { place, left } : judged(neighbour, factsMs, deps);
      }),
  );
  const gone = contained.filter((place) => !copies.some((copy) => copy.place === place));
  return [...copies, ...gone.map((place) => ({ place }))];
};
