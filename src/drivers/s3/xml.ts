import { parseXML } from '@aws-sdk/xml-builder';

/** An element: its text, or its children and attributes by name. Those that come twice are a list. */
export type XmlElement = string | XmlParent;

interface XmlParent {
  readonly [name: string]: XmlElement | readonly XmlElement[];
}

export interface XmlDocument {
  readonly rootName: string;
  readonly root: XmlElement;
}

/** What an answer without a body is read as. */
export const NO_DOCUMENT: XmlDocument = { rootName: '', root: '' };

/** `undefined` for a text that is no XML document. */
export function parseXml(text: string): XmlDocument | undefined {
  try {
    // A byte order mark is white space to `trim`, and no content to the parser.
    const [[rootName, root] = []] = Object.entries(parseXML(text.trim()) as Readonly<Record<string, XmlElement>>);
    return rootName === undefined || root === undefined ? undefined : { rootName, root };
  } catch {
    // Not well-formed, or nested more deeply than the stack.
    return undefined;
  }
}

/** The children of that name, in their order. */
export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  if (element === undefined || typeof element === 'string' || !Object.hasOwn(element, name)) return [];
  const found = element[name] as XmlElement | readonly XmlElement[];
  return isList(found) ? found : [found];
}

/** The first child at the end of a path of names. */
export function childOf(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((parent, name) => childrenOf(parent, name)[0], element);
}

/** The text of the element at the end of a path; `undefined` where there is none, or markup in place of a text. */
export function textOf(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  const found = childOf(element, ...path);
  // Beside attributes the parser gives the text a name.
  return typeof found === 'object' ? textOf(found, '#text') : found;
}

function isList(found: XmlElement | readonly XmlElement[]): found is readonly XmlElement[] {
  return Array.isArray(found);
}
