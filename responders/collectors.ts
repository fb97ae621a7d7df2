import { finding } from './collect/finding.ts';
import { functionCode } from './collect/function-code.ts';
import { functionConfiguration } from './collect/function-configuration.ts';
import type { Collector } from './core/collector.ts';

/** Every source of evidence, in the order the evidence folder lists them. */
export const collectors: readonly Collector[] = [finding, functionConfiguration, functionCode];
