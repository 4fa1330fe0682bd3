import { fieldsIn, type Fields } from './json.ts';

/** Whether an object has all labels of a selector (`a=b,c=d`). */
export function selects(selector: string | undefined, object: Fields): boolean {
  if (selector === undefined || selector === '') return true;
  const labels = fieldsIn(fieldsIn(object['metadata'])['labels']);
  return selector.split(',').every((term) => {
    const [name = '', value, ...rest] = term.split('=');
    if (value === undefined || rest.length > 0) throw new Error(`this API server in memory cannot select by "${term}"`);
    return labels[name] === value;
  });
}
