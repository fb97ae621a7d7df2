/** What a site says about itself to the parts that all sites share. */
export interface Site {
  /** What people call it: in titles, and in the list of their authenticator app. */
  readonly name: string;
  /** Under which name this tab keeps its session. */
  readonly storageKey: string;
  /** Where somebody comes in who has asked for no page. */
  readonly home: string;
  /** With what a person signs in. */
  readonly signsInBy: 'E-mail address' | 'User name';
}

let known: Site | undefined;

export const setUpSite = (site: Site): void => {
  known = site;
};

export const site = (): Site => {
  if (known === undefined) throw new Error('the site is used before it is set up');
  return known;
};
