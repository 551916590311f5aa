/** The options that name a principal. */
import { wrongUsage } from '../exit.ts';
import type { Input } from '../input.ts';
import { compact } from '../json.ts';
import type { JsonObject } from '../json.ts';

/** The principal as the admin API spells it; `undefined` if no option names one. */
export function principalOf(input: Input): JsonObject | undefined {
  const arn = input.text('arn');
  const name = input.text('permissionSet');
  const accountId = input.text('account');
  const partition = input.text('partition');
  if (arn !== undefined) {
    if (name !== undefined || accountId !== undefined) {
      throw wrongUsage('Give --arn, or --permission-set with --account, or only --account.');
    }
    return { arn };
  }
  if (name !== undefined) {
    if (accountId === undefined) throw wrongUsage('--permission-set needs --account.');
    return { permissionSet: compact({ accountId, name, partition }) };
  }
  return accountId === undefined ? undefined : compact({ accountId, partition });
}
