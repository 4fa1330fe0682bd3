/** A value that could not be found: the API server refuses the object until it is filled in. */
export class BlankValue {
  readonly meaning: string;
  /** In a Secret, any text would be accepted: an empty object is not. */
  readonly form: 'Text' | 'SecretText';

  constructor(meaning: string, form: 'Text' | 'SecretText' = 'Text') {
    this.meaning = meaning;
    this.form = form;
  }
}
