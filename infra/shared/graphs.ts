import { Aws } from 'aws-cdk-lib';
import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { everyMinute } from './alerts.ts';

/** What a graph of a dashboard shows. */
export type Graph = readonly [title: string, metrics: readonly IMetric[]];

/** Each minute's sum. */
export const sum = { ...everyMinute, statistic: 'Sum' } as const;

/** Graphs of half the page's width. CloudWatch wraps a row of them that is full. */
export const graphWidgets = (graphs: readonly Graph[]): GraphWidget[] =>
  graphs.map(
    ([title, left]) =>
      new GraphWidget({ title, left: [...left], region: Aws.REGION, width: 12, height: 6 }),
  );
