import { findPostgresql } from '../../local/engine/services/postgresql.ts';
import { findRedis } from '../../local/engine/services/redis.ts';
import type { CheckOutcome, DoctorCheck } from './checks.ts';

/** No stack of Cordon itself needs a server, so a missing one is no failure. */
const outcomeOf = (present: string | undefined, fetched: string): CheckOutcome => ({
  detail:
    present ??
    `not here, and only stacks with such resources need it: "cordon up" then fetches it ` +
      `(${fetched}), or uses that of the system`,
});

const postgresql: DoctorCheck = {
  name: 'PostgreSQL, for RDS and Aurora',
  look: (place) => outcomeOf(findPostgresql(place), 'with npm, 23 MB'),
};

const redis: DoctorCheck = {
  name: 'Redis, for ElastiCache',
  look: (place) => outcomeOf(findRedis(place), 'with pip, 6 MB, on Linux with x86-64'),
};

/** The servers behind services that only some stacks use. */
export const serviceChecks: readonly DoctorCheck[] = [postgresql, redis];
