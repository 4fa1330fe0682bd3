import { describe, expect, it } from '@jest/globals';
import {
  condition,
  DEMO_NOW,
  demoStorages,
  minioBucketOf,
  readyConditions,
  teamStorage,
  type Storage,
} from '../../../test/support/report/demo-storages.ts';
import { fleetStorages } from '../../../test/support/report/fleet-storages.ts';
import { hostileStorages } from '../../../test/support/report/hostile-storages.ts';
import { reportOf } from '../../../test/support/report/report-of.ts';
import { bucketMap } from './bucket-map.ts';
import { connected } from './connected.ts';
import { headline } from './headline.ts';
import { markup, trusted } from './html.ts';
import { renderReport } from './page.ts';
import { pathTree, type PathNode } from './path-tree.ts';
import { separationOf } from './reach.ts';
import type { Report } from './report.ts';
import { STYLE } from './style.ts';
import { tasksOf } from './tasks.ts';
import { timeAndAge } from './times.ts';

/** A team with a bucket and a Secret; `other` are further fields of the spec. */
function team(name: string, bucket: string, { secret = name, path, namespace }: Place = {}): Storage {
  return teamStorage(
    name,
    { bucket: minioBucketOf(bucket, secret, path) },
    { conditions: readyConditions() },
    namespace,
  );
}

interface Place {
  readonly secret?: string;
  readonly path?: string;
  readonly namespace?: string;
}

describe('the map of buckets', () => {
  it.each<[string, readonly Storage[], readonly string[]]>([
    ['one storage alone', [team('a', 'one')], ['one: Alone: a']],
    [
      'two buckets with a credential in common',
      [team('a', 'one', { secret: 's' }), team('b', 'two', { secret: 's' })],
      ['one: SharedCredential: a', 'two: SharedCredential: b'],
    ],
    [
      'Secrets of the same name in two namespaces are two credentials',
      [team('a', 'one', { secret: 's' }), team('b', 'two', { secret: 's', namespace: 'other' })],
      ['one: Alone: a', 'two: Alone: b'],
    ],
    [
      'paths beside each other',
      [team('a', 'one', { path: 'x' }), team('b', 'one', { path: 'xy' })],
      ['one: Shared: a, b'],
    ],
    [
      'a path inside another',
      [team('a', 'one', { path: 'x' }), team('c', 'one', { path: 'x-y' }), team('b', 'one', { path: 'x/y' })],
      ['one: Overlapping: a, c, b'],
    ],
    ['the whole bucket and a path', [team('a', 'one'), team('b', 'one', { path: 'x' })], ['one: Overlapping: a, b']],
    [
      'the same path twice',
      [team('a', 'one', { path: 'x' }), team('b', 'one', { path: 'x' })],
      ['one: Overlapping: a, b'],
    ],
  ])('%s', (_name, storages, expected) => {
    const { buckets } = bucketMap(storages);
    expect(
      buckets.map((one) => `${one.name}: ${separationOf(one)}: ${one.tenants.map(({ name }) => name).join(', ')}`),
    ).toEqual(expected);
  });

  it('has a team without a bucket on that of its instance, and one with bucketFrom where that is', () => {
    const [instance] = demoStorages();
    const from = teamStorage('from', { bucketFrom: { teamStorageRef: { name: 'a' }, path: 'x' } }, {});
    const { buckets, unplaced } = bucketMap([instance!, teamStorage('kappa', {}, {}), team('a', 'one'), from]);
    expect(buckets.map(({ name, tenants }) => [name, tenants.map((one) => [one.name, one.path])])).toEqual([
      [
        'wandb-data',
        [
          ['wandb', ''],
          ['kappa', ''],
        ],
      ],
      [
        'one',
        [
          ['a', ''],
          ['from', 'x'],
        ],
      ],
    ]);
    expect(unplaced).toEqual([]);
  });

  it('has no place for a spec that leads nowhere', () => {
    const lost = teamStorage('lost', { bucketFrom: { teamStorageRef: { name: 'nobody' } } }, {});
    expect(bucketMap([lost])).toEqual({ buckets: [], unplaced: ['TeamStorage/wandb/lost'] });
  });

  it('names those outside the report that a status knows of, and where an earlier place is still published', () => {
    const moved = teamStorage(
      'a',
      { bucket: minioBucketOf('new', 's') },
      {
        isolation: { sharedWith: ['(in another namespace)'] },
        boundBucket: { provider: 'S3Compatible', name: 'old', path: 'x', endpoint: 'https://minio.acme.example:9000' },
      },
    );
    const [bucket] = bucketMap([moved]).buckets;
    expect([bucket?.others, bucket?.tenants[0]?.publishedIn]).toEqual([['(in another namespace)'], 'old/x']);
    expect(separationOf(bucket!)).toBe('Overlapping');
  });

  it('groups the buckets that credentials connect, also over a third one', () => {
    const storages = [
      team('a', 'one', { secret: 's' }),
      team('b', 'two', { secret: 's', path: 'b' }),
      team('c', 'two', { secret: 't', path: 'c' }),
      team('d', 'three', { secret: 't' }),
      team('e', 'four'),
    ];
    const groups = connected(bucketMap(storages).buckets);
    expect(groups.map(({ buckets }) => buckets.map(({ name }) => name))).toEqual([['one', 'two', 'three'], ['four']]);
    expect(groups[0]?.credentials.map(({ label, buckets }) => [label, buckets.length])).toEqual([
      ['Secret s', 2],
      ['Secret t', 2],
    ]);
  });
});

