import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { runLua } from '../servers/lua.ts';

interface Health {
  readonly status: string;
  readonly message: string;
}

const KINDS = ['InstanceStorage', 'TeamStorage'];
const { data: DATA } = parse(readFileSync('config/argocd/argocd-cm.yaml', 'utf8')) as {
  readonly data: Readonly<Record<string, string>>;
};

type Condition = Readonly<Record<string, string>>;

function storage(status: object | undefined, changes: { metadata?: object; spec?: object } = {}): object {
  return {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name: 'omega', generation: 2, ...changes.metadata },
    spec: { team: 'omega', ...changes.spec },
    ...(status !== undefined && { status }),
  };
}

function looked(...conditions: readonly Condition[]): object {
  return { observedGeneration: 2, conditions };
}

const READY = { type: 'Ready', status: 'True', reason: 'Valid', message: 'All is well.' };
const BROKEN = { type: 'Ready', status: 'False', reason: 'ListDenied', message: 'Grant s3:ListBucket.' };
const RECONCILING = { type: 'Reconciling', status: 'True', reason: 'ProgressingWithRetry', message: '' };
const STALLED = { type: 'Stalled', status: 'True', reason: 'ListDenied', message: '' };

const ROWS: readonly (readonly [string, object, string, string])[] = [
  ['new, before the operator', storage(undefined), 'Progressing', 'Waiting for the operator'],
  [
    'new, as the API server defaults it',
    storage({ observedGeneration: -1 }),
    'Progressing',
    'Waiting for the operator',
  ],
  ['Ready', storage(looked(READY)), 'Healthy', 'All is well.'],
  ['failing for a moment', storage(looked(BROKEN, RECONCILING)), 'Progressing', 'Grant s3:ListBucket.'],
  ['failing for good', storage(looked(BROKEN, STALLED)), 'Degraded', 'Grant s3:ListBucket.'],
  [
    'Ready for an older generation',
    storage({ observedGeneration: 1, conditions: [READY] }),
    'Progressing',
    'Waiting for the operator',
  ],
  ['suspended and good', storage(looked(READY), { spec: { suspend: true } }), 'Suspended', 'All is well.'],
  [
    'suspended before it was proven',
    storage(looked({ ...BROKEN, reason: 'Suspended' }, { ...STALLED, reason: 'Suspended' }), {
      spec: { suspend: true },
    }),
    'Suspended',
    'Grant s3:ListBucket.',
  ],
  [
    'being deleted',
    storage(looked(READY), { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }),
    'Progressing',
    'Being deleted',
  ],
  ...['Delivered', 'RolledOut', 'Provisioned', 'Isolated'].map(
    (type) =>
      [
        `Ready, and not ${type}`,
        storage(looked(READY, { type, status: 'False', reason: 'X', message: 'not' })),
        'Healthy',
        'All is well.',
      ] as const,
  ),
  [
    'Ready, with file stores that fill',
    storage(looked(READY, { type: 'FileStoresFilling', status: 'True', reason: 'X', message: 'much' })),
    'Healthy',
    'All is well.',
  ],
  [
    'Ready, with a Stalled that is False',
    storage(looked(READY, { ...STALLED, status: 'False' })),
    'Healthy',
    'All is well.',
  ],
  ['judged, with Ready unknown', storage(looked({ ...READY, status: 'Unknown' })), 'Progressing', 'All is well.'],
];

describe.each(KINDS)('Argo CD on %s (gopher-lua with its libraries)', (kind) => {
  const health = DATA[`resource.customizations.health.storage.wandb.com_${kind}`] ?? '';
  const actions = parse(DATA[`resource.customizations.actions.storage.wandb.com_${kind}`] ?? '') as {
    readonly 'discovery.lua': string;
    readonly definitions: readonly { readonly name: string; readonly 'action.lua': string }[];
  };
  const action = (name: string): string => actions.definitions.find((one) => one.name === name)?.['action.lua'] ?? '';

  it.each(ROWS)('%s: it is told rightly', async (_what, object, status, message) => {
    expect(await runLua<Health>(health, [object])).toEqual([{ status, message }]);
  });

  it('offers what makes sense', async () => {
    const [free, held] = await runLua<object>(actions['discovery.lua'], [
      storage(looked(READY)),
      storage(looked(READY), { spec: { suspend: true } }),
    ]);
    expect(free).toEqual({ refresh: { disabled: false }, suspend: { disabled: false }, resume: { disabled: true } });
    expect(held).toEqual({ refresh: { disabled: true }, suspend: { disabled: true }, resume: { disabled: false } });
  });

  it('suspends and resumes, and changes nothing else', async () => {
    const object = storage(looked(READY));
    const [suspended] = await runLua<object>(action('suspend'), [object]);
    expect(suspended).toEqual(storage(looked(READY), { spec: { suspend: true } }));
    expect(await runLua<object>(action('resume'), [suspended])).toEqual([object]);
  });

  it('asks for a validation by the annotation that the operator heeds', async () => {
    const [asked] = await runLua<{ metadata: { annotations: Record<string, string> } }>(action('refresh'), [
      storage(looked(READY)),
    ]);
    expect(Object.keys(asked?.metadata.annotations ?? {})).toEqual(['storage.wandb.com/reconcile-requested-at']);
    expect(asked?.metadata.annotations['storage.wandb.com/reconcile-requested-at']).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:]+Z$/,
    );
  });
});
