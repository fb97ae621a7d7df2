import type { ReportView } from './view.ts';

/** The report as one page: no scripts, nothing loaded from elsewhere, every text escaped. */
export declare const report: (view: ReportView) => string;
