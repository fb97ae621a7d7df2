import type { ServerName, System } from '../../infra/system.ts';
import { systems } from '../../infra/systems.ts';
import { findPostgresql } from '../../local/engine/services/postgresql.ts';
import { findRedis } from '../../local/engine/services/redis.ts';
import type { DoctorCheck, DoctorContext } from './checks.ts';

interface ServerLookup {
  readonly title: string;
  readonly find: (place: DoctorContext) => string | undefined;
}

const servers: Readonly<Record<ServerName, ServerLookup>> = {
  postgresql: { title: 'PostgreSQL', find: findPostgresql },
  redis: { title: 'Redis', find: findRedis },
};

/** What a system needs besides Cordon, and where it is. */
const needsOf = (needs: readonly ServerName[], place: DoctorContext): string =>
  needs
    .map((name) => servers[name])
    .map(({ title, find }) => `${title} (${find(place) ?? 'not here: "cordon up" fetches it'})`)
    .join(', ');

/** One line for each system that can be chosen. */
export const systemChecks = (
  known: readonly Pick<System, 'name' | 'title' | 'needs'>[] = systems,
): readonly DoctorCheck[] =>
  known.map(({ name, title, needs }) => ({
    name: `cordon up --with ${name}`,
    look: (place) => ({
      detail: `${title}; needs ${needs.length === 0 ? 'nothing more' : needsOf(needs, place)}`,
    }),
  }));
