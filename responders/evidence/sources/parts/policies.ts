import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  type PolicyVersion,
} from '@aws-sdk/client-iam';
import type { Gap } from '../../../incident/evidence.ts';
import type { Grant } from '../../../shared/grant.ts';
import type { Collecting } from '../../collector.ts';
import { json, type Piece } from '../../store.ts';
import { allPages, reasonOf } from './answer.ts';

const documentOf = (text: string | undefined): unknown => {
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(text ?? ''));
    return parsed;
  } catch {
    return undefined;
  }
};

/** IAM hands documents out URL-encoded: kept as they came, and readable beside it. */
export const readable = (document: string | undefined) => ({
  raw: document,
  document: documentOf(document),
});

const versionOf = async (
  PolicyArn: string,
  { VersionId }: PolicyVersion,
  { iam, signal }: Collecting,
) => {
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }), {
    abortSignal: signal,
  });
  const { Document, ...rest } = PolicyVersion ?? {};
  return { ...rest, ...readable(Document) };
};

const oursOf = (arn: string, { quarantine }: Collecting) =>
  Object.values(quarantine).includes(arn)
    ? { ours: 'Cordon attached this policy to contain the incident; it allows nothing' }
    : {};

/**
 * A managed policy with all its versions: the one that is set now may have been changed a minute
 * ago.
 */
export const managedPolicy = async (
  arn: string,
  path: string,
  from: Collecting,
): Promise<Piece | Gap> => {
  const { iam, signal } = from;
  const abort = { abortSignal: signal };
  try {
    const { Policy, $metadata } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }), abort);
    const listed = await allPages(
      (Marker) => iam.send(new ListPolicyVersionsCommand({ PolicyArn: arn, Marker }), abort),
      ({ Versions }) => Versions,
      ({ Marker }) => Marker,
    );
    const versions = await Promise.all(
      listed.items.map((version) => versionOf(arn, version, from)),
    );
    const body = json({ arn, ...oursOf(arn, from), policy: Policy, versions });
    return {
      path,
      type: 'application/json',
      source: 'iam:GetPolicyVersion',
      requestId: $metadata.requestId ?? null,
      body,
    };
  } catch (error) {
    return { what: `policy ${arn}`, why: reasonOf(error) };
  }
};

/** Also those that AWS manages, whose ARNs are not of this account. */
export const readingPolicies: readonly Grant[] = [
  { on: 'iam:policy/*', may: ['GetPolicy', 'GetPolicyVersion', 'ListPolicyVersions'] },
  { on: 'iam:${awsPolicies}', may: ['GetPolicy', 'GetPolicyVersion', 'ListPolicyVersions'] },
];
