import { at, isRecord, listAt, textAt } from '../shared/json.ts';

/** An identity as a finding names it, before its names are checked. */
export interface SequencePrincipal {
  readonly principalId: string;
  readonly userName: string;
  readonly userType: string;
  /** Where it acted, or where it is; null where the finding does not say. */
  readonly account: string | null;
}

const sequence = 'detail.service.detection.sequence';

const ofActor = (actor: unknown): SequencePrincipal[] =>
  isRecord(at(actor, 'user'))
    ? [
        {
          principalId: textAt(actor, 'user.uid') ?? '',
          userName: textAt(actor, 'user.name') ?? '',
          userType: textAt(actor, 'user.type') ?? '',
          account: textAt(actor, 'user.account.uid'),
        },
      ]
    : [];

const ofResource = (resource: unknown): SequencePrincipal[] =>
  isRecord(at(resource, 'data.accessKey'))
    ? [
        {
          principalId: textAt(resource, 'data.accessKey.principalId') ?? '',
          userName: textAt(resource, 'data.accessKey.userName') ?? '',
          userType: textAt(resource, 'data.accessKey.userType') ?? '',
          account: textAt(resource, 'accountId'),
        },
      ]
    : [];

/**
 * Everybody whom an attack sequence names: its actors, and the credentials among its resources. Its
 * signals name both by their ids only, so they add nobody.
 */
export const principalsIn = (event: unknown): readonly SequencePrincipal[] => [
  ...listAt(event, `${sequence}.actors`).flatMap(ofActor),
  ...listAt(event, `${sequence}.resources`).flatMap(ofResource),
];

export const isSequence = (event: unknown): boolean => isRecord(at(event, sequence));
