import { assertNever } from '../../../base/result.ts';
import { awsDocuments, iamPolicyName } from '../aws-documents.ts';
import { azureDocuments } from '../azure-documents.ts';
import { azureCorsArguments } from '../cors.ts';
import { gcsDocuments, type Binding } from '../gcs-documents.ts';
import { originOf, type PolicyRequest, type RequestFor } from '../policy-request.ts';
import { coreWeaveDocuments, storeDocuments } from '../store-documents.ts';
import { COREWEAVE_HOST } from '../../bucket/storage.ts';
import { wandbOnAws } from '../wandb-principals.ts';
import { blank } from '../blanks.ts';
import { addBucketPolicy, addCorsRules, addKeyPolicy, addTrustPolicy, attachIamPolicy } from './s3-steps.ts';
import { scriptOf, word, writeDocument, type Step } from './shell.ts';

/** A script of commands of the provider's own CLI that grants what is missing and keeps what is there. */
export function commandsOf(request: PolicyRequest): string {
  const { storage } = request;
  switch (storage.provider) {
    case 'S3':
      return awsCommands({ ...request, storage });
    case 'S3Compatible':
      return minioCommands({ ...request, storage });
    case 'CoreWeave':
      return coreWeaveCommands({ ...request, storage });
    case 'GCS':
      return gcsCommands({ ...request, storage });
    case 'AzureBlob':
      return azureCommands({ ...request, storage });
    default:
      return assertNever(storage);
  }
}

function awsCommands(request: RequestFor<'S3'>): string {
  const { storage, deployment } = request;
  const { name, region, kmsKeyArn } = storage;
  const { principal, isOtherAccount, trustPolicy, keyPolicy, ...all } = awsDocuments(request);
  const where = `--bucket ${word(name)} --region ${word(region)}`;
  const isOurs = principal !== wandbOnAws(deployment);
  return scriptOf(
    `Lets W&B use bucket ${name} on AWS.`,
    ['aws', 'jq'],
    [
      ...(isOurs ? [attachIamPolicy(principal, iamPolicyName(storage), all.iamPolicy)] : []),
      ...(trustPolicy === undefined ? [] : [addTrustPolicy(principal, trustPolicy)]),
      ...(isOtherAccount ? [addBucketPolicy(where, all.bucketPolicy)] : []),
      ...(keyPolicy === undefined || kmsKeyArn === undefined ? [] : [addKeyPolicy(kmsKeyArn, region, keyPolicy)]),
      addCorsRules(where, all.cors),
    ],
  );
}

function coreWeaveCommands(request: RequestFor<'CoreWeave'>): string {
  const { name } = request.storage;
  const { bucketPolicy, organizationPolicy, cors } = coreWeaveDocuments(request);
  const where = `--bucket ${word(name)} --endpoint-url https://${COREWEAVE_HOST}`;
  const note: Step = {
    says: 'First create the organization access policy in the Cloud Console (byob policy -o json prints it): this script does not, because the API replaces a policy of the same name.',
    lines: [],
  };
  return scriptOf(
    `Lets W&B use bucket ${name} on CoreWeave.`,
    ['aws', 'jq'],
    [
      ...(organizationPolicy === undefined ? [] : [note]),
      addBucketPolicy(where, bucketPolicy),
      addCorsRules(where, cors),
    ],
  );
}

function minioCommands(request: RequestFor<'S3Compatible'>): string {
  const { storage } = request;
  const { user, policy, corsOrigin } = storeDocuments(request);
  const name = word(iamPolicyName(storage));
  const alias = word(blank('MC_ALIAS'));
  return scriptOf(
    `Lets W&B use bucket ${storage.name} of a MinIO.`,
    ['mc', 'jq'],
    [
      {
        says: 'mc admin policy create replaces a policy of the same name: one that is there is compared, and left as it is.',
        lines: [
          ...writeDocument('policy.json', policy),
          `current "$work/policy-there.json" null 'not found\\|does not exist' mc admin policy info ${alias} ${name}`,
          `if jq -e '. == null' "$work/policy-there.json" > /dev/null; then`,
          `  mc admin policy create ${alias} ${name} "$work/policy.json"`,
          'else',
          `  jq -e -n --slurpfile there "$work/policy-there.json" --slurpfile wanted "$work/policy.json" \\`,
          `    'def sorted: walk(if type == "array" then sort else . end); ($there[0].Policy // $there[0] | sorted) == ($wanted[0] | .Statement |= map(.Resource |= ([.] | flatten)) | sorted)' > /dev/null || {`,
          `    echo "policy ${name} has another content. It is left as it is; it needs:" >&2`,
          '    cat "$work/policy.json" >&2',
          '    exit 1',
          '  }',
          'fi',
        ],
      },
      {
        says: 'A user keeps its other policies.',
        lines: [
          `user=${word(user)}`,
          `info=$(mc admin user info ${alias} "$user" --json)`,
          `jq -e --arg name ${name} '(.policyName // "") | split(",") | index($name)' <<< "$info" > /dev/null ||`,
          `  mc admin policy attach ${alias} ${name} --user "$user"`,
        ],
      },
      {
        says: 'CORS: MinIO has one list of origins for all buckets. Those that are there are written back.',
        lines: [
          `origin=${word(corsOrigin)}`,
          `origins=$(mc admin config get ${alias} api | sed -n 's/.*cors_allow_origin=\\([^ ]*\\).*/\\1/p')`,
          'case ",$origins," in',
          '  ,, | *,\\*,* | *,"$origin",*) ;;',
          `  *) mc admin config set ${alias} api cors_allow_origin="$origins,$origin" ;;`,
          'esac',
        ],
      },
    ],
  );
}

