import { describe, expect, it } from 'vitest';
import { consoleFunctions } from '../../../../console/functions.ts';
import { routeLog } from '../../../../console/handlers/environment.ts';
import { jsonLog } from '../../../../responders/shared/log.ts';
import { incidentConsole } from '../../../support/infra/shared.ts';
import { at, type Json, listAt, ofType, one } from '../../../support/infra/synthesised.ts';

const filters = ofType(incidentConsole, 'AWS::Logs::MetricFilter').map(
  ({ properties }) => properties,
);
const alarm = one(incidentConsole, 'AWS::CloudWatch::Alarm', /ConsoleErrors/);

describe('errors in the logs of the console', () => {
  it('are counted in the log of each function, and of nothing else', () => {
    const groups = ofType(incidentConsole, 'AWS::Logs::LogGroup').filter(({ properties }) =>
      consoleFunctions.some(({ name }) => at(properties, 'LogGroupName') === `/aws/lambda/${name}`),
    );

    expect(groups).toHaveLength(consoleFunctions.length);
    expect(filters.map((filter) => at(filter, 'LogGroupName')).toSorted()).toEqual(
      groups.map(({ id }) => `<${id}>`).toSorted(),
    );
  });

  it('are the lines that a route writes as an error, and no others', () => {
    const lines: Json[] = [];
    const write = (line: string) => void lines.push(JSON.parse(line));
    const log = routeLog(
      jsonLog(write, (text) => text),
      'request-1',
    );
    log.info('seen');
    log.warn('odd');
    log.error('the audit lacks the outcome of a decision', new Error('no'));

    const [pattern, ...others] = new Set(filters.map((filter) => at(filter, 'FilterPattern')));
    expect(others).toEqual([]);
    const counted = lines.filter((line) => `{ $.level = "${at(line, 'level')}" }` === pattern);
    expect(counted.map((line) => at(line, 'message'))).toEqual([
      'the audit lacks the outcome of a decision',
    ]);
  });

  it('mail the security team when there is one', () => {
    const [metric] = filters.map((filter) => at(filter, 'MetricTransformations', 0));
    expect(metric).toMatchObject({ MetricNamespace: 'Cordon', MetricValue: '1' });
    expect(alarm.properties).toMatchObject({
      Namespace: 'Cordon',
      MetricName: at(metric, 'MetricName'),
      Statistic: 'Sum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
    const topic = one(incidentConsole, 'AWS::SNS::Topic').id;
    expect(listAt(alarm.properties, 'AlarmActions')).toEqual([`<${topic}>`]);
  });
});
