export type SiteName = 'shop' | 'console' | 'kit';

/** A site of this repository: where its sources are, and what else its build reads. */
export interface Site {
  readonly name: SiteName;
  readonly folder: string;
  readonly inputs: readonly string[];
  /** The document of the API that it calls; nothing where it calls none. */
  readonly api?: string;
  /** The system that it belongs to, where it is built only with that system. */
  readonly system?: string;
}

/** All sites share the packages and the components of the kit. */
const kit = [
  ...['package.json', 'package-lock.json', 'site-build.ts', 'src'].map(
    (name) => `pages-kit/${name}`,
  ),
];

/** The sites that are deployed. */
export const sites: readonly Site[] = [
  {
    ...{ name: 'shop', folder: 'protected-app/pages', inputs: [...kit, 'protected-app/pages'] },
    api: 'protected-app/openapi.json',
  },
  {
    ...{ name: 'console', folder: 'console/pages', inputs: [...kit, 'console/pages'] },
    api: 'console/openapi.json',
  },
];

/** The page that shows each component of the kit: looked at, and never deployed. */
export const show: Site = {
  name: 'kit',
  folder: 'pages-kit/show',
  inputs: [...kit, 'pages-kit/show'],
};

/** A site by its name. */
export const siteNamed = (name: string): Site => {
  const site = [...sites, show].find((known) => known.name === name);
  if (site === undefined) throw new Error(`there is no site ${name}`);
  return site;
};
