/** Names that infra replaces by the resource of the deployment; the rest of a grant is literal. */
export const placeholders = [
  'stack',
  'table',
  'tableKey',
  'bucket',
  'evidenceKey',
  'signingKey',
  'drillKey',
  'answerKey',
  'releaseKey',
  'topic',
  'topicKey',
  'tamperQueue',
  'drillBus',
  'canary',
  'canaryRole',
  'webhookQueue',
  'webhookSecret',
  'quarantineRole',
  'quarantineFunction',
  'quarantineUser',
  'anyLayer',
  'awsPolicies',
  'workgroup',
  'trailTable',
  'trailBucket',
  'trailKey',
  'queryResults',
] as const;
export type Placeholder = (typeof placeholders)[number];

/**
 * Permission to call commands on a resource: `{ on: 'iam:role/*', may: ['AttachRolePolicy'] }`.
 * `on` is `<service>:<resource>`; `<service>:*` means every resource, for calls that have none;
 * placeholders such as `${table}` stand for resources that infra makes. `may` names SDK commands;
 * infra/shared/actions.ts translates the few whose IAM action has another name.
 */
export interface Grant {
  readonly on: `${string}:${string}`;
  readonly may: readonly string[];
  readonly when?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
