import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { defined } from '../base/defined.ts';
import { err, ok, type Result } from '../base/result.ts';
import { isMistake, MEANINGS, type Finding } from '../domain/import/finding.ts';
import type { FoundSettings } from '../domain/import/found-bucket.ts';
import {
  formOf,
  INPUT_FORMS,
  merged,
  readManifests,
  readPlainText,
  type InputForm,
} from '../domain/import/read-input.ts';
import { refusalsOf } from '../domain/import/refusals.ts';
import { toManifests, type Manifest } from '../domain/import/to-manifests.ts';
import { blanksOf, writeManifests } from '../domain/import/write-manifests.ts';
import type { JsonObject } from '../domain/spec/json.ts';
import { answering, undecidedOnMisuse } from './answering.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { InputError } from './input-error.ts';
import { nameOfFile, textOf, writable } from './manifest-files.ts';
import { printable } from './printable.ts';
import { repeatable } from './repeatable.ts';
import { readDocuments } from './yaml-documents.ts';

interface Flags {
  readonly filename?: readonly string[];
  readonly as?: InputForm;
  readonly env: boolean;
  readonly namespace: string;
  readonly instanceName: string;
  readonly deploymentType?: string;
  readonly cloud?: string;
  readonly url?: string;
  readonly showSecrets: boolean;
  readonly outputDir?: string;
}

const EXAMPLES = `
Examples:
  kubectl get wandb wandb -n wandb -o yaml | byob import
  byob import -f values.yaml -f bucket-secret.yaml --output-dir storages
  printf %s "$GORILLA_SUPPORTED_FILE_STORES" | byob import --as file-stores
  kubectl exec deploy/wandb-app -n wandb -- env | byob import --as env

The input is recognized: a value of SUPPORTED_FILE_STORES, lines of an environment, a docker command, values of the charts
operator-wandb and wandb, a WeightsAndBiases of version 1 or 2, a HelmRelease, or any object with containers. Secrets and
ConfigMaps among the files give the values that others refer to.

What is unknown is left blank: the API server refuses the object until it is filled in. Keys are masked, and such a Secret
is refused too, unless you ask for them with --show-secrets or --output-dir.

Exit codes: 0 imported, 1 imported, and the settings have mistakes, 2 the input could not be understood.`;

/** `byob import`: turns existing settings into storages and Secrets, and reports mistakes in them. */
export function importCommand(): Command {
  const command = new Command('import')
    .description(
      'Turn existing settings of W&B into InstanceStorage, TeamStorage and Secrets, and report mistakes in them.',
    )
    .addOption(repeatable('-f, --filename <file>', 'file to read, - for the standard input (default); may be repeated'))
    .addOption(new Option('--as <form>', 'form of the input, where it is not recognized').choices(INPUT_FORMS))
    .option('--env', 'read the environment of this process', false)
    .option('-n, --namespace <name>', 'namespace of the objects', 'wandb')
    .option('--instance-name <name>', 'name of the InstanceStorage', 'wandb')
    .addOption(
      new Option('--deployment-type <type>', 'spec.deployment.type').choices([
        'SelfManaged',
        'DedicatedCloud',
        'SaaSCloud',
      ]),
    )
    .addOption(
      new Option('--cloud <name>', 'spec.deployment.cloud').choices(['AWS', 'GCP', 'Azure', 'CoreWeave', 'OnPremises']),
    )
    .option('--url <url>', 'spec.deployment.url: URL of the front end')
    .option('--show-secrets', 'print keys in the Secrets', false)
    .option(
      '--output-dir <folder>',
      'write secrets.yaml (with keys, for the owner alone) and storages.yaml to a folder',
    )
    .addHelpText('after', EXAMPLES)
    .action(
      answering(async (flags: Flags): Promise<ExitCode> => {
        const found = await findSettings(flags);
        if (!found.ok) throw new InputError(found.error);
        return print(found.value, flags);
      }),
    );
  return undecidedOnMisuse(command);
}

