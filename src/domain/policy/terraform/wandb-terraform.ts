import { err, ok, type Result } from '../../../base/result.ts';
import { PROVIDERS } from '../../bucket/providers.ts';
import { awsDocuments } from '../aws-documents.ts';
import { blank } from '../blanks.ts';
import { gcsDocuments } from '../gcs-documents.ts';
import type { PolicyRequest } from '../policy-request.ts';
import { block, comment, Expression, fileOf } from './hcl.ts';

interface ModuleInputs {
  /** `aws`, `google`, `azurerm`: `wandb/terraform-<this>-wandb`. */
  readonly repository: string;
  /** Inputs of the root module, for an existing bucket as instance bucket. */
  readonly root: Readonly<Record<string, unknown>>;
  /** Inputs of the module that creates a bucket for a team. */
  readonly connector: Readonly<Record<string, unknown>>;
}

/** Inputs for W&B's Terraform modules; an error where W&B has none. */
export function wandbTerraformOf(request: PolicyRequest): Result<string, string> {
  const inputs = inputsOf(request);
  if (inputs === undefined) {
    const { name } = PROVIDERS[request.storage.provider];
    return err(`W&B has no Terraform module for buckets of ${name}. Use -o terraform.`);
  }
  const { repository, root, connector } = inputs;
  const source = `github.com/wandb/terraform-${repository}-wandb`;
  const { level } = request;
  return ok(
    fileOf([
      ...(level === 'Team'
        ? []
        : [
            ...(repository === 'azurerm' ? [STORAGE_KEY] : []),
            `${comment(`An existing bucket as instance bucket: inputs of ${source}, beside its others.`)}\n${block('module "wandb"', { source, ...root })}`,
          ]),
      ...(level === 'Instance'
        ? []
        : [
            `${comment('A bucket for a team. The module creates a bucket under a name of its own with the permissions; it takes no existing one.')}\n${block('module "secure_storage_connector"', { source: `${source}//modules/secure_storage_connector`, namespace: namespaceOf(request), ...connector })}`,
          ]),
    ]),
  );
}

/** The key of the account is a secret: it stands in no output. */
const STORAGE_KEY = block('variable "storage_key"', {
  type: new Expression('string'),
  sensitive: true,
});

function inputsOf(request: PolicyRequest): ModuleInputs | undefined {
  const { storage } = request;
  const path = storage.path === '' ? {} : { bucket_path: storage.path };
  switch (storage.provider) {
    case 'S3': {
      const key = storage.kmsKeyArn;
      return {
        repository: 'aws',
        root: { bucket_name: storage.name, ...path, ...(key !== undefined && { bucket_kms_key_arn: key }) },
        connector: {
          aws_principal_arn: awsDocuments({ ...request, storage }).principal,
          ...(key === undefined && { create_kms_key: false, sse_algorithm: 'AES256' }),
        },
      };
    }
    case 'GCS': {
      const [member = ''] = gcsDocuments({ ...request, storage }).bucketBindings.flatMap(({ members }) => members);
      return {
        repository: 'google',
        root: { bucket_name: storage.name, ...path },
        connector: {
          service_account_email: member.replace(/^serviceAccount:/, ''),
          bucket_location: blank('BUCKET_LOCATION'),
        },
      };
    }
    case 'AzureBlob':
      return {
        repository: 'azurerm',
        root: {
          storage_account: storage.storageAccount,
          blob_container: storage.name,
          ...path,
          storage_key: new Expression('var.storage_key'),
        },
        connector: {
          resource_group_name: blank('AZURE_RESOURCE_GROUP'),
          oidc_issuer_url: withSlash(request.issuer ?? blank('OIDC_ISSUER')),
        },
      };
    default:
      return undefined;
  }
}

/** The modules name what they create after it. */
function namespaceOf({ storage }: PolicyRequest): string {
  return storage.name.replace(/[^a-z0-9-]/g, '-');
}

/** The module for Azure asks for a slash at the end. */
function withSlash(issuer: string): string {
  return issuer.endsWith('/') || issuer.startsWith('<') ? issuer : `${issuer}/`;
}
