/** Names that the admin API knows things by, made of what the user gave. */
import * as v from 'valibot';
import { principal as principalSchema } from '../../../lib/records/fields.ts';
import { mappingId } from '../../../lib/records/mapping.ts';
import { principalKey } from '../../../lib/records/principal.ts';
import { isScope } from '../../../lib/records/scope.ts';

/** The id of the manual mapping of a principal in a scope; `undefined` where one of them is not valid. */
export function mappingIdOf(scope: string, principal: unknown): string | undefined {
  const parsed = v.safeParse(principalSchema, principal);
  if (!parsed.success || !isScope(scope)) return undefined;
  return mappingId({ scope, principalKey: principalKey(parsed.output), owner: 'manual' });
}
