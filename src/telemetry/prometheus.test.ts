import { beforeEach, describe, expect, it } from '@jest/globals';
import { createTelemetry, type Telemetry } from './prometheus.ts';

const OMEGA = { kind: 'TeamStorage', namespace: 'wandb', name: 'omega' } as const;
const GOOD = {
  ready: true,
  reason: 'Valid',
  published: true,
  lastFullValidation: 1_767_225_600,
  checks: [{ name: 'CanList', result: 'Pass', reason: 'Passed' }],
  reported: [{ type: 'Provisioned', status: 'True', reason: 'TeamCreated' }],
};

let telemetry: Telemetry;
beforeEach(() => {
  telemetry = createTelemetry();
});

/** The series of metrics whose names begin so, without comments. */
async function series(prefix: string): Promise<readonly string[]> {
  const { body } = await telemetry.scrape();
  return body.split('\n').filter((line) => line.startsWith(prefix));
}

describe('metrics of storages', () => {
  it('tell the verdict on each object', async () => {
    telemetry.storage.recordJudgement(OMEGA, GOOD);

    const labels = 'kind="TeamStorage",namespace="wandb",name="omega"';
    expect(await series('byob_storage')).toEqual([
      `byob_storage_ready{${labels},reason="Valid"} 1`,
      `byob_storage_published{${labels}} 1`,
      `byob_storage_check{${labels},check="CanList",result="Pass",reason="Passed"} 1`,
      `byob_storage_condition{${labels},condition="Provisioned",status="True",reason="TeamCreated"} 1`,
      `byob_storage_last_full_validation_timestamp_seconds{${labels}} 1767225600`,
    ]);
  });

  it('replace what they told before: an object has one reason and one result of each check', async () => {
    telemetry.storage.recordJudgement(OMEGA, GOOD);
    const checks = [{ name: 'CanList', result: 'Fail', reason: 'ListDenied' }];
    telemetry.storage.recordJudgement(OMEGA, { ...GOOD, ready: false, reason: 'ListDenied', checks });

    expect(await series('byob_storage_ready')).toEqual([expect.stringMatching(/reason="ListDenied"} 0$/)]);
    expect(await series('byob_storage_check')).toEqual([
      expect.stringMatching(/result="Fail",reason="ListDenied"} 1$/),
    ]);
  });

  it('go when the object goes, and only its own', async () => {
    telemetry.storage.recordJudgement(OMEGA, GOOD);
    telemetry.storage.recordJudgement({ ...OMEGA, name: 'kappa' }, GOOD);
    telemetry.storage.forget(OMEGA);

    const left = await series('byob_storage');
    expect(left).toHaveLength(5);
    expect(left.every((line) => line.includes('name="kappa"'))).toBe(true);
  });
});

describe('metrics of the runtime', () => {
  it('have the names and labels of controller-runtime and client-go', async () => {
    const queue = telemetry.runtime.queue('team-storage', () => 3);
    queue.added();
    queue.taken(0.5);
    queue.finished(0.2);
    queue.retried();
    const controller = telemetry.runtime.controller('team-storage');
    controller.workers(16);
    controller.active(1);
    controller.reconciled('error', 0.1);
    telemetry.runtime.leaderElection('byob-operator', () => true);
    telemetry.runtime.kubeRequest('PATCH', '200');

    const { body } = await telemetry.scrape();
    for (const line of [
      'workqueue_depth{name="team-storage"} 3',
      'workqueue_adds_total{name="team-storage"} 1',
      'workqueue_retries_total{name="team-storage"} 1',
      'workqueue_queue_duration_seconds_count{name="team-storage"} 1',
      'workqueue_work_duration_seconds_count{name="team-storage"} 1',
      'controller_runtime_max_concurrent_reconciles{controller="team-storage"} 16',
      'controller_runtime_active_workers{controller="team-storage"} 1',
      'controller_runtime_reconcile_total{controller="team-storage",result="error"} 1',
      'controller_runtime_reconcile_errors_total{controller="team-storage"} 1',
      'controller_runtime_reconcile_time_seconds_count{controller="team-storage"} 1',
      'leader_election_master_status{name="byob-operator"} 1',
      'rest_client_requests_total{method="PATCH",code="200"} 1',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    expect(body).toContain('process_resident_memory_bytes');
  });
});
