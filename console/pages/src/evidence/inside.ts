import { shownProblem } from '@kit/api/problems.ts';
import { type Ref, ref, shallowRef } from 'vue';
import { ownLink } from '../api/api.ts';
import { type Evidence, openEvidence } from '../api/calls.ts';
import { changesIn, isInside, isListing, type TargetChange } from './changes.ts';
import { listingIn, type PackageListing } from './listing.ts';
import { mostInsideBytes, readInside, type SealedObject } from './read-inside.ts';

/** As many as the API gives links to at once. */
const mostObjects = 100;

export interface Inside {
  readonly custody: number;
  readonly changes: readonly TargetChange[];
  readonly listings: readonly PackageListing[];
  readonly wrong: readonly string[];
  /** Objects that are too many or too large to be read here. */
  readonly left: readonly string[];
}

interface UsedInside {
  readonly inside: Readonly<Ref<Inside | undefined>>;
  readonly isReading: Readonly<Ref<boolean>>;
  /** Why it was refused, or not read to the end. */
  readonly sentence: Readonly<Ref<string>>;
  readonly read: (purpose: string) => Promise<void>;
}

/** The objects that are read, and those that are left. */
export const insideOf = ({
  objects,
}: Pick<Evidence, 'objects'>): { wanted: readonly SealedObject[]; left: readonly string[] } => {
  const inside = objects.filter(({ path }) => isInside(path));
  const wanted = inside.filter(({ bytes }) => bytes <= mostInsideBytes).slice(0, mostObjects);
  return {
    wanted,
    left: inside.flatMap((object) => (wanted.includes(object) ? [] : [object.path])),
  };
};

const fetchLink = (url: string): Promise<Response> =>
  fetch(ownLink(url), { credentials: 'omit', cache: 'no-store', redirect: 'error' });

/** Reads before, after and listings of the evidence, once its reader has said why. */
export const useInside = (id: string, listed: () => Evidence | undefined): UsedInside => {
  const inside = shallowRef<Inside>();
  const [isReading, sentence] = [ref(false), ref('')];
  const read = async (purpose: string): Promise<void> => {
    const evidence = listed();
    if (isReading.value || evidence === undefined) return;
    if (purpose.trim() === '') {
      sentence.value =
        'State why you need to read it. The reason is recorded before anything is read.';
      return;
    }
    [isReading.value, sentence.value] = [true, ''];
    const { wanted, left } = insideOf(evidence);
    try {
      const { custody, links } = await openEvidence(id, {
        ...{ round: evidence.round, purpose: purpose.trim() },
        paths: wanted.map(({ path }) => path),
      });
      const { objects, wrong } = await readInside(wanted, links, fetchLink);
      inside.value = {
        ...{ custody, wrong, left, changes: changesIn(objects) },
        listings: objects.filter(isListing).map(listingIn),
      };
    } catch (error) {
      sentence.value = shownProblem(error).detail;
    } finally {
      isReading.value = false;
    }
  };
  return { inside, isReading, sentence, read };
};