function gcsCommands(request: RequestFor<'GCS'>): string {
  const { name } = request.storage;
  const { bucketBindings, impersonation, cors } = gcsDocuments(request);
  const bucket = word(`gs://${name}`);
  const bind = (what: string, bindings: readonly Binding[]): readonly string[] =>
    bindings.flatMap(({ role, members }) =>
      members.map((member) => `gcloud ${what} --member=${word(member)} --role=${role} > /dev/null`),
    );
  return scriptOf(
    `Lets W&B use bucket ${name} on Google Cloud.`,
    ['gcloud', 'jq'],
    [
      {
        says: 'Role on the bucket: the command adds a member and keeps the others.',
        lines: bind(`storage buckets add-iam-policy-binding ${bucket}`, bucketBindings),
      },
      ...(impersonation === undefined
        ? []
        : [
            {
              says: "W&B's workload acts as the service account, which signs URLs for itself.",
              lines: bind(
                `iam service-accounts add-iam-policy-binding ${word(impersonation.serviceAccount)}`,
                impersonation.bindings,
              ),
            },
          ]),
      {
        says: 'CORS: --cors-file replaces all rules, so those that are there are written back.',
        lines: [
          ...writeDocument('cors.json', { cors_config: cors }),
          `gcloud storage buckets describe ${bucket} --format='json(cors_config)' > "$work/described.json"`,
          `jq '. // {}' "$work/described.json" > "$work/cors-there.json"`,
          'if merge cors_config "$work/cors-there.json" "$work/cors.json" "$work/cors-all.json"; then',
          `  jq .cors_config "$work/cors-all.json" > "$work/cors-file.json"`,
          `  gcloud storage buckets update ${bucket} --cors-file="$work/cors-file.json"`,
          'fi',
        ],
      },
    ],
  );
}

function azureCommands(request: RequestFor<'AzureBlob'>): string {
  const { storageAccount, name } = request.storage;
  const { roles, federatedCredential } = azureDocuments(request);
  const account = word(storageAccount);
  const [identity, group] = [word(blank('AZURE_IDENTITY_NAME')), word(blank('AZURE_RESOURCE_GROUP'))];
  return scriptOf(
    `Lets W&B use container ${name} of storage account ${storageAccount} on Azure.`,
    ['az', 'jq'],
    [
      ...(roles === undefined
        ? []
        : [
            {
              says: 'Roles on the storage account: an assignment takes nothing away.',
              lines: [
                `account=$(az storage account show --name ${account} --query id --output tsv)`,
                `for role in ${roles.names.map((role) => `"${role}"`).join(' ')}; do`,
                `  az role assignment create --role "$role" --assignee ${word(roles.clientId)} --scope "$account" > /dev/null`,
                'done',
              ],
            },
          ]),
      ...(federatedCredential === undefined
        ? []
        : [
            {
              says: 'Federated credential: create replaces one of the same name, so one that is there is left as it is.',
              lines: [
                `present=$(az identity federated-credential list --identity-name ${identity} --resource-group ${group})`,
                `issuer=${word(federatedCredential.issuer)}`,
                `subject=${word(federatedCredential.subject)}`,
                `if ! jq -e --arg issuer "$issuer" --arg subject "$subject" 'any(.[]; .issuer == $issuer and .subject == $subject)' <<< "$present" > /dev/null; then`,
                `  if jq -e 'any(.[]; .name == ${JSON.stringify(federatedCredential.name)})' <<< "$present" > /dev/null; then`,
                `    echo "federated credential ${federatedCredential.name} is for another issuer or subject; it is left as it is" >&2`,
                '    exit 1',
                '  fi',
                `  az identity federated-credential create --name ${word(federatedCredential.name)} --identity-name ${identity} --resource-group ${group} \\`,
                `    --issuer "$issuer" --subject "$subject" --audiences ${federatedCredential.audiences.map(word).join(' ')} > /dev/null`,
                'fi',
              ],
            },
          ]),
      {
        says: 'CORS: the command adds a rule to those of the account.',
        lines: [
          `origin=${word(originOf(request))}`,
          `rules=$(az storage cors list --account-name ${account} --services b --output json)`,
          `jq -e --arg origin "$origin" 'def list: if type == "array" then . else split(",") end; any(.[]; (.AllowedOrigins | list | index($origin)) and (.AllowedMethods | list | index("PUT")))' <<< "$rules" > /dev/null ||`,
          `  az storage cors add --account-name ${account} ${azureCorsArguments('"$origin"')}`,
        ],
      },
    ],
  );
}
