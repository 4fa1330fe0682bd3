/** What keeps one object from being deleted, as the store reports it when the object is read. */
export interface ObjectLock {
  /** Such as `COMPLIANCE`; absent where the store reports none. */
  readonly mode?: string;
  /** End of the retention, RFC 3339; absent where only a hold keeps the object. */
  readonly until?: string;
  readonly legalHold: boolean;
}

/** Whether the lock still keeps its object. `now`: in milliseconds since the epoch. */
export function isInForce({ until, legalHold }: ObjectLock, now: number): boolean {
  return legalHold || (until !== undefined && Date.parse(until) > now);
}

/** `a retention until 2027-01-31T00:00:00.000Z (COMPLIANCE) and a legal hold` */
export function lockInWords({ mode, until, legalHold }: ObjectLock): string {
  const retention = until === undefined ? [] : [`a retention until ${until}${mode === undefined ? '' : ` (${mode})`}`];
  return [...retention, ...(legalHold ? ['a legal hold'] : [])].join(' and ');
}

/** The lock in what a store reports; `undefined` for an object that nothing keeps. Only known forms are passed on. */
export function objectLock(
  mode: string | undefined,
  until: Date | undefined,
  legalHold: boolean,
): ObjectLock | undefined {
  const isDated = until !== undefined && !Number.isNaN(until.getTime());
  if (!isDated && !legalHold) return undefined;
  return {
    ...(mode !== undefined && /^[A-Za-z]{1,20}$/.test(mode) && { mode }),
    ...(isDated && { until: until.toISOString() }),
    legalHold,
  };
}
