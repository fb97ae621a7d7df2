import type { Head } from '../../../../responders/incident/case.ts';
import { denialDocument, denialName } from '../../../../responders/incident/denied-sessions.ts';
import { answerFields, releaseFields } from '../../../../responders/incident/proven-fields.ts';
import { accountId } from '../../fakes/account.ts';
import { signedBy } from '../../fakes/sts.ts';
import type { Deployed } from './deployment.ts';

export const forgeries = ['no proof', 'own key', 'other round', 'replayed', 'suspect'] as const;
/** How an intruder makes an answer or a release; `replayed`: what a person sent last. */
export type Forgery = (typeof forgeries)[number];

type Fields = Parameters<Deployed['prove']>[1] & { readonly by: string };

const anna = `arn:aws:iam::${accountId}:user/anna`;
const byName = ({ suspect }: Head, forgery?: Forgery): string =>
  forgery === 'suspect' && suspect && 'roleName' in suspect
    ? `arn:aws:sts::${accountId}:assumed-role/${suspect.roleName}/me`
    : anna;

/** People with MACs, and an intruder who has none. */
export const people = ({ prove, account, clock }: Deployed) => {
  /** What people have sent, as it can be read in executions. */
  const sent: { answer?: object; release?: object } = {};

  const credential = async (
    purpose: 'answer' | 'release',
    fields: Fields,
    forgery?: Forgery,
  ): Promise<object> => {
    if (forgery === 'no proof' || forgery === 'replayed') return {};
    const key = forgery === 'own key' ? 'key/of-the-intruder' : undefined;
    const claimed = forgery === 'other round' ? { ...fields, round: 99 } : fields;
    const proof = await prove(purpose, claimed, key);
    // Nobody signs for an incident that has no suspect to sign for.
    const isNobody = forgery === 'suspect' && fields.by === anna;
    return { proof, ...(!isNobody && { identity: signedBy(fields.by, proof) }) };
  };

  const answer = async (head: Head, contain: boolean, forgery?: Forgery): Promise<object> => {
    if (forgery === 'replayed' && sent.answer) return sent.answer;
    const word = { contain, by: byName(head, forgery), reason: `reason ${clock.at}` };
    const signed = await credential('answer', answerFields(head, word), forgery);
    const { by, reason } = word;
    const input = { approved: contain, by, reason, round: head.round, ...signed };
    if (!forgery) sent.answer = input;
    return input;
  };

  /** `forced`: sessions of before may live. Else the person denies them first, with own rights. */
  const release = async (head: Head, forced: boolean, forgery?: Forgery): Promise<object> => {
    if (forgery === 'replayed' && sent.release) return sent.release;
    const word = {
      by: byName(head, forgery),
      reason: `reason ${clock.at}`,
      letSessionsLive: forced,
    };
    const signed = await credential('release', releaseFields(head, word), forgery);
    const input = { incidentId: head.id, ...word, ...signed };
    if (forgery) return input;
    sent.release = input;
    if (!forced && head.suspect?.kind === 'function') {
      const { roleName, functionName } = head.suspect;
      const denial = denialDocument({ sessionName: functionName, before: clock.at });
      account.world.roles.get(roleName)?.inline.set(denialName(functionName), denial);
    }
    return input;
  };

  return { answer, release };
};
