/**
 * Forms of ids that a service generates and that no secret key has: AWS, Alibaba Cloud, Tencent Cloud, Google's HMAC
 * keys, Garage.
 */
const FORMS = [
  /^(AKIA|ASIA)[A-Z0-9]{16}$/,
  /^LTAI[A-Za-z0-9]{12,20}$/,
  /^AKID[A-Za-z0-9]{32}$/,
  /^GOOG[A-Z0-9]{20,57}$/,
  /^GK[0-9a-f]{24}$/,
];

/** Whether a text is the id of an access key, whatever the Secret calls it: any other may be the secret key. */
export function isSurelyAnId(text: string): boolean {
  return FORMS.some((form) => form.test(text));
}

/** Why a text cannot be the id of an access key: an id goes out in the clear, in headers and URLs. */
export function cannotBeAnId(text: string): string | undefined {
  // It ends at a slash in a signature's scope; stores refuse ids with the other signs.
  if (/[/=,\s]/.test(text)) return 'holds a sign that no id of an access key has: it may be the secret key';
  // Cloudflare R2, Garage and Supabase generate such secrets, and nobody such ids.
  if (/^[0-9a-f]{64}$/.test(text)) return 'has the form of a secret key, 64 hexadecimal digits';
  return undefined;
}
