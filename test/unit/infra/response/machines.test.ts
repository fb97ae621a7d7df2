import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDefinition } from '../../../../infra/response/definition.ts';
import { response } from '../../../support/infra/shared.ts';
import {
  at,
  type Json,
  listAt,
  ofType,
  one,
  permissionsOf,
} from '../../../support/infra/synthesised.ts';

const arn = (type: string, id: RegExp, attribute = '.Arn'): string =>
  `<${one(response, type, id).id}${attribute}>`;
const via = (service: string): string =>
  `{"StringEquals":{"kms:ViaService":"${service}.<AWS::Region>.<AWS::URLSuffix>"}}`;

/** Every task state in a definition, however deep. */
const tasks = (value: Json | undefined): readonly Json[] => {
  if (typeof value !== 'object' || value === null) return [];
  return [...(at(value, 'Type') === 'Task' ? [value] : []), ...Object.values(value).flatMap(tasks)];
};

/** What AWS documents that a task needs, read from the file and not from infra/. */
const needs = (task: Json): readonly string[] => {
  const resource = String(at(task, 'Resource')).replace('.waitForTaskToken', '');
  const topic = [arn('AWS::KMS::Key', /^Alerts/), via('sns')].join(' ');
  const name = /\$\{(\w+)\}/.exec(String(at(task, 'Arguments', 'FunctionName')))?.[1];
  switch (resource) {
    case 'arn:aws:states:::lambda:invoke':
      return [
        'Allow lambda:InvokeFunction ' +
          `${arn('AWS::Lambda::Function', new RegExp(`^Responders${name}`))}`,
      ];
    case 'arn:aws:states:::sns:publish':
      return [
        `Allow sns:Publish ${arn('AWS::SNS::Topic', /./, '')}`,
        `Allow kms:Decrypt ${topic}`,
        `Allow kms:GenerateDataKey ${topic}`,
      ];
    case 'arn:aws:states:::states:startExecution': {
      const started = /\$\{(\w+)Machine\}/.exec(
        String(at(task, 'Arguments', 'StateMachineArn')),
      )?.[1];
      const id = new RegExp(`^Machines${started}`);
      return [
        `Allow states:StartExecution <${one(response, 'AWS::StepFunctions::StateMachine', id).id}>`,
      ];
    }
    default:
      throw new Error(`this test does not know what ${resource} needs`);
  }
};

/**
 * As AWS documents them for logging and tracing of any state machine; neither has resources to
 * name.
 */
const logsAndTraces = [
  ...[
    'CreateLogDelivery',
    'DeleteLogDelivery',
    'DescribeLogGroups',
    'DescribeResourcePolicies',
  ].map((action) => `Allow logs:${action} *`),
  ...['GetLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy', 'UpdateLogDelivery'].map(
    (action) => `Allow logs:${action} *`,
  ),
  ...['GetSamplingRules', 'GetSamplingTargets', 'PutTelemetryRecords', 'PutTraceSegments'].map(
    (action) => `Allow xray:${action} *`,
  ),
];

const machines = [
  ['incident-response', /^MachinesIncident/],
  ['release', /^MachinesRelease/],
  ['late-answer', /^MachinesLateAnswer/],
  ['hold-watch', /^MachinesHoldWatch/],
  ['heartbeat', /^MachinesHeartbeat/],
] as const;

describe.each(machines)('%s', (name, id) => {
  const file = `${import.meta.dirname}/../../../../state-machines/${name}.asl.json`;
  const definition: Json = JSON.parse(readFileSync(file, 'utf8'));
  const machine = one(response, 'AWS::StepFunctions::StateMachine', id);
  const deployed: Json = JSON.parse(String(at(machine.properties, 'DefinitionString')));

  it('may do exactly what its tasks need', () => {
    const role = one(response, 'AWS::IAM::Role', id).id;

    expect(permissionsOf(response, role)).toEqual(
      [...new Set([...tasks(definition).flatMap(needs), ...logsAndTraces])].sort(),
    );
  });

  it('is traced, logs every step and none of the data, which is the attacker’s text', () => {
    expect(at(machine.properties, 'TracingConfiguration')).toEqual({ Enabled: true });
    expect(at(machine.properties, 'StateMachineType')).toBe('STANDARD');
    expect(at(machine.properties, 'LoggingConfiguration')).toMatchObject({
      IncludeExecutionData: false,
      Level: 'ALL',
    });
  });

  it('has every placeholder filled, and numbers where the language wants numbers', () => {
    const known = Object.keys(at(machine.properties, 'DefinitionSubstitutions') ?? {});
    const used = [...JSON.stringify(deployed).matchAll(/\$\{(\w+)\}/g)].map(
      ([, placeholder]) => placeholder,
    );

    expect([...new Set(used)].sort()).toEqual(known.sort());
    // A question waits for what is left of its time, which the function says.
    for (const task of tasks(deployed))
      expect(at(task, 'TimeoutSeconds')).toSatisfy(
        (limit) => typeof limit === 'number' || limit === '{% $askSeconds %}',
      );
  });

  it('mails when an execution fails, is stopped, runs out of time or is throttled', () => {
    const alarms = ofType(response, 'AWS::CloudWatch::Alarm').filter(({ properties }) =>
      listAt(properties, 'Dimensions').some(
        (dimension) => at(dimension, 'Value') === `<${machine.id}>`,
      ),
    );

    // That no heartbeat succeeds is told, too.
    expect(alarms.map(({ properties }) => at(properties, 'MetricName')).sort()).toEqual([
      'ExecutionThrottled',
      'ExecutionsAborted',
      'ExecutionsFailed',
      ...(name === 'heartbeat' ? ['ExecutionsSucceeded'] : []),
      'ExecutionsTimedOut',
    ]);
  });
});

it('a placeholder that nobody knows fails the synth and says so', () => {
  const file = `${import.meta.dirname}/../../../../state-machines/release.asl.json`;

  expect(() => loadDefinition(file, { NotifyLambda: 'n', Topic: 't' })).toThrow(
    /nothing is known for \$\{ReleaseLambda\}; known are NotifyLambda, Topic/,
  );
});
