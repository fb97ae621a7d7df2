import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { jsonLog } from '../../../../responders/shared/log.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { response } from '../../../support/infra/shared.ts';
import { at, type Json, ofType, one } from '../../../support/infra/synthesised.ts';

const logGroup = `<${one(response, 'AWS::Logs::LogGroup', /ContainmentLambda/).id}>`;
const filters = ofType(response, 'AWS::Logs::MetricFilter').filter(
  ({ properties }) => at(properties, 'LogGroupName') === logGroup,
);
const filterOf = (metric: string): Json | undefined =>
  filters.find(
    ({ properties }) => at(properties, 'MetricTransformations', 0, 'MetricName') === metric,
  )?.properties;

/** The lines that the product writes while it handles a finding. */
const linesOf = async (drill: boolean): Promise<readonly Json[]> => {
  const lines: Json[] = [];
  const log = jsonLog((line) => void lines.push(JSON.parse(line)), maskWith('test'));
  const { deps } = fakeDeps();
  await containFinding({ event: lambdaFinding(), execution: 'e', drill }, { ...deps, log });
  return lines;
};

const compared: Readonly<Record<string, (value: Json | undefined, wanted: string) => boolean>> = {
  '=': (value, wanted) => value === JSON.parse(wanted),
  '>=': (value, wanted) => typeof value === 'number' && value >= Number(wanted),
  IS: (value, wanted) => value === (wanted === 'TRUE'),
};

/** The lines that CloudWatch counts: the pattern joins comparisons of single fields. */
const counted = (filter: Json | undefined, lines: readonly Json[]): readonly Json[] => {
  const clauses = String(at(filter, 'FilterPattern'))
    .replace(/^\{(.*)\}$/, '$1')
    .split('&&')
    .map((clause) => /^\s*\(?\$\.(\w+) (=|>=|IS) ([^)]+?)\)?\s*$/.exec(clause));
  return lines.filter((line) =>
    clauses.every((clause) => {
      if (!clause) throw new Error(`not read: ${String(at(filter, 'FilterPattern'))}`);
      const [, field = '', operator = '', wanted = ''] = clause;
      return compared[operator]?.(at(line, field), wanted) ?? false;
    }),
  );
};

describe('the metrics of containment', () => {
  it('count the line that a real containment writes, with its time and its state', async () => {
    const lines = await linesOf(false);
    const [time, containments] = ['TimeToContain', 'Containments'].map(filterOf);

    const [line, ...others] = counted(time, lines);
    expect(others).toEqual([]);
    expect(counted(containments, lines)).toEqual([line]);
    expect(at(time, 'MetricTransformations', 0)).toMatchObject({
      MetricNamespace: 'Cordon',
      MetricValue: '$.timeToContain',
    });
    expect(at(line, 'timeToContain')).toEqual(expect.any(Number));
    expect(at(containments, 'MetricTransformations', 0)).toMatchObject({
      MetricValue: '1',
      Dimensions: [{ Key: 'state', Value: '$.state' }],
    });
    expect(at(line, 'state')).toBe('contained');
  });

  it('count no drill, which would make the times better than they are', async () => {
    const lines = await linesOf(true);

    expect(lines.some((line) => at(line, 'message') === 'contained')).toBe(true);
    for (const { properties } of filters) expect(counted(properties, lines)).toEqual([]);
  });
});

describe('the dashboard of incidents', () => {
  const body = String(at(one(response, 'AWS::CloudWatch::Dashboard').properties, 'DashboardBody'));

  it('shows every alarm, and the time to contain', () => {
    const alarms = ofType(response, 'AWS::CloudWatch::Alarm').map(({ id }) => `<${id}.Arn>`);

    expect(alarms.filter((alarm) => !body.includes(alarm))).toEqual([]);
    expect(body).toContain('"Cordon","TimeToContain"');
    for (const state of ['contained', 'partial', 'not-contained'])
      expect(body).toContain(`"Cordon","Containments","state","${state}"`);
  });

  it('shows the executions that failed, ran out of time or were stopped', () => {
    for (const { id } of ofType(response, 'AWS::StepFunctions::StateMachine'))
      for (const ending of ['Failed', ...(id.includes('Heartbeat') ? [] : ['TimedOut', 'Aborted'])])
        expect(body).toMatch(new RegExp(`"Executions${ending}","StateMachineArn","<${id}>"`));
  });
});
