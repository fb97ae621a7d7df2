import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { budgetMetrics, type TokenBudget } from './token-budget.ts';

/** Counts an event that an alarm or the dashboard watches. */
export type CountMetric = (name: string, amount: number) => void;

/**
 * Writes each metric of a function as one line of the embedded metric format, so that nothing is
 * left to flush when the function is stopped.
 */
export const metricCounter = (serviceName: string): CountMetric => {
  const metrics = new Metrics({ namespace: 'CordonApp', serviceName });
  return (name, amount) => {
    metrics.addMetric(name, MetricUnit.Count, amount);
    metrics.publishStoredMetrics();
  };
};

/** Counts the questions that are refused because a budget is used up. */
export const spentCounter = (): ((budget: TokenBudget) => void) => {
  const count = metricCounter(budgetMetrics.service);
  return (budget) => count(budgetMetrics.names[budget], 1);
};
