import { describe, expect, it } from '@jest/globals';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { age } from './age.ts';
import { named, overviewOf, storagesOf } from './overview.ts';
import { problemsOf } from './problems.ts';
import { renderStatus } from './render-status.ts';
import { rotations } from './rotations.ts';

const NOW = Date.parse('2026-05-04T12:00:00Z');
const HOUR_AGO = '2026-05-04T11:00:00Z';
type Status = NonNullable<TeamStorage['status']>;
type Check = NonNullable<Status['checks']>[number];

function condition(type: string, status: 'True' | 'False' | 'Unknown', reason: string, message = '') {
  return { type, status, reason, message, observedGeneration: 1, lastTransitionTime: HOUR_AGO };
}

const READY = [condition('Ready', 'True', 'Valid'), condition('Published', 'True', 'Published')];
const metadata = (name: string, namespace = 'wandb') => ({
  ...{ name, namespace, generation: 1, creationTimestamp: '2026-05-02T12:00:00Z' },
});

function instance(status: InstanceStorage['status'] = {}, name = 'main'): InstanceStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'InstanceStorage',
    metadata: metadata(name),
    spec: { deployment: { type: 'SelfManaged', url: 'https://wandb.example.com' } } as InstanceStorage['spec'],
    status: { observedGeneration: 1, conditions: READY, ...status },
  };
}

function team(name: string, status: Status = {}, spec: Partial<TeamStorage['spec']> = {}): TeamStorage {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: metadata(name),
    spec: { team: name, ...spec },
    status: { observedGeneration: 1, conditions: READY, ...status },
  };
}

function screen(...storages: readonly (InstanceStorage | TeamStorage)[]): string {
  return renderStatus(overviewOf(storages), { style: (_format, text) => text, place: 'the cluster', now: NOW });
}

const FAILED: Check = {
  ...{ name: 'BucketExists', result: 'Fail', reason: 'BucketNotFound' },
  ...{ message: 'There is no bucket acme.', remedy: 'Create the bucket.' },
};

describe('the problems of a storage', () => {
  it.each<[string, Status, readonly string[]]>([
    ['none where everything is as it should be', {}, []],
    [
      'a check once, although its gate and Ready repeat its reason',
      {
        conditions: [
          condition('Ready', 'False', 'BucketNotFound', 'There is no bucket acme.'),
          condition('Accepted', 'True', 'Accepted'),
          condition('BucketReachable', 'False', 'BucketNotFound', 'There is no bucket acme.'),
          condition('BucketUsable', 'Unknown', 'NotReached'),
          condition('Published', 'False', 'AwaitingProof', 'Not proven.'),
        ],
        checks: [FAILED, { name: 'CanList', result: 'Skip', reason: 'PrerequisiteFailed' }],
      },
      ['BucketExists BucketNotFound Fail', 'Published AwaitingProof Fail'],
    ],
    [
      'a reason of Ready alone',
      { conditions: [condition('Ready', 'False', 'Suspended', 'spec.suspend is set.')] },
      ['Ready Suspended Fail'],
    ],
    [
      'warnings of a storage that is Ready, without checks that could not be decided',
      {
        conditions: [...READY.slice(0, 1), condition('Published', 'True', 'RotationHeld', 'The old key stays.')],
        checks: [
          { name: 'TlsExpiry', result: 'Warn', reason: 'TlsExpiresSoon' },
          { name: 'LifecycleSafe', result: 'Unknown', reason: 'SettingNotReadable' },
        ],
      },
      ['TlsExpiry TlsExpiresSoon Warn', 'Published RotationHeld Warn'],
    ],
  ])('%s', (_name, status, expected) => {
    const problems = problemsOf(team('omega', status));
    expect(problems.map(({ name, reason, result }) => `${name} ${reason} ${result}`)).toEqual(expected);
  });

  it('a negative condition is a warning while it is True', () => {
    const conditions = [...READY, condition('FileStoresFilling', 'True', 'FileStoresNearlyFull')];
    expect(problemsOf(instance({ conditions })).map(({ name, result }) => [name, result])).toEqual([
      ['FileStoresFilling', 'Warn'],
    ]);
  });
});

describe('the overview', () => {
  it('puts teams below their instance, and those without one apart', () => {
    const teams = [
      team('b', {}, { instanceRef: { name: 'second' } }),
      team('a', { instanceRef: { name: 'main' } }),
      team('lost', {}, { instanceRef: { name: 'gone' } }),
      team('open'),
    ];
    const { instances, teamsWithoutInstance } = overviewOf([...teams, instance({}, 'second'), instance({}, 'main')]);
    expect(instances.map((one) => [one.name, one.teams.map(({ name }) => name)])).toEqual([
      ['main', ['a']],
      ['second', ['b']],
    ]);
    expect(teamsWithoutInstance.map(({ name }) => name)).toEqual(['lost', 'open']);
    expect(overviewOf([instance(), team('open')]).instances[0]?.teams).toHaveLength(1);
  });

  it('by a name it has the instance with all teams, or one team with its instance', () => {
    const all = overviewOf([instance(), team('a'), team('b')]);
    expect(storagesOf(named('main', all)).map(({ name }) => name)).toEqual(['main', 'a', 'b']);
    expect(storagesOf(named('b', all)).map(({ name }) => name)).toEqual(['main', 'b']);
    expect(storagesOf(named('c', all))).toEqual([]);
  });
});

const delivering: InstanceStorage = { ...instance(), spec: { ...instance().spec, delivery: {} } };

