import { Command, Option } from 'commander';
import { err, ok, type Result } from '../base/result.ts';
import { defined } from '../base/defined.ts';
import { BLANKS, blanksIn, blanksOfOutput } from '../domain/policy/blanks.ts';
import { chosenStorage, requestFor } from '../domain/policy/chosen-storage.ts';
import { commandsOf } from '../domain/policy/commands/commands.ts';
import { documentsOf } from '../domain/policy/documents.ts';
import { DEPLOYMENT_TYPES, type DeploymentType, type PolicyRequest } from '../domain/policy/policy-request.ts';
import { terraformOf } from '../domain/policy/terraform/terraform.ts';
import { wandbTerraformOf } from '../domain/policy/terraform/wandb-terraform.ts';
import { displayBucket } from '../domain/bucket/bucket-id.ts';
import { PROVIDERS } from '../domain/bucket/providers.ts';
import { parseBucket } from '../domain/spec/parse-bucket.ts';
import { answering, undecidedOnMisuse } from './answering.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { InputError } from './input-error.ts';
import { readManifests } from './manifest-files.ts';
import { repeatable } from './repeatable.ts';
import { storagesAmong } from '../manifests/storages-among.ts';

type Format = 'json' | 'commands' | 'terraform' | 'wandb-terraform';

interface Flags {
  readonly filename?: readonly string[];
  readonly output: Format;
  readonly namespace?: string;
  readonly provider?: keyof typeof PROVIDERS;
  readonly bucket?: string;
  readonly path?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly storageAccount?: string;
  readonly kmsKey?: string;
  readonly bucketOwner?: string;
  readonly origin?: string;
  readonly principal?: string;
  readonly issuer?: string;
  readonly deploymentType?: DeploymentType;
}

const EXAMPLES = `
Examples:
  byob policy -f storages.yaml omega
  byob policy -f storages.yaml omega -o commands > grant.sh
  byob policy --provider S3 --bucket acme-wandb --region eu-central-1 \\
    --principal arn:aws:iam::123456789012:user/wandb --origin https://wandb.acme.example -o terraform
  kubectl get wbis,wbts -n wandb -o yaml | byob policy -f - TeamStorage/omega

What the files and flags do not say is left as a blank, such as <AWS_PRINCIPAL_ARN>, and listed on the standard error.
The commands stop until it is set, and Terraform asks for it.

Exit codes: 0 printed, 2 the input could not be understood.`;

/** `byob policy`: prints the permissions and CORS rules that a bucket needs. */
export function policyCommand(): Command {
  const command = new Command('policy')
    .description('Print the policies, roles and CORS rules that W&B and the operator need on a bucket.')
    .argument('[name]', 'storage of the files, such as omega or TeamStorage/omega; not needed if there is only one')
    .addOption(
      repeatable('-f, --filename <file>', 'manifests with the storages, - for the standard input; may be repeated'),
    )
    .addOption(
      new Option('-o, --output <format>', 'form of the output')
        .choices(['json', 'commands', 'terraform', 'wandb-terraform'] satisfies Format[])
        .default('json'),
    )
    .option('-n, --namespace <name>', 'namespace of storages that name none')
    .addOption(new Option('--provider <name>', 'provider of a bucket without a file').choices(Object.keys(PROVIDERS)))
    .option('--bucket <name>', 'name of the bucket, or of the container')
    .option('--path <path>', 'sub-path in the bucket')
    .option('--region <region>', 'region of the bucket')
    .option('--endpoint <url>', 'endpoint of an S3-compatible store')
    .option('--storage-account <name>', 'storage account on Azure')
    .option('--kms-key <arn>', 'KMS key of a bucket on AWS')
    .option('--bucket-owner <id>', 'AWS account that owns the bucket')
    .option('--origin <url>', 'origin of the W&B front end, for CORS; of a file: spec.deployment.url')
    .option(
      '--principal <name>',
      'who signs in: ARN of an IAM user or role, service account, client id of a managed identity, or user of the store',
    )
    .option('--issuer <url>', 'issuer of the ServiceAccount tokens of the cluster, for trust policies')
    .addOption(
      new Option('--deployment-type <type>', 'type of the W&B deployment, without a file').choices(DEPLOYMENT_TYPES),
    )
    .addHelpText('after', EXAMPLES)
    .action(
      answering(async (flags: Flags, name?: string): Promise<ExitCode> => {
        const printed = await run(name, flags);
        if (!printed.ok) throw new InputError(printed.error);
        return EXIT.Good;
      }),
    );
  return undecidedOnMisuse(command);
}

