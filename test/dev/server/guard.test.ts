import { describe, expect, test } from 'vitest';
import { refusalOf } from '../../../dev/server/guard.ts';

describe('the guard of the open admin API', () => {
  const json = { 'content-type': 'application/json', 'content-length': '2' };
  test.each([
    ['curl', { host: '127.0.0.1:8080' }, undefined],
    ['curl with JSON', { host: 'localhost:8080', ...json }, undefined],
    ['curl over IPv6', { host: '[::1]:8080', ...json }, undefined],
    [
      'JSON with a charset',
      { host: 'localhost', ...json, 'content-type': 'application/json; charset=utf-8' },
      undefined,
    ],
    ['a web page', { host: '127.0.0.1:8080', origin: 'https://evil.example' }, 403],
    ['a web page of loopback', { host: '127.0.0.1:8080', origin: 'http://localhost:3000' }, 403],
    ['a sandboxed web page', { host: '127.0.0.1:8080', origin: 'null' }, 403],
    ['a rebound host name', { host: 'evil.example:8080' }, 403],
    ['a host name that begins like loopback', { host: '127.0.0.1.evil.example' }, 403],
    ['no Host', {}, 403],
    [
      'a form',
      { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', 'content-length': '2' },
      415,
    ],
    ['plain text', { host: 'localhost', 'content-type': 'text/plain', 'content-length': '2' }, 415],
    ['a body without a type', { host: 'localhost', 'content-length': '2' }, 415],
    ['a chunked body without a type', { host: 'localhost', 'transfer-encoding': 'chunked' }, 415],
  ])('for a request of %s (%o): refusal %s', (_, headers, status) => {
    expect(refusalOf({ headers })?.status).toBe(status);
  });
});
