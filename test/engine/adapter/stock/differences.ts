// Every correction has a difference here: test/structure/corrections.test.ts checks the list.
import { clients } from './clients.ts';
import type { Difference } from './difference.ts';
import { door } from './door.ts';
import { events } from './events.ts';
import { executions } from './executions.ts';
import { functions } from './functions.ts';
import { graphql } from './graphql.ts';
import { identities } from './identities.ts';
import { machine } from './machine.ts';
import { permissions } from './permissions.ts';
import { quotas } from './quotas.ts';
import { resourcePolicies } from './resource-policies.ts';
import { services } from './services.ts';
import { tasks } from './tasks.ts';
import { templates } from './templates.ts';
import { trail } from './trail.ts';

export const differences: readonly Difference[] = [
  ...permissions,
  ...resourcePolicies,
  ...quotas,
  ...functions,
  ...executions,
  ...events,
  ...trail,
  ...templates,
  ...clients,
  ...identities,
  ...door,
  ...machine,
  ...services,
  ...tasks,
  ...graphql,
];
