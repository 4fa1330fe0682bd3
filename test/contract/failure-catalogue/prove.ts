import { expect } from '@jest/globals';
import { CATALOGUE, checksThatGive } from '../../../src/checks/catalogue.ts';
import type { CheckResult } from '../../../src/checks/check.ts';
import type { Outcome } from '../probe-outcome.ts';
import { SECRETS } from './places.ts';
import type { ScriptedStore } from './scripted-store.ts';
import type { FaultCase } from './fault-case.ts';

/** A full probe, with all that it tries again and cleans up. */
const MAX_REQUESTS = 30;
/** What a good store without TLS is warned of. */
const PRIVATE = { EndpointPublic: 'EndpointNotPublic' };
/** Certificates of the tests live for a day. */
const NEW_CERTIFICATE = { ...PRIVATE, TlsExpiry: 'TlsExpiresSoon' };
/** Rules of an account are told to its administrators only. */
const UNTOLD = { LifecycleSafe: 'SettingNotReadable' };
const PLAIN_HTTP = { ...PRIVATE, TlsTrusted: 'PlainHttp' };

/** Proves a situation at a store: its exact verdict, no Ready, no secret told; and Pass once it is lifted. */
export async function prove(store: ScriptedStore, situation: FaultCase, lift: () => void): Promise<void> {
  const broken = await store.probe(situation.way);
  // What the store gets, not what the probe counts: a driver may repeat a request in another form.
  expect(store.operations.length).toBeLessThanOrEqual(MAX_REQUESTS);
  const { result = 'Fail', check, reason } = situation;
  expect({ check, ...verdictOf(broken, check) }).toEqual({ check, result, reason });
  if (result !== 'Pass') expectWords(resultOf(broken, check), situation);
  expect(checksOf(reason)).toContain(check);
  if (result !== 'Pass' && result !== 'Warn' && isRequired(check)) expect(broken.isProven).toBe(false);
  const told = JSON.stringify(broken);
  for (const secret of SECRETS) expect(told).not.toContain(secret);
  lift();
  const mended = await store.probe();
  expect({ check, ...verdictOf(mended, check) }).toMatchObject({ check, result: 'Pass' });
  expect({ reasons: mended.reasons, isProven: mended.isProven }).toEqual({
    reasons: { ...(store.tls ? NEW_CERTIFICATE : PLAIN_HTTP), ...(store.provider === 'AzureBlob' && UNTOLD) },
    isProven: true,
  });
  expect(store.keys()).toEqual([]);
}

function resultOf({ results }: Outcome, check: string): CheckResult | undefined {
  return results.find(({ name }) => name === check);
}

function verdictOf(outcome: Outcome, check: string) {
  const { result, reason } = resultOf(outcome, check) ?? {};
  return { result, reason };
}

function expectWords(found: CheckResult | undefined, { remedy }: FaultCase): void {
  expect(found?.message ?? '').not.toBe('');
  if (remedy === undefined) expect(found?.remedy).toBeUndefined();
  else expect(found?.remedy).toMatch(remedy);
}

function isRequired(check: string): boolean {
  return CATALOGUE.find(({ name }) => name === check)?.required !== false;
}

/** The checks that the documented catalogue says can give a reason. */
function checksOf(reason: FaultCase['reason']): readonly string[] {
  const checks = checksThatGive(reason);
  return checks === 'any' ? CATALOGUE.map(({ name }) => name) : checks;
}