it('paths lie inside those that contain them', () => {
  const storages = ['x/y/z', 'x', 'x-y', 'x/y', 'w'].map((path) => team(path.replaceAll('/', '-'), 'one', { path }));
  const shown = ({ path, inside }: PathNode): string =>
    inside.length === 0 ? path : `${path}(${inside.map(shown).join(' ')})`;
  const [bucket] = bucketMap(storages).buckets;
  expect(pathTree(bucket?.tenants ?? []).map(shown)).toEqual(['w', 'x(x/y(x/y/z))', 'x-y']);
});

describe('the summary', () => {
  it('has what fails first, what is not published before what is, and causes without what follows from them', () => {
    const tasks = tasksOf(reportOf(demoStorages()).storages);
    expect(tasks.map(({ line, concerned }) => [line.reason, concerned.map(({ view }) => view.name)])).toEqual([
      ['BucketNotFound', ['sigma']],
      ['SecretKeyWrong', ['rho']],
      ['TlsExpiresSoon', ['wandb']],
    ]);
  });

  it('has a fault of many storages once', () => {
    const tasks = tasksOf(reportOf(fleetStorages(100)).storages);
    const missing = tasks.find(({ line }) => line.reason === 'BucketNotFound');
    expect([missing?.concerned.length, missing?.isSame]).toEqual([2, false]);
    expect(tasks).toHaveLength(4);
  });

  const files = { kind: 'Files', files: ['a.yaml'], isLive: false } as const;
  it.each<[string, Report]>([
    ['There is no InstanceStorage and no TeamStorage.', reportOf([])],
    ['2 of 8 storages are not Ready.', reportOf(demoStorages())],
    ['The storage is Ready.', reportOf([team('a', 'one')])],
    ['All 2 storages are Ready, 1 with warnings.', reportOf([...demoStorages().slice(0, 1), team('a', 'one')])],
    [
      'The storage is good. The buckets were not asked: --live does that.',
      reportOf([team('a', 'one')], { source: files }),
    ],
    [
      'There is no InstanceStorage and no TeamStorage. 1 part of the files could not be judged.',
      reportOf([], {
        source: { ...files, isLive: true },
        unreadable: [{ name: 'Manifest', result: 'Fail', reason: 'Unreadable' }],
      }),
    ],
  ])('%s', (expected, report) => {
    expect(headline(report)).toBe(expected);
  });
});

