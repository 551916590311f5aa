import { describe, expect, test } from 'vitest';
import { isLoopback, isLoopbackHost } from '../../../lib/net/loopback.ts';

describe('isLoopback', () => {
  test.each(['localhost', '127.0.0.1', '127.0.0.0', '127.255.255.255', '127.1.20.199', '[::1]'])(
    '%s is loopback',
    (hostname) => {
      expect(isLoopback(hostname)).toBe(true);
      expect(isLoopback(new URL(`http://${hostname}:8080/path`).hostname)).toBe(true);
    },
  );

  test.each([
    '',
    'localhost.',
    'localhost.evil.example',
    'evil.example',
    'xlocalhost',
    'a.localhost',
    'localhost\n',
    'LOCALHOST',
    '127.0.0.1.',
    '127.0.0.1.evil.example',
    '127.0.0.1\n',
    '127.0.0',
    '127.0.0.1.1',
    '127.0.0.256',
    '127.0.0.999',
    '127.0.0.01',
    '127.000.0.1',
    '127.1',
    '0127.0.0.1',
    '128.0.0.1',
    '0.0.0.0',
    '10.0.0.1',
    '::1',
    '[::]',
    '[::2]',
    '[::1',
    '[::ffff:127.0.0.1]',
    'user@localhost',
    'localhost@evil.example',
    '127.0.0.1:80',
    '127.0.0.٠',
  ])('%j is not loopback', (hostname) => {
    expect(isLoopback(hostname)).toBe(false);
  });

  test.each([
    'http://localhost@evil.example',
    'http://127.0.0.1:80@evil.example',
    'http://localhost%2f@x.example',
  ])('the host of %s is not loopback: what stands before the @ is user information', (url) => {
    expect(isLoopback(new URL(url).hostname)).toBe(false);
  });
});

describe('isLoopbackHost', () => {
  test.each(['localhost', 'LocalHost:8080', '127.0.0.1:1', '127.0.0.1', '[::1]:65535', '[::1]'])(
    'the Host header %s is loopback',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  test.each([
    '',
    ':80',
    'localhost:',
    'localhost:80:80',
    'localhost:123456',
    'localhost.:80',
    'evil.example:80',
    '::1',
  ])('the Host header %j is not loopback', (host) => {
    expect(isLoopbackHost(host)).toBe(false);
  });
});
