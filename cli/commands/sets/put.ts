import { path } from '../../admin-client/client.ts';
import { argument, putRecord } from '../record-commands.ts';
import type { Run } from '../../spec.ts';

export const run: Run = (context) =>
  putRecord(context, {
    kind: 'set',
    route: path`/v1/sets/${argument(context)}`,
    name: `set ${argument(context)}`,
    changes: { description: context.input.text('description') },
  });
