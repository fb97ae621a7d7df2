import { entrancesPort } from '../entrances/serve.ts';
import { siteAddress } from '../site.ts';

/** Where a person signs in to the incident console of a run. */
export const consolePagesAddress = (enginePort: number): string =>
  siteAddress('console', entrancesPort(enginePort));
