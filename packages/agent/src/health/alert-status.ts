// What this node warns about.
// Reading order: alert-status.ts (this), expression.ts and definition.ts (what a person writes), definition-file.ts and read-definitions.ts
// (where), default-alerts.ts (what is there without anybody writing), status-rules.ts (the decision), chart-values.ts (the numbers),
// alert-log.ts (what happened), health.ts (puts it together).

/** From the least to the gravest; `$status >= $WARNING` in an expression compares places in this list. */
export const alertStatuses = ['removed', 'undefined', 'uninitialized', 'clear', 'warning', 'critical'] as const;

/**
 * - `removed`: its chart is not collected any more;
 * - `undefined`: its value, or what decides about it, is not a number;
 * - `uninitialized`: it was not looked at yet.
 */
export type AlertStatus = (typeof alertStatuses)[number];

export const rankOf = (status: AlertStatus): number => alertStatuses.indexOf(status);

export const isRaised = (status: AlertStatus): boolean => status === 'warning' || status === 'critical';
