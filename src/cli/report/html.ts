/** Markup. Only `markup` and `trusted` make it, so a text that is not escaped cannot become a part of a page. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: texts are escaped, and what is absent leaves nothing. */
export type Part = Html | string | number | undefined | readonly Part[];

/** Markup with parts in it, as text between tags or in an attribute in double quotes. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + textOf(parts[index])).join(''));
}

/** Takes a text of this program, never one that was read, as markup. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** The markup, or nothing. */
export function when(condition: boolean, then: () => Html): Html | undefined {
  return condition ? then() : undefined;
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return String(part);
  if (part instanceof Html) return part.text;
  return part.map(textOf).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Messages contain texts of stores: what controls a terminal or turns the direction of text must not be among them. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // eslint-disable-next-line no-control-regex -- these are the characters that must not reach the page
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
      .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character)
  );
}
