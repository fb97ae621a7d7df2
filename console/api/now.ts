import { type ConsoleRequest, requireGroup } from './caller.ts';
import { type IncidentPage, incidentPage, type ShownIncident } from './incident-list.ts';
import { everybody, type ReadDeps } from './read-deps.ts';

/** What a person can be needed for, the most urgent first, and the states that mean it. */
const needs = {
  decide: ['awaiting-approval', 'unanswered'],
  actByHand: ['partial', 'not-contained', 'forged'],
  contested: ['contested'],
  holding: ['open', 'contained'],
} as const;

/** A page is for one look: the lists have the rest. */
const mostOfEach = 50;

interface Needed {
  readonly incidents: readonly ShownIncident[];
  /** There are more than these: the list of incidents has them. */
  readonly more: boolean;
}

const neededIn = ({ items, cursor }: IncidentPage): Needed => ({
  incidents: items,
  more: cursor !== null,
});

/** `GET /now`: what needs a person, drills among it, because they wait for one too. */
export const now = (deps: ReadDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const read = async (need: keyof typeof needs): Promise<Needed> =>
    neededIn(
      await incidentPage({ states: needs[need], drills: 'show' }, { limit: mostOfEach }, deps),
    );
  const [decide, actByHand, contested, holding] = await Promise.all([
    read('decide'),
    read('actByHand'),
    read('contested'),
    read('holding'),
  ]);
  return { status: 200, body: { at: deps.now(), decide, actByHand, contested, holding } };
};
