import { type Command, Option } from 'commander';
import { caseTable } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Bus, Envelope } from '../operator/event-bus.ts';
import { envelopeOf, injectEvent } from '../operator/inject.ts';
import type { IncidentState } from '../responders/incident/incident.ts';
import { nextStep, tones, verdicts } from '../responders/report/words.ts';
import { errorMessage } from '../responders/shared/errors.ts';
import { printable } from '../responders/shared/printable.ts';
import { textOf } from './input.ts';
import type { ExitCode, Output } from './output.ts';
import { type PlacedOptions, placed, placeOf } from './placed.ts';
import type { InjectDocument } from './schemas/inject.ts';
import { type CommandDeps, finish } from './verb.ts';

interface InjectOptions extends PlacedOptions {
  readonly bus: Bus;
}

/** The least that Cordon reads of a finding; ids and ARNs are to be replaced. */
const sampleHelp = `
A finding, as GuardDuty sends it in "detail":
  {
    "accountId": "000000000000", "region": "us-east-1", "partition": "aws",
    "id": "a-new-id-for-each-try", "severity": 8, "title": "Test",
    "type": "Backdoor:Lambda/C&CActivity.B",
    "resource": { "resourceType": "Lambda", "lambdaDetails": {
      "functionName": "canary-culprit",
      "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:canary-culprit",
      "role": "<the role of that function: aws lambda get-function>" } },
    "service": {}, "createdAt": "2026-11-21T03:00:00Z", "updatedAt": "2026-11-21T03:00:00Z"
  }
Exit code 3: the incident has ended and is not contained.`;

/** `cordon inject`: puts one event on a bus and prints the incident or the refusal. */
export const inject = (command: Command, deps: CommandDeps): void => {
  placed(command, [
    'cordon inject finding.json',
    'jq .event saved.json | cordon inject - --bus drills --json',
  ])
    .argument(
      '<file>',
      'an EventBridge event, or its detail alone, as JSON; - reads standard input',
    )
    .addOption(
      new Option(
        '--bus <bus>',
        'default: treat as real, contains automatically (local run only); drills: treat as a drill',
      )
        .choices(['default', 'drills'])
        .default('default'),
    )
    .addHelpText('after', sampleHelp)
    .action((file: string, options: InjectOptions) =>
      finish(deps, options, (out) => run(deps, out, file, options)),
    );
};

/** Checks JSON and the envelope only, so that any detail can be sent to the pipeline. */
const eventOf = async (file: string): Promise<Envelope> => {
  const text = await textOf(file);
  const from = file === '-' ? 'standard input' : printable(file);
  let event: unknown;
  try {
    event = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new CordonError(`${from} is not JSON: ${printable(errorMessage(error))}`, {
      cause: error,
    });
  }
  const envelope = envelopeOf(event);
  if (typeof envelope === 'string') throw new CordonError(`${from} is not an event: ${envelope}`);
  return envelope;
};

/** States in which nothing is contained and nothing is under way or asked. */
const endedUncontained: readonly IncidentState[] = [
  'partial',
  'not-contained',
  'contested',
  'unanswered',
  'notify-only',
  'suppressed',
  'forged',
];

const run = async (
  deps: CommandDeps,
  out: Output,
  file: string,
  options: InjectOptions,
): Promise<ExitCode> => {
  const { bus } = options;
  const place = await placeOf(deps, options);
  if (bus === 'default' && !place.local)
    throw new CordonError(
      'on AWS, only AWS may put aws.* events on the default bus ' +
        '(PutEvents answers NotAuthorizedForSourceException): use --bus drills',
    );
  const envelope = await eventOf(file);
  const traced = await injectEvent(place, await caseTable(place), bus, envelope, {
    within: 60_000,
    signal: deps.signal,
  });
  if ('refused' in traced) {
    out.line(`NO INCIDENT: ${printable(traced.refused, 500)}`);
    out.document<InjectDocument>({
      incidentId: null,
      state: null,
      decision: null,
      repeat: false,
      eventId: traced.eventId,
      refused: traced.refused,
    });
    return 1;
  }
  const { head } = traced.incident;
  out.line(
    `${verdicts[head.state]}\n  incident  ${head.id}${traced.repeat ? ' (it existed before)' : ''}`,
    tones[head.state],
  );
  const { kind, reason } = head.decision;
  const next = nextStep(head, traced.incident.actions, { aws: place.local === null });
  out.line(`  why       ${printable(reason, 400)}\n\nNext\n  ${next}`);
  out.document<InjectDocument>({
    incidentId: head.id,
    state: head.state,
    decision: { kind, reason },
    repeat: traced.repeat,
    eventId: traced.eventId,
    refused: null,
  });
  return endedUncontained.includes(head.state) ? 3 : 0;
};
