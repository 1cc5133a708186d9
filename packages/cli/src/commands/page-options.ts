import { Option } from '@commander-js/extra-typings';
import { wholeNumber } from '../parsers.ts';

/** Of every list. */
export const limitOption = () =>
  new Option('--limit <number>', 'how many at most').argParser(wholeNumber(1, 100)).default(20);
export const cursorOption = () => new Option('--cursor <cursor>', 'the next page, as the page before names it');
