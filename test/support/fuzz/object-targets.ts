import type { InstanceStorage, TeamStorage } from '../../../src/api/resources.ts';
import { restore } from '../../../src/controllers/validation/validation-memory.ts';
import { validationRequest } from '../../../src/controllers/validation/validation-request.ts';
import { resolvedBy } from '../../../src/controllers/storage/resolved-storage.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { Claimant } from '../../../src/domain/admission/world.ts';
import type { BucketStorage } from '../../../src/domain/bucket/storage.ts';
import { PUBLIC_CLOUDS } from '../../../src/domain/bucket/store-endpoint.ts';
import type { Problem } from '../../../src/domain/conditions/problem.ts';
import { readCredential } from '../../../src/domain/credentials/read-credential.ts';
import { decodeLedger, encodeLedger } from '../../../src/domain/publication/ledger-format.ts';
import { renderOutputs } from '../../../src/domain/publication/outputs.ts';
import { recoverLedger } from '../../../src/domain/publication/recover-ledger.ts';
import { asJsonObject, type JsonObject } from '../../../src/domain/spec/json.ts';
import { sanitizeInstance, sanitizeTeam } from '../../../src/domain/spec/sanitize-spec.ts';
import { admissionOf } from '../fakes/admission-world.ts';
import { bucket, COMMA, EMPTY, instanceClaim, proven, SALT_TEXT, team, update } from '../fakes/publication.ts';
import { bucketSpec, instanceObject } from '../fakes/publishing-world.ts';
import { expectSentence } from './expect-sentence.ts';
import type { Target } from './target.ts';

