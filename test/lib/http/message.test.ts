import { describe, expect, test } from 'vitest';
import { bearerToken, pathSegments } from '../../../lib/http/message.ts';

describe('pathSegments', () => {
  test.each([
    ['/v1/clusters/a', ['v1', 'clusters', 'a']],
    ['/', ['']],
    ['/a//b', ['a', '', 'b']],
    ['/a%2Fb/%20', ['a/b', ' ']],
    ['/%252F', ['%2F']],
    ['a/b', undefined],
    ['/%', undefined],
    ['/%ff', undefined],
  ])('the segments of the path %s are %j', (path, segments) => {
    expect(pathSegments(path)).toEqual(segments);
  });
});

describe('bearerToken', () => {
  test.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['BEARER   abc', 'abc'],
    ['Bearer', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Bearer a, Bearer b', undefined],
    ['Basic abc', undefined],
    ['xBearer abc', undefined],
    ['', undefined],
  ])('the bearer token of the header %j is %j', (header, token) => {
    expect(bearerToken(new Map([['authorization', header]]))).toBe(token);
    expect(bearerToken(new Map())).toBeUndefined();
  });
});
