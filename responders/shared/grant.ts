/** Names that infra replaces by the real resource; everything else in a grant is literal. */
export const placeholders = [
  'table',
  'tableKey',
  'bucket',
  'evidenceKey',
  'signingKey',
  'topic',
  'topicKey',
  'quarantineRole',
  'quarantineFunction',
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
 * What a function may call, and on what: `{ on: 'iam:role/*', may: ['AttachRolePolicy'] }`. `on` is
 * `<service>:<resource>`; `<service>:*` means every resource (for calls that have none); `${table}`
 * and the other placeholders stand for the resource that infra made. `may` names SDK commands; the
 * few whose IAM action differs are translated in infra/shared/actions.ts.
 */
export interface Grant {
  readonly on: `${string}:${string}`;
  readonly may: readonly string[];
  readonly when?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
