import { hearServerTime } from './api/server-clock.ts';

/** What a deployment tells its pages; their stack writes it beside them. */
export interface SiteConfig {
  /** Where the API is, without a slash at the end. */
  readonly api: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  /** Where Cognito is; without it, where AWS has it for the region of the pool. */
  readonly cognito: string | undefined;
  /** Where links to evidence lead instead of S3: only a local run says so. */
  readonly evidence: string | undefined;
}

const textOf = (given: object, name: string): string | undefined => {
  const text: unknown = Reflect.get(given, name);
  return typeof text === 'string' && text !== '' ? text : undefined;
};

/** Reads the configuration; throws if it is none, because no page works without it. */
export const readConfig = (given: unknown): SiteConfig => {
  const source = typeof given === 'object' && given !== null ? given : {};
  const [api, userPoolId, userPoolClientId] = ['api', 'userPoolId', 'userPoolClientId'].map(
    (name) => textOf(source, name),
  );
  if (api === undefined || userPoolId === undefined || userPoolClientId === undefined)
    throw new Error('config.json lacks the address of the API or the user pool');
  return {
    api: new URL(api, location.origin).href.replace(/\/$/, ''),
    userPoolId,
    userPoolClientId,
    cognito: textOf(source, 'cognito'),
    evidence: textOf(source, 'evidence'),
  };
};

export const loadConfig = async (): Promise<SiteConfig> => {
  const answer = await fetch('/config.json');
  hearServerTime(answer);
  if (!answer.ok) throw new Error(`config.json: HTTP ${answer.status}`);
  return readConfig(await answer.json());
};