const metadata = {
  namespace: 'ns',
  name: 'omega',
  uid: 'uid-omega',
  generation: 1,
  creationTimestamp: '2026-01-02T00:00:00Z',
};
const apiVersion = 'storage.wandb.com/v1alpha1';
const REFS = [
  { kind: 'AccessKey', secretName: 'omega', accessKeyIdKey: 'ACCESS_KEY', secretAccessKeyKey: 'SECRET_KEY' },
  { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' },
  { kind: 'AccountKey', secretName: 'omega', key: 'AZURE_STORAGE_KEY' },
] as const;

/** The JSON object in a text; `undefined` for any other text, which the API server would refuse. */
function jsonIn(text: string): JsonObject | undefined {
  try {
    return asJsonObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function expectProblem(problem: Problem | undefined): void {
  if (problem === undefined) return;
  for (const text of [problem.message, problem.remedy]) if (text !== undefined) expectSentence(text);
}

/** An object of either kind with this spec is accepted, or refused with a sentence. */
function readsSpec(text: string): void {
  const spec: unknown = jsonIn(text);
  if (spec === undefined) return;
  const objects: readonly Claimant[] = [
    sanitizeTeam({ apiVersion, kind: 'TeamStorage', metadata, spec: spec as TeamStorage['spec'] }),
    sanitizeInstance({ apiVersion, kind: 'InstanceStorage', metadata, spec: spec as InstanceStorage['spec'] }),
  ];
  for (const object of objects)
    expectProblem(admissionOf(object, { objects: [object, instanceObject('wandb')] }).refusal);
}

/** Whatever stands in a status, the object is looked at again. */
function readsStatus(text: string): void {
  const status = jsonIn(text) as TeamStorage['status'];
  if (status === undefined) return;
  const object = sanitizeTeam({
    apiVersion,
    kind: 'TeamStorage',
    metadata,
    spec: { team: 'omega', bucket: bucketSpec('b') },
    status,
  });
  const admission = admissionOf(object, {
    objects: [object, instanceObject('wandb')],
    ledgers: { ns: [{ instance: 'wandb' }] },
  });
  if (admission.storage === undefined) return;
  const known = {
    storage: admission.storage,
    credentialDigest: 'digest',
    salt: new Secret('salt'),
    isRecorded: true,
    clouds: PUBLIC_CLOUDS,
    allowPublicBuckets: false,
  };
  const signIn = { kind: 'AccessKey', accessKeyId: 'AKIA', secretAccessKey: new Secret('secret') } as const;
  const { recorded, policy } = validationRequest(resolvedBy(object, admission), {
    ...known,
    references: { signIn, credential: signIn },
  });
  if (recorded !== undefined) restore(recorded, 'inputs', policy, { now: { monotonic: 0, wall: 0 }, lightProbeAt: 0 });
}

/** The message about a Secret holds no value of it. */
function readsSecret(text: string): void {
  const values = Object.entries(jsonIn(text) ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && /^[-.\w]+$/.test(entry[0]),
  );
  const data = Object.fromEntries(values.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
  for (const ref of REFS) {
    const read = readCredential(data, ref);
    if (read.ok) continue;
    expectProblem(read.error);
    const told = `${read.error.message} ${read.error.remedy}`;
    const leaked = values.find(([, value]) => value.length >= 12 && told.includes(value));
    if (leaked !== undefined) throw new Error(`the message holds the value of ${leaked[0]}`);
  }
}

/** A ledger that can be read is the same after it was written again. */
function ledgerIsStable(text: string): void {
  const decoded = decodeLedger(text);
  if (!decoded.ok || decoded.value.kind === 'Former') return;
  const written = encodeLedger(decoded.value.ledger);
  const again = decodeLedger(written);
  if (!again.ok || again.value.kind === 'Former') throw new Error('what was written from it cannot be read');
  if (encodeLedger(again.value.ledger) !== written) throw new Error('it changes when it is written again');
  update(decoded.value.ledger, [proven(team('omega', bucket('b')), 'd1')]);
}

const TEAMS = [proven(team('omega', bucket('b', 'p')), 'd1'), proven(team('kappa', bucket('c')), 'd2')];

/** What a recovery makes of outputs that people edited can be written, and read again. */
function recoversSafely(text: string): void {
  const { secret, configMap } = jsonIn(text) ?? {};
  const outputs = { secret: textsIn(secret), configMap: textsIn(configMap), seal: undefined };
  const context = { instance: 'wandb', format: COMMA, newSalt: SALT_TEXT, now: '2026-06-01T00:00:00Z' };
  const recovered = recoverLedger(outputs, context);
  if (recovered === undefined) return;
  const decoded = decodeLedger(encodeLedger(recovered.ledger));
  if (!decoded.ok || decoded.value.kind === 'Former') throw new Error('the recovered ledger cannot be read');
  renderOutputs(decoded.value.ledger, 'wandb-storage');
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(asJsonObject(value) ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const NATIVE: BucketStorage = {
  provider: 'S3',
  name: 'runs',
  path: 'p',
  region: 'eu-central-1',
  credentials: { kind: 'Ambient' },
};
const OUTPUTS = [proven(instanceClaim(bucket('runs', 'p')), 'd0'), proven(instanceClaim(NATIVE), '')].map(
  (instance) => {
    const { secret, configMap } = renderOutputs(update(EMPTY, [instance, ...TEAMS]).ledger, 'wandb-storage');
    return JSON.stringify({ secret, configMap });
  },
);
const LEDGER = encodeLedger(update(EMPTY, TEAMS).ledger);
const STATUS = JSON.stringify({
  conditions: [
    {
      type: 'Ready',
      status: 'True',
      reason: 'Ready',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
    },
    {
      type: 'Isolated',
      status: 'False',
      reason: 'UsesInstanceBucket',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ],
  checks: [
    { name: 'CanWrite', result: 'Passed' },
    { name: 'CanRead', result: 'Failed', reason: 'AccessDenied', message: 'm' },
  ],
  lastFullValidationTime: '2026-01-01T00:00:00Z',
  rotation: { credentialFingerprint: 'f' },
  instanceRef: { name: 'wandb' },
  boundBucket: { provider: 'S3Compatible', name: 'b', endpoint: 'https://minio.example' },
  isolation: { filesLeftIn: 'lab', sharedWith: ['a'] },
});
const DEPLOYMENT = { type: 'SelfManaged', cloud: 'OnPremises' };
const SPECS = [
  {
    team: 'omega',
    bucket: bucketSpec('b', { path: 'p' }),
    isolation: 'Required',
    validation: { interval: '1h', ignore: ['CanDelete'] },
  },
  { team: 'omega', bucketFrom: { instanceStorageRef: { name: 'wandb' }, path: 'p' } },
  {
    team: 'omega',
    bucket: {
      provider: 'S3',
      name: 'acme',
      s3: {
        region: 'eu-central-1',
        kmsKeyId: 'alias/a',
        credentials: { iamRole: { arn: 'arn:aws:iam::123456789012:role/a' } },
      },
    },
  },
  {
    team: 'omega',
    bucket: {
      provider: 'GCS',
      name: 'acme',
      gcs: { credentials: { serviceAccountKey: { secretRef: { name: 'a' } } } },
    },
  },
  {
    team: 'omega',
    bucket: {
      provider: 'AzureBlob',
      name: 'acme',
      azureBlob: { storageAccount: 'acme', credentials: { accountKey: { secretRef: { name: 'a' } } } },
    },
  },
  {
    team: 'omega',
    bucket: {
      provider: 'CoreWeave',
      name: 'acme',
      coreWeave: { credentials: { accessKey: { secretRef: { name: 'a' } } } },
    },
  },
  {
    deployment: DEPLOYMENT,
    bucket: bucketSpec('runs'),
    fileStores: { separator: ',', variables: ['STORES'] },
    suspend: true,
  },
].map((spec) => JSON.stringify(spec));
const JSON_WORDS = ['null', '[]', '{}', '""', '0', 'true', '"a":', '{"name":"a"}', '"__proto__":{}', '"constructor":'];

export const objectTargets: readonly Target[] = [
  {
    name: 'specs',
    seeds: SPECS,
    words: [
      ...JSON_WORDS,
      '"provider":"S3"',
      '"provider":"GCS"',
      '"s3":',
      '"gcs":',
      '"azureBlob":',
      '"coreWeave":',
      '"s3Compatible":',
      '"credentials":',
      '"secretRef":',
      '"caBundle":',
      '"validation":',
      '"credentialsFrom":',
      '"path":"a/../b"',
      '"endpoint":"http://[::1]:9"',
      '"interval":"0s"',
      'teamStorageRef',
      '"serviceAccountRef":',
    ],
    run: readsSpec,
  },
  {
    name: 'statuses',
    seeds: [STATUS],
    words: [...JSON_WORDS, '"checks":', '"conditions":', '"lastHandledReconcileAt":"x"', '"False"', '"Passed"'],
    run: readsStatus,
  },
  {
    name: 'secrets',
    seeds: [
      JSON.stringify({ ACCESS_KEY: 'AKIAIOSFODNN7EXAMPLE', SECRET_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }),
      JSON.stringify({
        'key.json': JSON.stringify({
          type: 'service_account',
          client_email: 'a@b.iam.gserviceaccount.com',
          private_key: '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n',
          private_key_id: 'k',
        }),
      }),
      JSON.stringify({ AZURE_STORAGE_KEY: Buffer.alloc(64, 7).toString('base64') }),
    ],
    words: [
      ...JSON_WORDS,
      '\\n',
      '-----BEGIN RSA PRIVATE KEY-----',
      'DefaultEndpointsProtocol=https;AccountKey=',
      '"ACCESS_KEY":"',
      '"SECRET_KEY":"',
      'export AWS_SECRET_ACCESS_KEY=',
      '\\u0000',
      'authorized_user',
      'external_account',
    ],
    run: readsSecret,
  },
  {
    name: 'ledgers',
    seeds: [LEDGER],
    words: [...JSON_WORDS, '"format":2', '"rows":', '"claims":', '"slot":', '"provider":"GCS"', '"knownHash":'],
    run: ledgerIsStable,
  },
  {
    name: 'recoveries',
    seeds: OUTPUTS,
    words: [
      ...JSON_WORDS,
      ',s3://a:b@s3.a.amazonaws.com/c?region=a',
      'cw://',
      '"Region":"a"',
      '- claim: ',
      '\\n  entry: true',
      '"AWS_S3_KMS_ID":"k"',
    ],
    run: recoversSafely,
  },
];
