import type { PolicyDocument } from '../s3-grant.ts';
import { word, writeDocument, type Step } from './shell.ts';

/** Adds rules to the CORS rules of a bucket. `where`: bucket, and region or endpoint. */
export function addCorsRules(where: string, cors: unknown): Step {
  return {
    says: 'CORS: put-bucket-cors replaces all rules, so those that are there are written back.',
    lines: [
      ...writeDocument('cors.json', cors),
      `current "$work/cors-there.json" '{"CORSRules":[]}' NoSuchCORSConfiguration aws s3api get-bucket-cors ${where}`,
      'if merge CORSRules "$work/cors-there.json" "$work/cors.json" "$work/cors-all.json"; then',
      `  aws s3api put-bucket-cors ${where} --cors-configuration "file://$work/cors-all.json"`,
      'fi',
    ],
  };
}

/** Adds statements to the policy of a bucket. */
export function addBucketPolicy(where: string, policy: PolicyDocument): Step {
  return {
    says: 'Bucket policy: put-bucket-policy replaces it, so the statements that are there are written back.',
    lines: [
      ...writeDocument('bucket-policy.json', policy),
      `current "$work/bucket-policy-there.json" '{"Version":"2012-10-17","Statement":[]}' NoSuchBucketPolicy \\`,
      `  aws s3api get-bucket-policy ${where} --query Policy --output text`,
      'if merge Statement "$work/bucket-policy-there.json" "$work/bucket-policy.json" "$work/bucket-policy-all.json"; then',
      `  aws s3api put-bucket-policy ${where} --policy "file://$work/bucket-policy-all.json"`,
      'fi',
    ],
  };
}

/** Creates an IAM policy and attaches it to a user or a role. One of the same name is compared, and never changed. */
export function attachIamPolicy(principal: string, name: string, document: PolicyDocument): Step {
  return {
    says: `IAM policy ${name}, attached to the principal.`,
    lines: [
      ...writeDocument('iam.json', document),
      `principal=${word(principal)}`,
      'case "$principal" in',
      '  arn:*:iam::*:user/*) kind=user ;;',
      '  arn:*:iam::*:role/*) kind=role ;;',
      '  *) echo "$principal is not the ARN of an IAM user or role" >&2; exit 1 ;;',
      'esac',
      `policy="arn:$(cut -d: -f2 <<< "$principal"):iam::$(cut -d: -f5 <<< "$principal"):policy/${name}"`,
      `current "$work/policy.json" null NoSuchEntity aws iam get-policy --policy-arn "$policy"`,
      `version=$(jq -r '.Policy.DefaultVersionId // empty' "$work/policy.json")`,
      'if [ -z "$version" ]; then',
      `  aws iam create-policy --policy-name ${name} --policy-document "file://$work/iam.json" > /dev/null`,
      'else',
      '  aws iam get-policy-version --policy-arn "$policy" --version-id "$version" > "$work/version.json"',
      `  jq -e -n --slurpfile there "$work/version.json" --slurpfile wanted "$work/iam.json" '$there[0].PolicyVersion.Document == $wanted[0]' > /dev/null || {`,
      '    echo "$policy has another content. It is left as it is; it needs:" >&2',
      '    cat "$work/iam.json" >&2',
      '    exit 1',
      '  }',
      'fi',
      'aws iam "attach-$kind-policy" "--$kind-name" "${principal##*/}" --policy-arn "$policy"',
    ],
  };
}

/** Adds the statement to the policy of a KMS key. */
export function addKeyPolicy(keyArn: string, region: string, policy: PolicyDocument): Step {
  const where = `--key-id ${word(keyArn)} --policy-name default --region ${word(region)}`;
  return {
    says: 'KMS key policy: put-key-policy replaces it, so the statements that are there are written back.',
    lines: [
      ...writeDocument('key-policy.json', policy),
      `aws kms get-key-policy ${where} --query Policy --output text > "$work/key-policy-there.json"`,
      'if merge Statement "$work/key-policy-there.json" "$work/key-policy.json" "$work/key-policy-all.json"; then',
      `  aws kms put-key-policy ${where} --policy "file://$work/key-policy-all.json"`,
      'fi',
    ],
  };
}

/** Adds the statement to the trust policy of a role. */
export function addTrustPolicy(roleArn: string, policy: PolicyDocument): Step {
  const where = `--role-name ${word(roleArn.split('/').at(-1) ?? '')}`;
  return {
    says: 'Trust policy: update-assume-role-policy replaces it, so the statements that are there are written back.',
    lines: [
      ...writeDocument('trust.json', policy),
      `aws iam get-role ${where} --query Role.AssumeRolePolicyDocument > "$work/trust-there.json"`,
      'if merge Statement "$work/trust-there.json" "$work/trust.json" "$work/trust-all.json"; then',
      `  aws iam update-assume-role-policy ${where} --policy-document "file://$work/trust-all.json"`,
      'fi',
    ],
  };
}
