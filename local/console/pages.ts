import { output } from '../../operator/place.ts';
import { localAddress } from '../app/address.ts';
import type { Connection } from '../engine/connect.ts';
import { localPlace } from '../place.ts';
import { type LocalSite, type LocalSiteServer, siteAddress, startSite } from '../site.ts';

const site: LocalSite = {
  ...{ name: 'console', stack: 'CordonConsole', hasEvidence: true },
  outputs: {
    domain: 'ConsolePagesDomainName',
    userPoolId: 'ConsoleUserPoolId',
    userPoolClientId: 'ConsoleUserPoolClientId',
  },
};

/** The port of the pages of the console in a run, after those of the application. */
export const consolePagesPort = (enginePort: number): number => enginePort + 6;

/** Where a person signs in to the incident console of a run. */
export const consolePagesAddress = (enginePort: number): string =>
  siteAddress(site.name, consolePagesPort(enginePort));

/** Serves the pages of the incident console; `port` 0 takes any. */
export const startConsolePages = (
  connection: Connection,
  port = consolePagesPort(connection.port),
): Promise<LocalSiteServer> => {
  const place = localPlace(connection);
  const api = localAddress(output(place, site.stack, 'ConsoleApiUrl'), connection.endpoint);
  return startSite(place, site, { port, api });
};
