import { firstSeenIn } from './stored.ts';

/** What an incident knows about the times of its activity. */
interface Seen {
  readonly head: {
    readonly openedAt: string;
    readonly clocks: { readonly activity: number | null };
  };
  readonly findings: readonly { readonly raw: string }[];
}

/**
 * When the activity began, as the finding says; `null` where it does not. A finding that names a
 * time to come is not believed.
 */
export const beganAt = ({ head, findings }: Seen): number | null => {
  const opened = Date.parse(head.openedAt);
  const said = [...findings.map(({ raw }) => firstSeenIn(raw)), head.clocks.activity ?? Number.NaN];
  const times = said.filter((ms) => !Number.isNaN(ms) && ms <= opened);
  return times.length > 0 ? Math.min(...times) : null;
};