describe('the screen', () => {
  it('tells a problem that several storages have once, and names where', () => {
    const failing: Status = { conditions: [condition('Ready', 'False', 'BucketNotFound')], checks: [FAILED] };
    const text = screen(instance(), team('a', failing), team('b', failing));

    expect(text.match(/There is no bucket acme/g)).toHaveLength(1);
    expect(text).toMatch(/✗ b .*\n +✗ BucketExists: BucketNotFound\n +The same as at a above\.\n/);
  });

  it('says where nothing was found', () => {
    expect(screen()).toBe('There is no InstanceStorage and no TeamStorage in the cluster.\n');
  });

  it('shows the instance, its teams as a tree, problems with remedies, the server, who reaches files, and keys', () => {
    const text = screen(
      instance({
        conditions: [
          ...READY,
          condition('Delivered', 'True', 'Delivered'),
          condition('RolledOut', 'False', 'RollingOut', 'One of two is complete.'),
        ],
        ...{ provider: 'S3', bucket: 'acme-wandb', region: 'eu-central-1', principal: 'access key AKIA***MPLE' },
        lastFullValidationTime: HOUR_AGO,
        config: { secretName: 'main-storage', configMapName: 'main-storage', hash: 'abc123' },
        rollout: {
          workloads: [
            { uid: '1', name: 'app', hash: 'abc123', restartTime: HOUR_AGO },
            { uid: '2', name: 'parquet', hash: 'older' },
          ],
        },
        teams: { total: 2, ready: 1, published: 1, retained: 1 },
      }),
      team('omega', {
        conditions: [...READY, condition('Isolated', 'True', 'ExclusiveBucket')],
        bucket: 'acme-omega',
        rotation: { rotatedAt: HOUR_AGO, previousKeySafeToRevokeAfter: '2026-05-05T11:00:00Z' },
      }),
      team('sigma', {
        conditions: [
          condition('Ready', 'False', 'BucketNotFound', 'There is no bucket acme.'),
          condition('Published', 'False', 'AwaitingProof', 'Not proven.'),
          condition('Isolated', 'False', 'SharedBucket'),
        ],
        checks: [FAILED],
        isolation: { sharedWith: ['omega'] },
      }),
    );
    expect(text).toBe(`InstanceStorage wandb/main
  Front end  https://wandb.example.com
  Ready      ✓ Valid since 60m
  Published  ✓ Published since 60m
  Bucket     S3 acme-wandb in eu-central-1, as access key AKIA***MPLE
  Validated  60m ago
  Config     Secret main-storage, ConfigMap main-storage, hash abc123
  Delivered  ✓ Delivered since 60m
  Rolled out ✗ RollingOut since 60m
             One of two is complete.
             app: started for this config, restarted 60m ago
             parquet: started for an earlier config
  Teams      2: 1 ready, 1 published, 1 retained

       STORAGE  TEAM   READY           PUBLISHED      BUCKET      AGE
  ├─ ✓ omega    omega  Ready           published      acme-omega  2d
  └─ ✗ sigma    sigma  BucketNotFound  not published  -           2d
       ✗ BucketExists: BucketNotFound
         There is no bucket acme.
         Create the bucket.
       ✗ Published: AwaitingProof
         Not proven.

Who reaches whose files
  omega
    ExclusiveBucket: No other published storage uses the bucket.
  sigma
    SharedBucket: Other storages use the bucket, with other sub-paths. A user with its credential reaches the files of all. Shared with omega.

Keys in rotation
  omega: replaced 60m ago. Keep the former key until 2026-05-05T11:00:00Z (23h left).
`);
  });

  it.each([
    ['a storage without a status', screen(instance({ observedGeneration: 0, conditions: [] })), 'not judged yet'],
    ['a team without an instance', screen(team('omega')), 'Teams without an InstanceStorage'],
    ['a server that is not managed', screen(instance()), 'spec.delivery is not set'],
    ['a delivery that has not begun', screen(delivering), 'Server     the delivery has not begun'],
    ['a suspended storage', screen(instance(), team('omega', {}, { suspend: true })), '(suspended)'],
  ])('says so of %s', (_name, text, expected) => {
    expect(text).toContain(expected);
  });

  it('lets no text of a store control the terminal', () => {
    const evil = { ...FAILED, message: 'no\u001b[2J\u009b31mbucket' };
    const text = screen(instance({ conditions: [condition('Ready', 'False', 'BucketNotFound')], checks: [evil] }));
    expect(text).toContain('no [2J 31mbucket');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('keys in rotation', () => {
  it.each([
    [{}, []],
    [{ rotatedAt: HOUR_AGO }, ['it is not known that the server runs with the new one']],
    [{ rotatedAt: HOUR_AGO, previousKeySafeToRevokeAfter: '2026-05-05T12:00:00Z' }, ['Keep the former key until']],
    [{ rotatedAt: HOUR_AGO, previousKeySafeToRevokeAfter: '2026-05-04T11:59:00Z' }, ['can be revoked since']],
    [{ rotatedAt: '2026-04-01T00:00:00Z', previousKeySafeToRevokeAfter: '2026-04-02T00:00:00Z' }, []],
  ])('of %j: %j', (rotation, expected) => {
    const [view] = overviewOf([team('omega', { rotation })]).teamsWithoutInstance;
    expect(rotations(view!, NOW)).toEqual(expected.map((part) => expect.stringContaining(part)));
  });
});

it.each([
  [-1, '0s'],
  [119_000, '119s'],
  [120_000, '2m'],
  [7_200_000, '2h'],
  [172_800_000, '2d'],
])('an age of %d ms is %s', (milliseconds, text) => {
  expect(age(milliseconds)).toBe(text);
});
