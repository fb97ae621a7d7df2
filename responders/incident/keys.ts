/** Every key of the case table that belongs to an incident; nobody else writes one by hand. */
export interface About {
  readonly responder: string;
  readonly target: string;
}

/** The beginnings of the sort keys in an incident's partition. */
export const prefixes = {
  finding: 'FINDING#',
  before: 'BEFORE#',
  action: 'ACTION#',
  stage: 'STAGE#',
  mail: 'MAIL#',
  drift: 'DRIFT#',
} as const;

const incident = 'INC#';

/** What the keys of the claims of drills begin with. */
export const drillClaims = 'CLAIM#drill#';
/** What the keys of incidents begin with. */
export const incidentPrefix = incident;

export const incidentKey = (id: string): string => `${incident}${id}`;
export const incidentOfKey = (key: string): string => key.slice(incident.length);

export const headKey = 'HEAD';
export const findingKey = (updatedAt: number): string => `${prefixes.finding}${updatedAt}`;
export const beforeKey = ({ responder, target }: About): string =>
  `${prefixes.before}${responder}#${target}`;
export const actionKey = ({ responder, target }: About): string =>
  `${prefixes.action}${responder}#${target}`;
export const stageKey = ({ round, name }: { round: number; name: string }): string =>
  `${prefixes.stage}${round}#${name}`;
export const mailKey = ({ round, kind }: { round: number; kind: string }): string =>
  `${prefixes.mail}${round}#${kind}`;

export const driftKey = (at: number): string => `${prefixes.drift}${at}`;

/** The partition of the releases that keep earlier sessions denied. */
export const denialsKey = 'DENIALS';

/** The index of the case table: incidents by state, the newest last. */
export const stateIndex = 'byState';

/** What the keys of the partitions below begin with. */
export const targetPrefix = 'TARGET#';
/** The partition of the incidents that need a target contained. */
export const targetKey = ({ responder, target }: About): string =>
  `${targetPrefix}${responder}#${target}`;
/** The partition that says how a target was when it was last freed. */
export const freedKey = ({ responder, target }: About): string => `FREED#${responder}#${target}`;
/** The partition of the containments of one hour. */
export const breakerKey = (at: number): string =>
  `BREAKER#${new Date(at).toISOString().slice(0, 13)}`;
/** The partition that says when something was told of, which may happen too often to tell each. */
export const toldKey = (what: string): string => `TOLD#${what}`;
/** The partition of the last comparison of Cordon with what was deployed. */
export const checkedKey = 'CHECKED';
/** The partition of the calls against Cordon itself that were told. */
export const tamperedKey = 'TAMPERED';
/** The partition of the mails that wait. */
export const outboxKey = 'MAILRATE';
/** The partition of the token that ends the wait of an execution. */
export const questionKey = (id: string): string => `QUESTION#${id}`;
