/** `metav1.MicroTime`: the API server insists on six digits. */
export function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/Z$/, '000Z');
}
