import { describe, expect, test } from 'vitest';
import { cell, denialText, principalText } from '../../../cli/terminal/cell.ts';

describe('cell', () => {
  test.each([
    [undefined, '-'],
    [null, '-'],
    ['', '-'],
    [[], '-'],
    [['a', 'b'], 'a, b'],
    [3, '3'],
    [{ a: 1 }, '{"a":1}'],
    ['\u001b[31m\n', '\uFFFD[31m\uFFFD'],
  ])('the cell of %j is %j', (value, text) => {
    expect(cell(value)).toBe(text);
  });
});

describe('principalText', () => {
  test.each([
    [{ arn: 'arn:aws:iam::111122223333:user/alice' }, 'arn:aws:iam::111122223333:user/alice'],
    [{ permissionSet: { accountId: '111122223333', name: 'Admin' } }, 'permission set Admin in 111122223333'],
    [{ accountId: '111122223333' }, 'everybody in 111122223333'],
    [undefined, '-'],
  ])('the principal %j reads %s', (principal, text) => {
    expect(principalText(principal)).toBe(text);
  });
});

describe('denialText', () => {
  test.each([
    [{ principalId: 'AIDAEXAMPLE' }, 'AIDAEXAMPLE'],
    [{ accessKeyId: 'AKIAEXAMPLE' }, 'AKIAEXAMPLE'],
    [{ principal: { accountId: '111122223333' } }, 'everybody in 111122223333'],
  ])('the subject of the denial %j reads %s', (denial, text) => {
    expect(denialText(denial)).toBe(text);
  });
});
