/** A text for people; throws for any other one. */
export function expectSentence(text: string): void {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (text === '' || /[\u0000-\u0008\u000b-\u001f]|\[object |\bundefined\b|\bNaN\b/.test(text))
    throw new Error('the message is no sentence');
}