async function run(name: string | undefined, flags: Flags): Promise<Result<undefined, string>> {
  const request = await requestOf(name, flags);
  if (!request.ok) return request;
  const output = render(request.value, flags.output);
  if (!output.ok) return output;
  process.stdout.write(output.value);
  for (const blank of blanksOfOutput(output.value)) {
    process.stderr.write(`to fill in: ${blank}: ${BLANKS[blank]}\n`);
  }
  return ok(undefined);
}

async function requestOf(name: string | undefined, flags: Flags): Promise<Result<PolicyRequest, string>> {
  const given =
    flags.filename === undefined ? requestOfFlags(flags) : await requestOfFiles(name, flags.filename, flags.namespace);
  if (!given.ok) return given;
  const origin = flags.origin ?? given.value.origin;
  if (origin !== undefined && !isWebUrl(origin))
    return err('--origin must be a URL such as https://wandb.example.com.');
  for (const [flag, value] of [
    ['--principal', flags.principal],
    ['--issuer', flags.issuer],
  ] as const) {
    if (value !== undefined && !/^[\w:/@.+=,-]+$/.test(value))
      return err(`${flag} holds characters that it cannot have.`);
  }
  return ok(
    defined({
      ...given.value,
      origin: origin === undefined ? undefined : new URL(origin).origin,
      principal: flags.principal,
      issuer: flags.issuer,
    }),
  );
}

async function requestOfFiles(
  name: string | undefined,
  files: readonly string[],
  namespace: string | undefined,
): Promise<Result<PolicyRequest, string>> {
  const { manifests, unreadable } = await readManifests({ filename: files, recursive: false });
  const [broken] = unreadable;
  if (broken !== undefined) return err(`${broken.at.file}:${broken.at.line}: ${broken.message}`);
  const storages = storagesAmong(manifests);
  const storage = chosenStorage(storages, name);
  return storage.ok ? requestFor(storage.value, storages, namespace) : storage;
}

function requestOfFlags(flags: Flags): Result<PolicyRequest, string> {
  const { provider, bucket: name, path, region, endpoint, storageAccount } = flags;
  if (provider === undefined || name === undefined) {
    return err('Name manifests with -f, or a bucket with --provider and --bucket.');
  }
  const settings = defined({
    region,
    endpoint,
    storageAccount,
    kmsKeyArn: flags.kmsKey,
    expectedBucketOwner: flags.bucketOwner,
  });
  const bucket = parseBucket(defined({ provider, name, path, [PROVIDERS[provider].member]: settings }), 'bucket');
  if (!bucket.ok) return err(withFlags(bucket.error.message));
  return ok({
    storage: bucket.value,
    namespace: flags.namespace ?? 'default',
    deployment: flags.deploymentType ?? 'SelfManaged',
  });
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** The flags of fields that messages name. */
const FLAGS: Readonly<Record<string, string>> = {
  ...{ name: '--bucket', path: '--path', region: '--region', endpoint: '--endpoint' },
  ...{ storageAccount: '--storage-account', kmsKeyArn: '--kms-key', expectedBucketOwner: '--bucket-owner' },
};

/** A message that names flags in place of the fields that they set. */
function withFlags(message: string): string {
  return message.replaceAll(/\bbucket(?:\.\w+)?\.(\w+)/g, (field, last: string) => FLAGS[last] ?? field);
}

function render(request: PolicyRequest, format: Format): Result<string, string> {
  switch (format) {
    case 'json':
      return ok(`${JSON.stringify(jsonOf(request), undefined, 2)}\n`);
    case 'commands':
      return ok(commandsOf(request));
    case 'terraform':
      return ok(terraformOf(request));
    case 'wandb-terraform':
      return wandbTerraformOf(request);
  }
}

function jsonOf(request: PolicyRequest): unknown {
  const { storage } = request;
  const documents = documentsOf(request);
  const blanks = blanksIn(JSON.stringify(documents));
  return {
    schemaVersion: 1,
    provider: storage.provider,
    bucket: displayBucket(storage),
    documents,
    blanks: Object.fromEntries(blanks.map((name) => [name, BLANKS[name]])),
  };
}
