export type SiteName = 'shop' | 'console';

/** A site of this repository: where its sources are, and what else its build reads. */
export interface Site {
  readonly name: SiteName;
  readonly folder: string;
  readonly inputs: readonly string[];
  /** The document of the API that it calls. */
  readonly api: string;
  /** The system that it belongs to, where it is built only with that system. */
  readonly system?: string;
}

/** All sites share the packages and the components of the kit. */
const kit = [
  ...['package.json', 'package-lock.json', 'site-build.ts', 'src'].map(
    (name) => `pages-kit/${name}`,
  ),
];

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
