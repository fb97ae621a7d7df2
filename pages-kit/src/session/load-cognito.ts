import type { SiteConfig } from '../config.ts';

type Cognito = typeof import('./cognito.ts');

let config: SiteConfig | undefined;
let loading: Promise<Cognito> | undefined;

export const setUpCognito = (given: SiteConfig): void => {
  config = given;
};

const load = async (given: SiteConfig): Promise<Cognito> => {
  const cognito = await import('./cognito.ts');
  cognito.configure(given);
  return cognito;
};

/** Amplify is loaded when somebody signs in, or when a token has to be renewed. */
export const loadCognito = (): Promise<Cognito> => {
  if (config === undefined) throw new Error('the sign-in is used before it is set up');
  loading ??= load(config).catch((error: unknown) => {
    loading = undefined; // a lost connection must not stay lost
    throw error;
  });
  return loading;
};
