import { expect, test } from 'vitest';
import { refusalOf } from './target-address.ts';

const strict = { allowPrivateNetwork: false };

test.each([
  'https://hooks.example.test/reelay?secret=1',
  'HTTP://8.8.8.8:8080/',
  'http://[2606:4700::1111]/',
  'https://localhost.example.test/',
])('%s may be tried', (url) => expect(refusalOf(url, strict)).toBeUndefined());

// biome-ignore format: a table of addresses
test.each([
  'http://127.0.0.1/', 'http://127.1:80/', 'http://2130706433/', 'http://0x7f.1/', 'http://10.1.2.3/', 'http://169.254.169.254/',
  'http://[::1]/', 'http://[::ffff:10.0.0.1]/', 'http://[fd00::1]/', 'http://localhost/', 'http://LOCALHOST:9/',
  'http://api.localhost/', 'http://localhost./', 'http://127.0.0.1./',
])('%s is plainly not on the public internet, and allowed where that is', (url) => {
  expect(refusalOf(url, strict)).toBe('must be on the public internet');
  expect(refusalOf(url, { allowPrivateNetwork: true })).toBeUndefined();
});

test.each(['', 'x', 'ftp://hooks.test/', 'http://', 'javascript:alert(1)', `https://hooks.test/${'a'.repeat(2_048)}`])(
  '%s is no address to send to',
  (url) => expect(refusalOf(url, { allowPrivateNetwork: true })).toMatch(/^must be an http or https address/),
);

test.each(['https://user@hooks.test/', 'https://:word@hooks.test/'])('%s carries a secret', (url) =>
  expect(refusalOf(url, strict)).toBe('must not carry a user name or a password'),
);
