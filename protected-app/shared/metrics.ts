import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** Counts something that an alarm or the dashboard looks at. */
export type Count = (name: string, value: number) => void;

/**
 * Metrics of a function: one line of the embedded metric format each, so that nothing waits to be
 * flushed when a function is stopped.
 */
export const countOf = (serviceName: string): Count => {
  const metrics = new Metrics({ namespace: 'CordonApp', serviceName });
  return (name, value) => {
    metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  };
};
