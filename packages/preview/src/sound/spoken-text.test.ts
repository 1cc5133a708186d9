import { expect, test } from 'vitest';
import { type Piece, type Reading, toPieces } from './spoken-text.ts';

const words = (text: string): Piece => ({ kind: 'words', text });
const said = (text: string, reading?: Reading): string =>
  toPieces(text, reading)
    .map((piece) => (piece.kind === 'words' ? piece.text : ''))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();

test.each([
  ['Hello there.', [words('Hello there.')]],
  ['One<#0.5#>two', [words('One'), { kind: 'pause', lengthMs: 500 }, words('two')]],
  ['<#200#>', [{ kind: 'pause', lengthMs: 99_990 }]],
  ['Oh (sighs) well', [words('Oh '), { kind: 'gesture', name: 'sighs' }, words(' well')]],
  ['Oh （Lip-Smacking）', [words('Oh '), { kind: 'gesture', name: 'lip-smacking' }]],
  ['So (laughs) good', [words('So  Ha, ha ha ha!  good')]],
  ['Not (any) tag', [words('Not (any) tag')]],
  ['… -- !', []],
])('%j', (text, pieces) => expect(toPieces(text)).toEqual(pieces));

test.each([
  ['处理完毕', ['处理/(chu3)(li3)'], 'chu3 li3 完毕'],
  ['OMG and omg', ['omg/oh my god'], 'oh my god and oh my god'],
  ['a.c. acc', ['a.c./air'], 'air acc'],
  ['cost $&', ['cost/$1 $&'], '$1 $& $&'],
  ['plain', ['no slash', '/empty'], 'plain'],
])('%j with %j', (text, dictionary, expected) => expect(said(text, { dictionary })).toBe(expected));

test.each([
  ['$1', '1 dollar'],
  ['$1,200.50', '1200 dollars and 50 cents'],
  ['£3.05', '3 pounds and 5 pence'],
  ['on 2024-05-06', 'on May 6, 2024'],
  ['on 2024-13-06', 'on 2024-13-06'],
  ['at 7:00', "at 7 o'clock"],
  ['call 555-1234', 'call 5 5 5 , 1 2 3 4'],
  ['90 km/h, 5kg & No. 3', '90 kilometres per hour, 5 kilograms and number 3'],
])('%j is read as %j', (text, expected) => expect(said(text, { isNormalised: true })).toBe(expected));
