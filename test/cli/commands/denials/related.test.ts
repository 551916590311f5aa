import { expect, test } from 'vitest';
import { commandOf, offerText, relatedDenials } from '../../../../cli/commands/denials/related.ts';
import type { JsonObject } from '../../../../cli/json.ts';

const account = '111122223333';
const arn = (resource: string, of = account): JsonObject => ({ arn: `arn:aws:iam::${of}:${resource}` });
const set = (name: string, accountId = account): JsonObject => ({ permissionSet: { accountId, name } });
const map = (principal: JsonObject, username: string, more: JsonObject = {}): JsonObject => ({
  principal,
  username,
  groups: [],
  ...more,
});
const id = 'AIDAEXAMPLE0000000001';
const mappings = [
  map(arn('user/dave'), 'dave', { principalId: id }),
  map(arn('user/renamed'), 'renamed', { principalId: id }),
  map(arn('user/erin'), 'erin'),
  map(arn('role/Sessions'), 'role:{{SessionName}}'),
  map(arn('role/Sessions'), 'role:{{SessionName}}', { scope: 'all' }),
  map(arn('role/Fixed'), 'deployer'),
  map(arn('role/Daves'), 'sso:Dave'),
  map(arn('role/Elsewhere', '444455556666'), 'role:{{SessionName}}'),
  map(set('Admin'), 'sso:{{SessionNameRaw}}'),
  map(set('Other', '444455556666'), 'sso:{{SessionNameRaw}}'),
  map({ accountId: account }, 'acct:{{UserName}}'),
];
const texts = (denial: JsonObject, ids: string[] = []): [string[], string[]] => {
  const { offers, wider } = relatedDenials(denial, ids, mappings);
  return [offers.map(({ denial: offered }) => offerText(offered)), wider.map(offerText)];
};
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;

test('to a denied user are related: other ARNs of the unique id, and sessions of that name in the account', () => {
  expect(texts({ principal: arn('user/dave') }, [id])).toEqual([
    [
      `${role('Daves')}, session dave`,
      `${role('Sessions')}, session dave`,
      `arn:aws:iam::${account}:user/renamed`,
      `permission set Admin in ${account}, session dave`,
    ],
    [role('Daves'), role('Fixed'), role('Sessions'), `permission set Admin in ${account}`],
  ]);
});

test('to a denied unique id are related the ARNs of its entries, and what is of the user whom it names', () => {
  expect(texts({ principalId: id })[0]).toEqual([
    `arn:aws:iam::${account}:user/dave`,
    `arn:aws:iam::${account}:user/renamed`,
  ]);
  expect(texts({ principalId: id, userArn: `arn:aws:iam::${account}:user/dave` })[0]).toHaveLength(5);
});

test('to a denied session are related the sessions of the same name in the account, and not the denied one', () => {
  const [offers] = texts({ principal: set('Admin'), sessionName: 'alice' });
  expect(offers).toEqual([`${role('Sessions')}, session alice`]);
});

test('to a denied role, account or access key no session is related', () => {
  expect(texts({ principal: arn('role/Fixed') })[0]).toEqual([]);
  expect(texts({ principal: { accountId: account } })).toEqual([[], []]);
  expect(texts({ accessKeyId: 'AKIAEXAMPLE000000001' })).toEqual([[], []]);
});

test('the command of an offer can be pasted: each value is one word of the shell', () => {
  const reason = "it's over; rm -rf $HOME";
  expect(commandOf({ principal: arn('role/A'), sessionName: 'a@b' }, reason)).toBe(
    `countersign denials add --arn ${role('A')} --session a@b --reason 'it'\\''s over; rm -rf $HOME'`,
  );
  const gov = { permissionSet: { accountId: account, name: 'A', partition: 'aws-us-gov' } };
  expect(commandOf({ principal: gov }, 'left')).toBe(
    `countersign denials add --permission-set A --account ${account} --partition aws-us-gov --reason left`,
  );
});
