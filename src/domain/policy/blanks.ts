/** What a storage does not say and a policy needs. It stands as `<NAME>` in a document, until an administrator sets it. */
export const BLANKS = {
  APP_ORIGIN: 'origin of the W&B front end, such as https://wandb.example.com (flag --origin)',
  AWS_PRINCIPAL_ARN: 'ARN of the IAM user or role with which W&B signs in (flag --principal)',
  AWS_CALLER_ARN: 'ARN of the principal that assumes the role: aws sts get-caller-identity with its key',
  GCP_MEMBER:
    'member with which W&B signs in, such as serviceAccount:wandb@acme.iam.gserviceaccount.com (flag --principal)',
  AZURE_CLIENT_ID: 'client id of the managed identity with which W&B signs in (flag --principal)',
  AZURE_IDENTITY_NAME: 'name of that managed identity',
  AZURE_RESOURCE_GROUP: 'resource group of the storage account and of the identity',
  STORE_USER: 'user of the store whose access key W&B uses (flag --principal)',
  MC_ALIAS: 'alias of the store in mc, the client of MinIO',
  CW_PRINCIPAL:
    'principal of CoreWeave whose access key W&B uses, such as arn:aws:iam::ab1cd2:coreweave/name (flag --principal)',
  WANDB_ORG_ID: 'id of your organization in W&B; for Dedicated Cloud and Self-Managed, the namespace of the customer',
  OIDC_ISSUER:
    'issuer of the tokens of the cluster: kubectl get --raw /.well-known/openid-configuration (flag --issuer)',
  OIDC_ISSUER_HOST: 'the same issuer without https://',
  BUCKET_LOCATION: 'location of the bucket, such as EU',
} as const;

export type BlankName = keyof typeof BLANKS;

/** The text that stands for a missing value. */
export function blank(name: BlankName): string {
  return `<${name}>`;
}

/** The blanks in a text, in their order, each once. */
export function blanksIn(text: string): readonly BlankName[] {
  const found = [...text.matchAll(/<([A-Z_]+)>/g)].map(([, name]) => name);
  return (Object.keys(BLANKS) as readonly BlankName[]).filter((name) => found.includes(name));
}

/** The blanks of a rendered output: in a document, as a variable of a script, or as one of Terraform. */
export function blanksOfOutput(output: string): readonly BlankName[] {
  return (Object.keys(BLANKS) as readonly BlankName[]).filter((name) =>
    [`<${name}>`, `\${${name}:?`, `variable "${name.toLowerCase()}"`].some((form) => output.includes(form)),
  );
}