async function print(settings: FoundSettings, flags: Flags): Promise<ExitCode> {
  const { namespace, instanceName, deploymentType, cloud, url } = flags;
  const manifests = toManifests(settings, defined({ namespace, instanceName, deploymentType, cloud, url }));
  if (flags.outputDir === undefined) process.stdout.write(writeManifests(manifests, flags));
  else await writeFolder(flags.outputDir, manifests);
  const findings = [...settings.findings, ...refusalsOf(manifests)];
  for (const finding of findings) process.stderr.write(`${printable(lineOf(finding))}\n`);
  for (const { at, meaning } of blanksOf(manifests)) process.stderr.write(`to fill in: ${printable(at)}: ${meaning}\n`);
  const mistakes = findings.filter(isMistake).length;
  process.stderr.write(
    `${count(manifests.filter(({ kind }) => kind !== 'Secret').length, 'storage')}, ${count(mistakes, 'mistake')}.\n`,
  );
  return mistakes > 0 ? EXIT.Failed : EXIT.Good;
}

function lineOf(finding: Finding): string {
  const { code, at, detail } = finding;
  return `${isMistake(finding) ? 'mistake' : 'note'}: ${at}: ${code}${detail === undefined ? '' : ` (${detail})`}: ${MEANINGS[code].replaceAll('`', '')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

async function writeFolder(folder: string, manifests: readonly Manifest[]): Promise<void> {
  await writable(folder, mkdir(folder, { recursive: true }));
  const isSecret = ({ kind }: Manifest): boolean => kind === 'Secret';
  const write = (name: string, some: readonly Manifest[]): Promise<void> => {
    const file = join(folder, name);
    return writable(file, writeFile(file, writeManifests(some, { showSecrets: true }), { mode: 0o600 }));
  };
  await write('secrets.yaml', manifests.filter(isSecret));
  await write(
    'storages.yaml',
    manifests.filter((one) => !isSecret(one)),
  );
}

async function findSettings({ filename, env, as }: Flags): Promise<Result<FoundSettings, string>> {
  const files = await readFiles(filename ?? (env ? [] : ['-']), as);
  if (!files.ok) return files;
  const ofEnvironment = env ? [readPlainText(environmentLines(), 'env')] : [];
  const { found, documents } = files.value;
  const plain = [...ofEnvironment, ...found];
  const manifests = documents.length > 0 || plain.length === 0 ? readManifests(documents) : undefined;
  if (manifests?.ok === false) return manifests;
  const all = merged([...plain, ...(manifests === undefined ? [] : [manifests.value])]);
  return all.instance !== undefined || all.stores.length > 0 ? ok(all) : err(nothingIn(all));
}

function nothingIn({ findings: [reason] }: FoundSettings): string {
  return `There is no bucket in the input${reason === undefined ? '.' : `: ${lineOf(reason)}`}`;
}

/** Files of text, and the documents of those in YAML: one may refer to another. */
async function readFiles(
  files: readonly string[],
  as: InputForm | undefined,
): Promise<Result<{ readonly found: readonly FoundSettings[]; readonly documents: readonly JsonObject[] }, string>> {
  const found: FoundSettings[] = [];
  const documents: JsonObject[] = [];
  for (const file of files) {
    const source = await textOf(file);
    if (source.trim() === '') return err(`${nameOfFile(file)} is empty: there is nothing to import`);
    const form = as ?? formOf(source);
    if (form !== 'manifests') {
      found.push(readPlainText(source, form));
      continue;
    }
    const read = readDocuments(source, file);
    if (!read.ok) return read;
    documents.push(...read.value);
  }
  return ok({ found, documents });
}

function environmentLines(): string {
  return Object.entries(process.env)
    .map(([name, value = '']) => `${name}=${value}`)
    .join('\n');
}
