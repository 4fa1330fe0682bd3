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

async function scraped(): Promise<string> {
  return [...(await telemetry.scrape()).body].join('');
}

/** The series of metrics with this prefix, without comments. */
async function series(prefix: string): Promise<readonly string[]> {
  return (await scraped()).split('\n').filter((line) => line.startsWith(prefix));
}

describe('metrics of storages', () => {
  it('show the verdict on each object', async () => {
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

  it('replace their former values: an object has one reason and one result of each check', async () => {
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

describe('the series of many objects', () => {
  it('are served in parts whose length no object changes', async () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `team-${index}`);
    for (const name of names) telemetry.storage.recordJudgement({ ...OMEGA, name }, GOOD);

    const parts = [...(await telemetry.scrape()).body];
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(300_000);
    expect(await series('byob_storage_ready')).toHaveLength(2_000);
  });

  it('are each served once, whichever objects come and go between two parts', async () => {
    for (const name of ['a', 'b', 'c']) telemetry.storage.recordJudgement({ ...OMEGA, name }, GOOD);
    const lines: string[] = [];
    for (const part of (await telemetry.scrape()).body) {
      lines.push(...part.split('\n').filter((line) => line.startsWith('byob_')));
      telemetry.storage.forget({ ...OMEGA, name: 'a' });
      telemetry.storage.recordJudgement({ ...OMEGA, name: 'a' }, GOOD);
    }
    const names = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(names.filter((name) => name.includes('name="a"'))).toHaveLength(5);
    expect(new Set(names).size).toBe(names.length);
  });

  it('escape what a text may hold', async () => {
    telemetry.storage.recordJudgement(OMEGA, { ...GOOD, reason: 'a "b" \\ c\nd' });
    expect(await series('byob_storage_ready')).toEqual([expect.stringContaining('reason="a \\"b\\" \\\\ c\\nd"} 1')]);
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

    const body = await scraped();
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

it('removes the series of recoveries with their instance', async () => {
  const prod = { kind: 'InstanceStorage', namespace: 'wandb', name: 'prod' } as const;
  telemetry.publication.ledgersRecovered(prod, 1);
  expect(await series('byob_ledger_recovered_total')).toHaveLength(1);

  telemetry.publication.forget(prod);
  expect(await series('byob_ledger_recovered_total')).toEqual([]);
});

it('shows the turns of each store, as long as it is known', async () => {
  const turns = [{ endpoint: 'https://minio.example:9000', limit: 5, busy: 3, waiting: 7 }];
  telemetry.runtime.probeTurns(() => turns);
  const labels = 'endpoint="https://minio.example:9000"';
  expect(await series('byob_probe_endpoint')).toEqual([
    `byob_probe_endpoint_limit{${labels}} 5`,
    `byob_probe_endpoint_running{${labels}} 3`,
    `byob_probe_endpoint_waiting{${labels}} 7`,
  ]);
  turns.pop();
  expect(await series('byob_probe_endpoint')).toEqual([]);
});
