import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import prettier from 'prettier';

/** One level of a cell. */
interface Offer {
  readonly providers: readonly string[];
  readonly basis: 'Stated' | 'Inferred';
}

export interface Matrix {
  readonly name: string;
  readonly source: string;
  readonly cells: readonly {
    readonly deployment: string;
    readonly clouds: readonly string[];
    readonly instance: Offer;
    readonly team: Offer;
    readonly quote: string;
  }[];
}

const NAMES = ['byob-2024', 'byob-2026'];
const LEVELS = ['instance', 'team'] as const;

export function readMatrices(): readonly Matrix[] {
  return NAMES.map((name) => parse(readFileSync(`config/availability/${name}.yaml`, 'utf8')) as Matrix);
}

/** `src/domain/admission/generated/availability.ts`: the matrices as data for the controller. */
export async function renderAvailabilityData(matrices: readonly Matrix[]): Promise<string> {
  const text = `// Generated from config/availability by npm run generate.\nexport const MATRICES = ${JSON.stringify(matrices)} as const;\n`;
  const options = (await prettier.resolveConfig('src/domain/admission/generated/availability.ts')) ?? {};
  return prettier.format(text, { ...options, parser: 'typescript' });
}

/** `docs/reference/availability.md`: every cell with its source. */
export function renderAvailabilityReference(matrices: readonly Matrix[]): string {
  const offer = ({ providers, basis }: Offer): string =>
    `${providers.length === 0 ? 'none' : providers.join(', ')} (${basis.toLowerCase()})`;
  const tables = matrices.flatMap(({ name, source, cells }) => [
    `## ${name}`,
    '',
    `Source: ${source}.`,
    '',
    '| deployment | cloud | instance level | team level | what the source says |',
    '| --- | --- | --- | --- | --- |',
    ...cells.map(
      (cell) =>
        `| ${cell.deployment} | ${cell.clouds.join(', ')} | ${offer(cell.instance)} | ${offer(cell.team)} | ${cell.quote} |`,
    ),
    '',
  ]);
  return [
    '# What W&B offers where',
    '',
    'Generated from `config/availability` by `npm run generate`. `spec.deployment.availability` of an InstanceStorage names',
    'the matrix that holds; without it that is byob-2024. A bucket that its cell does not offer is refused at',
    '`kubectl apply` (by the policy in `config/admission`) and again by the operator (`Accepted=False/NotAvailable`). What',
    'has been published stays, whichever matrix is set later. A deployment without a bucket of its own at instance level',
    'is always possible where W&B manages that.',
    '',
    ...tables,
  ].join('\n');
}

/** `config/admission/availability.yaml`: the same rules at admission. */
export function renderAvailabilityPolicy(matrices: readonly Matrix[]): string {
  const documents = LEVELS.flatMap((level) => [policy(level, matrices), binding(level)]);
  const head =
    '# Generated from config/availability by npm run generate: what W&B does not offer is refused at kubectl apply.\n';
  return head + documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');
}

type Level = (typeof LEVELS)[number];

const API = { apiVersion: 'admissionregistration.k8s.io/v1' };
const KINDS = { instance: 'instancestorages', team: 'teamstorages' } as const;
const policyName = (level: Level): string => `byob-availability-${level}.storage.wandb.com`;

function policy(level: Level, matrices: readonly Matrix[]): unknown {
  const isTeam = level === 'team';
  return {
    ...API,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: policyName(level) },
    spec: {
      failurePolicy: 'Fail',
      ...(isTeam && { paramKind: { apiVersion: 'storage.wandb.com/v1alpha1', kind: 'InstanceStorage' } }),
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['storage.wandb.com'],
            apiVersions: ['v1alpha1'],
            operations: ['CREATE', 'UPDATE'],
            resources: [KINDS[level]],
          },
        ],
      },
      matchConditions: [
        { name: 'has-a-bucket', expression: 'has(object.spec.bucket)' },
        // An object that a newer matrix would refuse must still accept labels, finalizers and new keys, and be deletable.
        { name: 'asks-for-something-new', expression: NEWS[level] },
      ],
      variables: [
        { name: 'deployment', expression: isTeam ? 'params.spec.deployment' : 'object.spec.deployment' },
        {
          name: 'matrix',
          expression: 'has(variables.deployment.availability) ? variables.deployment.availability : "byob-2024"',
        },
        {
          name: 'cell',
          expression: 'variables.matrix + "/" + variables.deployment.type + "/" + variables.deployment.cloud',
        },
        { name: 'offers', expression: offersOf(level, matrices) },
        { name: 'offered', expression: 'variables.cell in variables.offers ? variables.offers[variables.cell] : []' },
        ...(isTeam ? [{ name: 'isOurs', expression: IS_OURS }] : []),
      ],
      validations: [
        {
          expression: `${isTeam ? '!variables.isOurs || ' : ''}object.spec.bucket.provider in variables.offered`,
          reason: 'Forbidden',
          messageExpression: messageOf(level),
        },
      ],
    },
  };
}

const NEWS: Readonly<Record<Level, string>> = {
  instance: newsOf([
    'has(oldObject.spec.bucket)',
    'oldObject.spec.bucket.provider == object.spec.bucket.provider',
    'oldObject.spec.deployment.type == object.spec.deployment.type',
    'oldObject.spec.deployment.cloud == object.spec.deployment.cloud',
    'oldObject.spec.deployment.?availability == object.spec.deployment.?availability',
  ]),
  team: newsOf([
    'has(oldObject.spec.bucket)',
    'oldObject.spec.bucket.provider == object.spec.bucket.provider',
    'oldObject.spec.?instanceRef == object.spec.?instanceRef',
  ]),
};

function newsOf(unchanged: readonly string[]): string {
  return `request.operation == "CREATE" || !(${unchanged.join(' && ')})`;
}

/** The policy runs once for each InstanceStorage of the namespace; only that of the team counts. */
const IS_OURS =
  'has(object.spec.instanceRef) ? object.spec.instanceRef.name == params.metadata.name : ' +
  '(!has(object.status) || !has(object.status.instanceRef) || object.status.instanceRef.name == params.metadata.name)';

function offersOf(level: Level, matrices: readonly Matrix[]): string {
  const entries = matrices.flatMap(({ name, cells }) =>
    cells.flatMap((cell) =>
      cell.clouds.map((cloud) => {
        const providers = cell[level].providers.map((provider) => `"${provider}"`).join(', ');
        return `"${name}/${cell.deployment}/${cloud}": [${providers}]`;
      }),
    ),
  );
  return `{${entries.join(', ')}}`;
}

function messageOf(level: Level): string {
  const where = level === 'team' ? ' (InstanceStorage " + params.metadata.name + ")' : '';
  return (
    `"W&B does not offer " + object.spec.bucket.provider + " at ${level} level for " + variables.deployment.type + " on " + ` +
    `variables.deployment.cloud + "${where} by " + variables.matrix + "; it offers " + ` +
    '(size(variables.offered) == 0 ? "no bucket of your own there" : variables.offered.join(", ")) + ". ' +
    'Choose one of those, correct spec.deployment of the InstanceStorage, or set its availability to the matrix that W&B agreed with you."'
  );
}

function binding(level: Level): unknown {
  return {
    ...API,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: policyName(level) },
    spec: {
      policyName: policyName(level),
      validationActions: ['Deny'],
      // Without an InstanceStorage there is no matrix yet: the operator decides once there is one.
      ...(level === 'team' && { paramRef: { selector: {}, parameterNotFoundAction: 'Allow' } }),
    },
  };
}
