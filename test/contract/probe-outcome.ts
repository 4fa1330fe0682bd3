import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/app/system-clock.ts';
import type { CheckContext, CheckResult } from '../../src/checks/check.ts';
import { judgeAll } from '../../src/checks/judge.ts';
import { declaredSignIn } from '../../src/domain/credentials/identity-ref.ts';
import type { Observations } from '../../src/domain/observations/observations.ts';
import { principalOf, workloadOf } from '../../src/domain/credentials/sign-in.ts';
import { identityEndpoint, storeEndpoint, type CloudEndpoints } from '../../src/domain/bucket/store-endpoint.ts';
import type { BucketTarget } from '../../src/domain/bucket/target.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp, type GuardedHttp } from '../../src/net/guarded-http.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createProber, PROBE_LIMITS } from '../../src/probes/prober.ts';
import { createSurveys } from '../../src/probes/surveys.ts';

/** Origin of the front end in these tests. */
export const APP = 'https://wandb.acme.example';
export const PROBE_UID = '5b0f3c1e-uid';

/** A whole probe and its judgement. */
export interface Outcome {
  readonly seen: Observations;
  readonly results: readonly CheckResult[];
  /** Reasons of the checks that did not pass, without those skipped because of another, or without meaning here. */
  readonly reasons: Readonly<Record<string, string>>;
}

/** Outgoing connections that may reach loopback. */
export const loopbackNet: GuardedHttp = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
});

/** Probes a bucket for real and judges what was seen. */
export async function probeBucket(
  { target, clouds }: { readonly target: BucketTarget; readonly clouds: CloudEndpoints },
  options: {
    readonly mode?: 'Full' | 'Light';
    readonly net?: GuardedHttp;
    readonly clock?: Clock;
    readonly appOrigin?: string;
    /** Pauses before another look for a deleted object; without them it is looked for once. */
    readonly lookAgainMs?: readonly number[];
  } = {},
): Promise<Outcome> {
  const net = options.net ?? loopbackNet;
  const prober = createProber({
    openBucket: createOpenBucket({ net, clouds }),
    http: net.http,
    clock: options.clock ?? systemClock,
    randomId: () => randomBytes(16).toString('hex'),
    limits: { ...PROBE_LIMITS, lookAgainMs: options.lookAgainMs ?? [] },
    surveys: createSurveys(),
  });
  const endpoint = storeEndpoint(target.storage, clouds);
  const mode = options.mode ?? 'Full';
  const appOrigin = options.appOrigin ?? APP;
  const seen = await prober.run(
    { uid: PROBE_UID, target, endpoint, mode, priority: 'New', appOrigin, identity: 'the only one' },
    AbortSignal.timeout(30_000),
  );
  if (seen === undefined) throw new Error('the probe did not begin');
  const workload = workloadOf(target.credential);
  const identityUrl = identityEndpoint(target.storage, target.credential, clouds);
  const context: CheckContext = {
    storage: target.storage,
    namespace: 'wandb',
    principal: principalOf(target.credential),
    signIn: declaredSignIn(target.storage),
    ...(workload !== undefined && { workload }),
    ...(identityUrl !== undefined && { identityUrl }),
    endpointUrl: endpoint,
    appOrigin,
    proxiesFileStore: false,
  };
  const results = judgeAll(seen, context, { ignore: [] });
  const found = results.filter(
    ({ result, reason }) => result !== 'Pass' && reason !== 'PrerequisiteFailed' && reason !== 'NotApplicable',
  );
  return { seen, results, reasons: Object.fromEntries(found.map(({ name, reason }) => [name, reason])) };
}

/** All that a person would read of it. */
export function textsOf(outcome: Outcome): string {
  return outcome.results.map(({ message = '', remedy = '' }) => `${message} ${remedy}`).join('\n');
}

export function failedChecks(outcome: Outcome): readonly string[] {
  return outcome.results.filter(({ result }) => result === 'Fail').map(({ name }) => name);
}
