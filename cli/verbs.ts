import type { EvidenceDeps } from './evidence/evidence.ts';
import type { MailDeps } from './mail.ts';
import type { UpDeps } from './up.ts';
import type { CommandDeps, Verb } from './verb.ts';

export type AllDeps = CommandDeps & EvidenceDeps & MailDeps;

/** `up` and `app up` get the drill that they run. */
const withDrill = async (verb: Verb<UpDeps>): Promise<Verb<AllDeps>> => {
  const { firstDrill } = await import('./drill/first.ts');
  return (command, deps) => verb(command, { ...deps, firstDrill });
};

/** A command that is not loaded yet: its line in the help, and how to load it. */
export interface ListedVerb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Verb<AllDeps>>;
}

/**
 * Every command, in the order of the help. Only the command that is asked for is loaded, because
 * the AWS clients of all of them take a second.
 */
export const verbs: readonly ListedVerb[] = [
  {
    name: 'up',
    summary: 'start Cordon on this machine and run a first drill',
    load: async () => withDrill((await import('./up.ts')).up),
  },
  {
    name: 'down',
    summary: 'stop what "up" left running and remove what it wrote',
    load: async () => (await import('./down.ts')).down,
  },
  {
    name: 'env',
    summary: 'print the settings with which other AWS clients use the local run',
    load: async () => (await import('./env.ts')).env,
  },
  {
    name: 'doctor',
    summary: 'check what Cordon needs, each line with its fix',
    load: async () => (await import('./doctor/doctor.ts')).doctor,
  },
  {
    name: 'drill',
    summary: 'rehearse an incident: list, run, history',
    load: async () => (await import('./drill/drill.ts')).drill,
  },
  {
    name: 'inject',
    summary: 'send a test finding and show the result; exit code 3 when it ends not contained',
    load: async () => (await import('./inject.ts')).inject,
  },
  {
    name: 'status',
    summary: 'show what runs, what is contained and what waits; exit code 3 when you must act',
    load: async () => (await import('./status.ts')).status,
  },
  {
    name: 'incidents',
    summary: 'list the incidents, newest first',
    load: async () => (await import('./incidents.ts')).incidents,
  },
  {
    name: 'show',
    summary: 'show one incident',
    load: async () => (await import('./show/show.ts')).show,
  },
  {
    name: 'report',
    summary: 'print the latest report of an incident, or open it in the browser',
    load: async () => (await import('./report.ts')).report,
  },
  {
    name: 'decide',
    summary: 'answer incidents that wait for a person: --contain or --leave',
    load: async () => (await import('./decide.ts')).decide,
  },
  {
    name: 'approve',
    summary: 'the same as decide --contain, or with --deny as decide --leave',
    load: async () => (await import('./approve.ts')).approve,
  },
  {
    name: 'contain',
    summary: 'contain a function, a session of a role or a user by hand; exit code 3 when it asks',
    load: async () => (await import('./contain.ts')).contain,
  },
  {
    name: 'release',
    summary: 'take containment back; exit code 3 when something could not be taken back',
    load: async () => (await import('./release.ts')).release,
  },
  {
    name: 'policy',
    summary: 'explain what is decided about a finding, and test the policy: explain, test',
    load: async () => (await import('./policy/policy.ts')).policy,
  },
  {
    name: 'console',
    summary: 'who may sign in to the incident console: users, invite',
    load: async () => (await import('./console.ts')).console,
  },
  {
    name: 'evidence',
    summary: 'look at, pull and verify evidence: index, ls, pull, verify',
    load: async () => (await import('./evidence/evidence.ts')).evidence,
  },
  {
    name: 'mail',
    summary: 'print the mails that the security team received, or one of them (local run)',
    load: async () => (await import('./mail.ts')).mail,
  },
  {
    name: 'redrive',
    summary: 'hand findings that no rule could deliver to the incident machine again',
    load: async () => (await import('./redrive.ts')).redrive,
  },
  {
    name: 'confirm',
    summary: 'confirm who receives the mails, so that no link in a mail can end it',
    load: async () => (await import('./confirm.ts')).confirm,
  },
  {
    name: 'scp',
    summary: 'print policies for the organisation, so that only deployers change Cordon',
    load: async () => (await import('./scp.ts')).scp,
  },
  {
    name: 'app',
    summary: 'use the protected application: up, call, users, seed',
    load: async () => withDrill((await import('./app.ts')).app),
  },
];