describe('the page', () => {
  it('shows what is to be done about a former key, with times', () => {
    const page = renderReport(reportOf(demoStorages()));
    expect(page).toContain('<time datetime="2026-05-05T02:47Z">2026-05-05 02:47 UTC</time>, 23h later');
    expect(page).toContain('expires on 2026-05-13');
  });

  it.each([
    [200, 400_000],
    [1000, 2_000_000],
  ])('about %d teams has at most %d bytes', (teams, most) => {
    const page = renderReport(reportOf(fleetStorages(teams)));
    expect(Buffer.byteLength(page)).toBeLessThan(most);
    for (let index = 1; index <= teams; index += 1) expect(page).toContain(`team-${String(index).padStart(4, '0')}`);
  });

  it('has the same bytes for the same storages', () => {
    expect(renderReport(reportOf(demoStorages()))).toBe(renderReport(reportOf(demoStorages())));
  });

  it('takes no text for markup', () => {
    const page = renderReport(reportOf(hostileStorages()));
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain('&lt;img src=x onerror=&quot;');
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(page).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });
});

it.each([
  [markup`<p title="${'"&<>'}">${'<b>'}</p>`, '<p title="&quot;&amp;&lt;&gt;">&lt;b&gt;</p>'],
  [markup`${undefined}${['a', 1, [trusted('<i>')]]}`, 'a1<i>'],
  [markup`${'\u202e\u0007a\tb\n'}`, '\ufffd\ufffda\tb\n'],
])('markup escapes what is put into it (%#)', (made, expected) => {
  expect(made.text).toBe(expected);
});

it.each([
  ['2026-05-04T03:12:10Z', '<time datetime="2026-05-04T03:12Z">2026-05-04 03:12 UTC</time>'],
  ['2026-05-04T02:12:00Z', '<time datetime="2026-05-04T02:12Z">2026-05-04 02:12 UTC</time>, 60m earlier'],
  ['2026-05-06T03:12:00Z', '<time datetime="2026-05-06T03:12Z">2026-05-06 03:12 UTC</time>, 2d later'],
  ['soon', 'soon'],
])('the time %s', (time, expected) => {
  expect(timeAndAge(time, DEMO_NOW).text).toBe(expected);
});

describe('the colours', () => {
  const tables = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, table = '']) =>
      new Map([...table.matchAll(/--([\w-]+): (#[0-9a-f]+)/g)].map(([, name = '', value = '']) => [name, value])),
  );
  const RESULTS = ['Fail', 'Warn', 'Unknown', 'Pass', 'Skip'];
  const PAIRS = [
    ...['paper', 'card', 'soft'].flatMap((ground) =>
      ['ink', 'mute', 'link', ...RESULTS].map((text) => [text, ground] as const),
    ),
    ...RESULTS.map((result) => [result, `${result}-soft`] as const),
  ];

  it.each([
    ['light', 0],
    ['dark', 1],
    ['paper', 2],
  ])('%s: every text has a contrast of 4.5 at least', (_name, index) => {
    const table = tables[index] ?? new Map<string, string>();
    for (const [text, ground] of PAIRS) {
      const contrast = contrastOf(table.get(text) ?? '', table.get(ground) ?? '');
      expect([text, ground, contrast >= 4.5]).toEqual([text, ground, true]);
    }
  });
});

/** By the formula of WCAG 2. */
function contrastOf(one: string, two: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(two)].toSorted((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.slice(1).replaceAll(/./g, '$&$&') : colour.slice(1);
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

it('a storage that is not judged yet is undecided, and a suspended one says so', () => {
  const fresh = teamStorage('fresh', { bucket: minioBucketOf('one', 's') }, { observedGeneration: 0 });
  const resting = teamStorage(
    'resting',
    { bucket: minioBucketOf('two', 's'), suspend: true },
    { conditions: [condition('Ready', 'False', 'Suspended')] },
  );
  const report = reportOf([fresh, resting]);
  expect(report.storages.map(({ verdict }) => verdict)).toEqual(['Unknown', 'Fail']);
  const page = renderReport(report);
  expect(page).toContain('the present spec is not judged yet');
  expect(page).toContain('<span class="note">suspended</span>');
});
