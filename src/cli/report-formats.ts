/** Formats of a report, by the value of `--output`; the first one is for people. */
export const REPORT_FORMATS = ['table', 'json', 'yaml', 'junit', 'sarif'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];
